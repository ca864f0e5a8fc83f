"""Last Wednesday's lessons without a roll, in a test's world, and how to call a roll or cancel a lesson."""

from datetime import date, datetime, timedelta

from chalicelib.domain.family.households import Course, PupilRef
from chalicelib.wings.teaching.domain.announcements import LessonCancellation, LessonChange
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.domain.rolls import Mark, RollRef
from chalicelib.wings.teaching.office.recall import post_reminders
from tests.support.function_policy import held_to_the_policy
from tests.support.staff import TEACHER, member
from tests.support.teaching import SITE, VIOLIN, WEDNESDAY, link, settle_courses, stores
from tests.support.world import World

LESSON = WEDNESDAY.date()


def settle_lesson(world: World) -> None:
    """Store the courses and a linked teacher, on the morning after the lesson."""
    settle_courses(world, WEDNESDAY)
    member(world, TEACHER)
    link(world)
    world.now = datetime.combine(LESSON + timedelta(days=1), WEDNESDAY.timetz()).replace(hour=5, minute=0)


def call_roll(
    world: World, marks: dict[PupilRef, Mark] | None = None, course: Course = VIOLIN, day: date = LESSON
) -> None:
    """Call the roll of a lesson."""
    ref = RollRef(SITE, course_key(course), day)
    stores(world).rolls.revise_at(ref, lambda roll: roll.save(marks or {}, "Gaspard Roitelet", world.now))


def cancel(world: World, course: Course = VIOLIN, day: date = LESSON) -> None:
    """Cancel a lesson."""
    why = LessonCancellation("Mme Houx", world.now)
    stores(world).changes.revise_at(SITE, course_key(course), lambda changes: changes.with_cancelled(day, why))


def recall_rolls(world: World) -> None:
    """Run the morning's job of the site under its own policy."""
    with held_to_the_policy("rolls", world.aws, world.resources):
        post_reminders(world.services, SITE, "morning", world.now.date(), world.now)


def move(world: World, begins: datetime, course: Course = VIOLIN, day: date = LESSON) -> None:
    """Move a lesson, by its usual day, to another hour."""
    change = LessonChange("Mme Houx", world.now, begins=begins, ends=begins + timedelta(minutes=45))
    stores(world).changes.revise_at(SITE, course_key(course), lambda changes: changes.with_change(day, change))
