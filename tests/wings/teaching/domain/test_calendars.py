"""Lessons of a year in a calendar, and the lifetime of its URL."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.account.keys import Key, KeyRing
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.households import PupilRef
from chalicelib.wings.teaching.domain.announcements import CourseChanges, LessonCancellation
from chalicelib.wings.teaching.domain.calendars import (
    CalendarCourse,
    PupilCalendar,
    is_same,
    planned_lessons,
    read_link,
)
from chalicelib.wings.teaching.domain.school_years import Closure, SchoolYear

NOW = datetime(2026, 11, 4, 13, 0, tzinfo=UTC)
OLD, NEW, OTHER = Key(1, b"1" * 32), Key(2, b"2" * 32), Key(1, b"0" * 32)
PSEUDONYMS = Pseudonyms("a key of the tests, long enough")
YEAR = SchoolYear(date(2026, 9, 7), date(2027, 7, 3), (Closure("Noël", date(2026, 12, 19), date(2027, 1, 3)),))
VIOLIN = CalendarCourse("evry-xenakis", "a1", "Violon", "mercredi 14 h 30 - 15 h 15", "salle Lully", "Mme Pinson")


def test_a_course_lent_is_there_on_its_days_only_and_one_without_an_hour_on_none() -> None:
    course = CalendarCourse(
        *("evry-xenakis", "a1", "Violon", "mercredi 14 h 30", "", "Mme Pinson"), date(2026, 9, 16), date(2026, 9, 23)
    )
    unknown = CalendarCourse("evry-xenakis", "b2", "Chorale", "mercredi", "", "M. Choucas")

    assert [lesson.day.day for lesson in planned_lessons([YEAR], [course, unknown], {})] == [16, 23]


def test_what_is_cancelled_stays_and_says_since_when() -> None:
    changes = CourseChanges("evry-xenakis", "a1", {date(2026, 9, 16): LessonCancellation("someone", NOW)})

    lessons = planned_lessons([YEAR], [VIOLIN], {("evry-xenakis", "a1"): changes})

    assert {lesson.day: lesson.changed_at for lesson in lessons if lesson.is_cancelled} == {date(2026, 9, 16): NOW}


@pytest.mark.parametrize("link", ["", "a", "é" * 8, "a" * 36 + "-1-" + "c" * 24, "a." * 3])
def test_what_was_not_signed_here_is_no_link(link: str) -> None:
    assert read_link(KeyRing((OLD,)), link) is None


def test_a_link_names_nobody_and_is_read_under_former_keys_but_not_by_another_deployment() -> None:
    calendar = PupilCalendar("evry-xenakis", PupilRef("xen1", "a1b2")).renew("", NOW)

    link = calendar.link(KeyRing((OLD,)), PSEUDONYMS)

    assert "xen" not in link
    assert read_link(KeyRing((NEW, OLD)), link) == (calendar.name(PSEUDONYMS), calendar.nonce)
    assert read_link(KeyRing((NEW,)), link) is None
    assert read_link(KeyRing((OTHER,)), link) is None
    assert read_link(KeyRing((OLD,)), link.replace(calendar.nonce, "0" * 16)) is None


def test_without_an_address_none_is_the_same() -> None:
    assert not is_same("", "")
    assert is_same("a", "a")


@pytest.mark.parametrize(
    ("given_on", "last_moment"),
    [(date(2026, 11, 4), 2027), (date(2027, 5, 31), 2027), (date(2027, 6, 1), 2028), (date(2026, 9, 1), 2027)],
)
def test_an_address_serves_until_its_school_year_is_over(given_on: date, last_moment: int) -> None:
    at = datetime(given_on.year, given_on.month, given_on.day, 12, tzinfo=UTC)
    calendar = PupilCalendar("evry-xenakis", PupilRef("xen1", "a1")).renew("", at)
    end = datetime(last_moment, 9, 1, tzinfo=UTC)

    assert calendar.is_open(end - timedelta(hours=3))
    assert not calendar.is_open(end)


def test_a_renewed_address_is_another_and_one_taken_away_shows_nothing() -> None:
    calendar = PupilCalendar("evry-xenakis", PupilRef("xen1", "a1"))
    first = calendar.renew("Mme Rossignol", NOW)

    assert first.renew("", NOW).nonce != first.nonce
    assert not first.revoke().is_open(NOW)
    assert calendar.revoke() is calendar


def test_an_address_older_than_the_last_freeze_shows_nothing() -> None:
    calendar = PupilCalendar("evry-xenakis", PupilRef("xen1", "a1")).renew("", NOW)

    assert not calendar.is_open(NOW, [NOW + timedelta(hours=1)])
    assert calendar.is_open(NOW, [NOW - timedelta(hours=1)])
