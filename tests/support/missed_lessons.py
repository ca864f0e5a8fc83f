"""A pupil with three unexcused absences in a test's world, in the rolls and in the office's count."""

from datetime import date, timedelta
from typing import Final

from chalicelib.domain.family.households import PupilRef
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.domain.rolls import RollRef
from tests.support.missing_rolls import LESSON, call_roll, settle_lesson
from tests.support.teaching import BASILE, MESANGE, SITE, VIOLIN, ZELIE, ref_of, stores
from tests.support.world import ROSSIGNOL, World

ZELIES: Final = ref_of(ROSSIGNOL, ZELIE)
BASILES: Final = ref_of(MESANGE, BASILE)
DAYS: Final = (LESSON, LESSON + timedelta(days=7), LESSON + timedelta(days=14))


def roll_of(day: date = LESSON) -> RollRef:
    """Return the key of a lesson's roll."""
    return RollRef(SITE, course_key(VIOLIN), day)


def miss(world: World, pupil: PupilRef = ZELIES, days: tuple[date, ...] = DAYS) -> None:
    """Record a pupil's absences, and count them. Another pupil is also absent in each roll."""
    for day in days:
        call_roll(world, {pupil: "absent", BASILES: "absent"}, day=day)
        lesson = (course_key(VIOLIN), day)
        stores(world).absences.revise_at(
            SITE,
            pupil,
            lambda found, lesson=lesson: found.with_lesson(lesson, "Violon"),  # type: ignore[misc]
        )


def settle_absent(world: World) -> None:
    """Store the courses and a pupil who missed three lessons, on the day after the last one."""
    settle_lesson(world)
    world.now += timedelta(days=14)
    miss(world)
