"""A pupil who missed three lessons without a word, in a test's world, as the roll and the office's count have it."""

from datetime import date, timedelta
from typing import Final

from chalicelib.domain.teaching.courses import PupilRef, course_key
from chalicelib.domain.teaching.rolls import RollRef
from tests.support.missing_rolls import LESSON, call_roll, settle_lesson
from tests.support.teaching import BASILE, MESANGE, SITE, VIOLIN, ZELIE, ref_of, stores
from tests.support.world import ROSSIGNOL, World

ZELIES: Final = ref_of(ROSSIGNOL, ZELIE)
BASILES: Final = ref_of(MESANGE, BASILE)
DAYS: Final = (LESSON, LESSON + timedelta(days=7), LESSON + timedelta(days=14))


def roll_of(day: date = LESSON) -> RollRef:
    """Name the roll of a lesson."""
    return RollRef(SITE, course_key(VIOLIN), day)


def miss(world: World, pupil: PupilRef = ZELIES, days: tuple[date, ...] = DAYS) -> None:
    """Have a pupil be absent, and counted so; another pupil with it in the first roll."""
    for day in days:
        call_roll(world, {pupil: "absent", BASILES: "absent"}, day=day)
        lesson = (course_key(VIOLIN), day)
        stores(world).unexcused.revise(
            SITE,
            pupil,
            lambda found, lesson=lesson: found.with_lesson(lesson, "Violon"),  # type: ignore[misc]
        )


def settle_absent(world: World) -> None:
    """Settle the courses, and a pupil who missed three lessons; it is the day after the last one."""
    settle_lesson(world)
    world.now += timedelta(days=14)
    miss(world)
