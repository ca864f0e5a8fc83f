"""A teacher's calendar: its secret address, the lessons it serves without pupils, the refusals of other requests."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.wings.teaching.domain.announcements import LessonCancellation
from chalicelib.wings.teaching.domain.courses import course_key
from tests.support.calendars import CalendarPage, hours, of_teacher, on, opened, texts_of
from tests.support.staff import TEACHER, read_member
from tests.support.staff import stores as staff_stores
from tests.support.teaching import CELLO, SITE, VIOLIN, lend, link, stores
from tests.support.world import Visitor, World


@pytest.fixture
def owner(world: World, visitor: Visitor) -> CalendarPage:
    return of_teacher(world, visitor)


def test_a_reader_finds_the_own_lessons_at_the_right_hours_and_no_pupil(owner: CalendarPage) -> None:
    path = owner.made()
    owner.visitor.show(None, "clef-bureau")

    calendar = opened(owner.visitor, path)

    for day in (date(2026, 10, 14), date(2026, 11, 4), date(2027, 3, 31)):
        (lesson,) = on(calendar, day)
        assert (texts_of(lesson)["SUMMARY"], f"{hours(lesson)[0]:%H:%M}") == ("Violon", "14:30")
    assert on(calendar, date(2026, 12, 23)) == []
    for name in ("Zélie", "Rossignol", "Basile", "Mésange", "xen1"):
        assert name not in calendar.to_ical().decode()


def test_a_course_lent_is_there_for_its_days_and_says_whose_it_is(world: World, owner: CalendarPage) -> None:
    lend(world, CELLO, TEACHER, date(2026, 11, 16), date(2026, 11, 27))

    calendar = opened(owner.visitor, owner.made())

    assert sorted(texts_of(event)["SUMMARY"] for event in on(calendar, date(2026, 11, 18))) == ["Violon", "Violoncelle"]
    (lesson,) = (event for event in on(calendar, date(2026, 11, 25)) if texts_of(event)["SUMMARY"] == "Violoncelle")
    assert texts_of(lesson)["DESCRIPTION"] == "Remplacement de M. Choucas"
    assert [texts_of(event)["SUMMARY"] for event in on(calendar, date(2026, 12, 2))] == ["Violon"]


def test_a_cancelled_lesson_says_so(world: World, owner: CalendarPage) -> None:
    day, cancellation = date(2026, 11, 18), LessonCancellation("Gaspard Roitelet", world.now)
    stores(world).changes.revise_at(SITE, course_key(VIOLIN), lambda changes: changes.with_cancelled(day, cancellation))

    (lesson,) = on(opened(owner.visitor, owner.made()), day)

    assert (texts_of(lesson)["SUMMARY"], texts_of(lesson)["STATUS"]) == (
        "Annulé\N{NO-BREAK SPACE}: Violon",
        "CANCELLED",
    )


def test_an_old_page_changes_nothing_new_and_a_link_holds_nothing_back(world: World, owner: CalendarPage) -> None:
    page = owner.text
    link(world, "M. Geai")
    owner.act("create", page)
    first = owner.address
    assert first

    for action in ("create", "renew", "revoke"):
        owner.act(action, page)

    assert owner.address == first


def test_who_is_a_teacher_no_more_shows_nothing(world: World, owner: CalendarPage) -> None:
    path, member = owner.made(), read_member(world, TEACHER)

    for state in (replace(member, disabled=True), replace(member, role="reader")):
        staff_stores(world).members.change(read_member(world, TEACHER), state)
        assert owner.visitor.get(path).status_code == 404


def test_an_address_is_read_in_three_round_trips(world: World, owner: CalendarPage) -> None:
    path = owner.made()
    world.aws.calls.clear()

    owner.visitor.get(path)

    assert world.aws.calls == 3 * ["BatchGetItem"]
