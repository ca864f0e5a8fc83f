"""Cancelled lessons of a course: added concurrently, each reported once."""

from datetime import date

from chalicelib.wings.teaching.domain.announcements import LessonCancellation
from tests.support.staff import in_parallel
from tests.support.teaching import SITE, stores
from tests.support.world import World

COURSE = "0123456789abcdef"


def test_of_lessons_cancelled_at_once_none_is_lost(world: World) -> None:
    changes = stores(world).changes

    def cancel(number: int) -> None:
        why = LessonCancellation(f"M. {number}", world.now, "Malade")
        changes.revise_at(SITE, COURSE, lambda before: before.with_cancelled(date(2026, 11, 4 + number), why))

    in_parallel(4, cancel)

    course_changes = changes.find(SITE, COURSE)
    assert sorted(day.day for day in course_changes.cancelled) == [4, 5, 6, 7]
    assert course_changes.cancelled[date(2026, 11, 4)] == LessonCancellation("M. 0", world.now, "Malade")
