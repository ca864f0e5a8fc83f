"""Lessons without roll: past ones, unless known not to have taken place."""

from dataclasses import replace
from datetime import date, timedelta

from chalicelib.office.teaching.recall import missing_rolls
from chalicelib.office.teaching.timetables import rebuild
from tests.support.missing_rolls import LESSON, call_roll, cancel, settle_lesson
from tests.support.teaching import BASILE, CELLO, ENSEMBLE, MESANGE, SITE, VIOLIN, settle_pupil, stores
from tests.support.world import World


def found(world: World, first_on: date = LESSON, last_on: date = LESSON) -> list[tuple[str, date]]:
    rolls = missing_rolls(world.services, stores(world).timetables.all(SITE), first_on, last_on)
    return [(roll.course.discipline, roll.day) for roll in rolls]


def test_lessons_that_nobody_called_are_found_by_day_and_hour(world: World) -> None:
    settle_lesson(world)

    friday = LESSON + timedelta(days=2)

    assert found(world, LESSON, friday) == [
        (VIOLIN.discipline, LESSON),
        (CELLO.discipline, LESSON),
        (ENSEMBLE.discipline, friday),
    ]


def test_a_lesson_called_cancelled_or_of_no_weekday_is_none(world: World) -> None:
    settle_lesson(world)
    settle_pupil(world, MESANGE, replace(BASILE, courses=(replace(VIOLIN, slot=""),)))
    rebuild(world.services, (SITE,), world.now)
    call_roll(world)
    cancel(world, CELLO)

    assert found(world) == []


def test_in_holidays_nothing_is_forgotten(world: World) -> None:
    settle_lesson(world)

    assert found(world, date(2026, 10, 21), date(2026, 10, 30)) == []  # « Vacances de la Toussaint »
