"""A roll as a teacher saves it, its job, and the resulting mails."""

from datetime import date, timedelta
from typing import Final

from chalicelib.domain.family.households import PupilRef
from chalicelib.wings.teaching.domain.announcements import AnnouncedAbsence, LessonCancellation
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.domain.rolls import Mark, RollRef
from chalicelib.wings.teaching.mail import AbsencesDue
from tests.support.teaching import BASILE, MESANGE, SITE, VIOLIN, WEDNESDAY, ZELIE, ref_of, settle_courses, stores
from tests.support.world import ROSSIGNOL, World

ZELIES: Final = ref_of(ROSSIGNOL, ZELIE)
BASILES: Final = ref_of(MESANGE, BASILE)
DAY: Final = date(2026, 11, 4)
LESSON: Final = (course_key(VIOLIN), DAY)
REF: Final = RollRef(SITE, *LESSON)
HALF_AN_HOUR: Final = timedelta(minutes=30)
MAILBOXES: Final = ["autre.rossignol@example.org", "rossignol@example.org"]


def begin(world: World) -> None:
    """Set the clock to five minutes after the start of Zélie Rossignol's and Basile Mésange's violin lesson."""
    settle_courses(world)
    world.now = WEDNESDAY + timedelta(minutes=35)


def due(world: World, day: date = DAY) -> AbsencesDue:
    """Make the job of a roll saved now."""
    return AbsencesDue(
        request="request-1",
        asked_at=world.now,
        site=SITE,
        course=REF.course,
        day=day.isoformat(),
        due_at=world.now + HALF_AN_HOUR,
    )


def call(world: World, marks: dict[PupilRef, Mark]) -> AbsencesDue:
    """Save a roll now, and post its job, due half an hour later."""
    job = due(world)
    world.services.post_box.post(job)
    stores(world).rolls.revise_at(REF, lambda roll: roll.save(marks, "Mme Roitelet", world.now))
    return job


def announce(world: World, pupil: PupilRef) -> None:
    """Announce a pupil's absence as their family."""
    absence = AnnouncedAbsence(world.now, "Mme Rossignol")
    stores(world).announcements.revise_at(SITE, pupil, lambda before: before.with_announced(LESSON, absence))


def cancel(world: World) -> None:
    """Cancel the lesson."""
    cancellation = LessonCancellation("Mme Roitelet", world.now, "Professeur absent")
    stores(world).changes.revise_at(SITE, REF.course, lambda before: before.with_cancelled(DAY, cancellation))


def deliver(world: World, times: int = 6) -> None:
    """Empty the queues repeatedly, since jobs may post others."""
    for _ in range(times):
        world.deliver()
