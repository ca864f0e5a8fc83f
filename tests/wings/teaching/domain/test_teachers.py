"""Teachers: linked names, and courses lent for a while."""

from datetime import date

from chalicelib.wings.teaching.domain.teachers import Link, Share, Teacher
from tests.support.teaching import OTHER, PINSON, SITE

FIRST, LAST = date(2026, 11, 2), date(2026, 11, 13)
SHARE = Share(SITE, OTHER, "0123456789abcdef", FIRST, LAST)


def test_a_name_is_linked_once_however_it_is_spelt() -> None:
    teacher = Teacher("pinson@example.org").with_link(Link(SITE, PINSON))

    assert teacher.with_link(Link(SITE, "MME PINSON")) is teacher
    assert teacher.without_link(Link(SITE, "mme pinson")).links == ()
    assert teacher.without_link(Link(SITE, OTHER)) is teacher


def test_a_lent_course_is_looked_into_on_its_days_only() -> None:
    teacher = Teacher("pinson@example.org").with_link(Link(SITE, PINSON)).with_share(SHARE)
    key, share_key = Link(SITE, PINSON).key, SHARE.key

    assert [teacher.timetables(day) for day in (date(2026, 11, 1), FIRST, LAST, date(2026, 11, 14))] == [
        (key,),
        (key, share_key),
        (key, share_key),
        (key,),
    ]
    assert (teacher.owns(*key), teacher.owns(*share_key)) == (True, False)
    assert teacher.without_share(SHARE).shares == ()
    longer = Share(SITE, OTHER, SHARE.course, FIRST, date(2026, 11, 20))
    assert teacher.with_share(longer).shares == (longer,)
