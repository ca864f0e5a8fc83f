"""A teacher's calendar: its secret address, the lessons it serves without pupils, the refusals of other requests."""

import re
from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.teaching.announcements import LessonCancellation
from chalicelib.domain.teaching.courses import course_key
from tests.support.calendars import hours, on, opened, texts_of
from tests.support.staff import TEACHER, read_member
from tests.support.staff import stores as staff_stores
from tests.support.teaching import CELLO, DOOR, SITE, VIOLIN, enter_as_teacher, lend, link, stores
from tests.support.world import Visitor, World

PAGE = f"{DOOR}/agenda"
ADDRESS = re.compile(r'value="http://[^/"]+(/extranet/enseignant/agenda/[\w-]+)"')


@pytest.fixture
def teacher(world: World, visitor: Visitor) -> Visitor:
    """Log in a teacher of two courses."""
    enter_as_teacher(world, visitor)
    return visitor


def act(teacher: Visitor, action: str, page: str | None = None) -> None:
    """Press a button of the current page, or of an earlier one."""
    seen = re.search(r'name="lien" value="([\w-]*)"', page or teacher.get(PAGE).text)
    assert seen
    answer = teacher.post(PAGE, {"action": action, "lien": seen[1]})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)


def address(teacher: Visitor) -> str:
    """Read the address on the page. Empty without one."""
    there = ADDRESS.search(teacher.get(PAGE).text)
    return there[1] if there else ""


def made(teacher: Visitor) -> str:
    """Create an address."""
    act(teacher, "create")
    return address(teacher)


def test_a_reader_finds_the_own_lessons_at_the_right_hours_and_no_pupil(teacher: Visitor) -> None:
    path = made(teacher)
    teacher.show(None, "clef-bureau")

    calendar = opened(teacher, path)

    for day in (date(2026, 10, 14), date(2026, 11, 4), date(2027, 3, 31)):
        (lesson,) = on(calendar, day)
        assert (texts_of(lesson)["SUMMARY"], f"{hours(lesson)[0]:%H:%M}") == ("Violon", "14:30")
    assert on(calendar, date(2026, 12, 23)) == []
    for name in ("Zélie", "Rossignol", "Basile", "Mésange", "xen1"):
        assert name not in calendar.to_ical().decode()


def test_a_course_lent_is_there_for_its_days_and_says_whose_it_is(world: World, teacher: Visitor) -> None:
    lend(world, CELLO, TEACHER, date(2026, 11, 16), date(2026, 11, 27))

    calendar = opened(teacher, made(teacher))

    assert sorted(texts_of(event)["SUMMARY"] for event in on(calendar, date(2026, 11, 18))) == ["Violon", "Violoncelle"]
    (lent,) = (event for event in on(calendar, date(2026, 11, 25)) if texts_of(event)["SUMMARY"] == "Violoncelle")
    assert texts_of(lent)["DESCRIPTION"] == "Remplacement de M. Choucas"
    assert [texts_of(event)["SUMMARY"] for event in on(calendar, date(2026, 12, 2))] == ["Violon"]


def test_a_cancelled_lesson_says_so(world: World, teacher: Visitor) -> None:
    day, cancellation = date(2026, 11, 18), LessonCancellation("Gaspard Roitelet", world.now)
    stores(world).changes.revise_at(SITE, course_key(VIOLIN), lambda changes: changes.with_cancelled(day, cancellation))

    (lesson,) = on(opened(teacher, made(teacher)), day)

    assert (texts_of(lesson)["SUMMARY"], texts_of(lesson)["STATUS"]) == (
        "Annulé\N{NO-BREAK SPACE}: Violon",
        "CANCELLED",
    )


def test_an_address_renewed_or_taken_away_shows_nothing_and_the_new_one_does(teacher: Visitor) -> None:
    first = made(teacher)
    act(teacher, "renew")
    second = address(teacher)
    assert [teacher.get(path).status_code for path in (first, second)] == [404, 200]

    act(teacher, "revoke")

    assert (address(teacher), teacher.get(second).status_code) == ("", 404)


def test_a_page_of_before_changes_nothing_made_since_and_a_link_meanwhile_keeps_nothing_back(
    world: World, teacher: Visitor
) -> None:
    page = teacher.get(PAGE).text
    link(world, "M. Geai")
    act(teacher, "create", page)
    first = address(teacher)
    assert first

    for action in ("create", "renew", "revoke"):
        act(teacher, action, page)

    assert address(teacher) == first


def test_who_is_a_teacher_no_more_shows_nothing(world: World, teacher: Visitor) -> None:
    path, member = made(teacher), read_member(world, TEACHER)

    for changed in (replace(member, disabled=True), replace(member, role="reader")):
        staff_stores(world).members.change(read_member(world, TEACHER), changed)
        assert teacher.get(path).status_code == 404


def test_an_unknown_malformed_or_foreign_address_is_the_same_404(teacher: Visitor) -> None:
    beginning, _, link = made(teacher).rpartition("/")
    wrong = ("a", "a" * 64, link[:-2], f"{link}AA", link.swapcase())
    answers = [teacher.get(f"{beginning}/{one}") for one in wrong]

    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}


@pytest.mark.parametrize("action", ["", "other"])
def test_no_other_act_is_there(teacher: Visitor, action: str) -> None:
    assert teacher.post(PAGE, {"action": action, "lien": ""}).status_code == 404


def test_an_address_is_read_in_three_round_trips(world: World, teacher: Visitor) -> None:
    path = made(teacher)
    world.aws.calls.clear()

    teacher.get(path)

    assert world.aws.calls == 3 * ["BatchGetItem"]
