"""Timetables: stored, found by teacher, and replaced by newer ones only."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.teaching.courses import Timetable, teacher_key
from tests.support.teaching import PINSON, SITE, settle_courses, stores
from tests.support.world import World


def timetable_of(world: World) -> Timetable:
    there = stores(world).timetables.find(SITE, teacher_key(PINSON))
    assert there is not None
    return there


def test_a_timetable_comes_back_as_it_was_stored(world: World) -> None:
    settle_courses(world)
    timetable = timetable_of(world)

    stores(world).timetables.put(timetable)

    assert timetable_of(world) == timetable
    assert [one.teacher for one in stores(world).timetables.all(SITE)].count(PINSON) == 1


def test_an_older_timetable_does_not_replace_a_newer_one(world: World) -> None:
    settle_courses(world)
    newer = timetable_of(world)

    stores(world).timetables.put(replace(newer, courses=(), built_at=newer.built_at - timedelta(hours=1)))
    stores(world).timetables.remove(replace(newer, built_at=newer.built_at - timedelta(hours=1)))

    assert timetable_of(world) == newer
