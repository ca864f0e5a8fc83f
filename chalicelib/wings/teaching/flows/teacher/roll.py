"""The roll of a lesson: its page, and its saving, for which a job is posted first."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.refusals import NotThere, Unavailable, WriteConflict
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.announcements import AnnouncedAbsence, LessonCancellation
from chalicelib.wings.teaching.domain.rolls import LATE_BY, Mark, Roll, RollClosed, RollMoved, RollRef
from chalicelib.wings.teaching.flows.teacher.courses import FAR
from chalicelib.wings.teaching.flows.teacher.entry import OwnCourse, TeacherContext
from chalicelib.wings.teaching.mail import MAX_DELAY, AbsencesDue
from chalicelib.wings.teaching.services.lessons import school_years
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services

State = Literal["open", "cancelled", "to_come", "past", "closed"]  # « closed »: taken, and its day is over


@frozen
class RollLesson:
    """A lesson with its roll, its pupils' announced absences, and the reason if no roll may be saved."""

    course: OwnCourse
    roll: Roll
    state: State
    cancellation: LessonCancellation | None
    is_usual: bool  # whether the course meets on this day, also true if the file has no day
    announcements: Mapping[PupilRef, AnnouncedAbsence] = field(repr=False)

    @property
    def leavers(self) -> tuple[PupilRef, ...]:
        """List the marked pupils that have left the course."""
        return tuple(ref for ref in self.roll.marks if self.course.course.pupil(ref) is None)

    def mark_of(self, pupil: PupilRef) -> Mark | None:
        """Find the mark of a pupil. Before the roll is taken, an announced absence is excused."""
        if self.roll.taken_at is None:
            return "excused" if pupil in self.announcements else None
        return self.roll.mark_of(pupil)

    def mails_ahead(self, after: timedelta, now: datetime) -> Iterator[tuple[datetime, PupilRef]]:
        """List the absence mails still to send, each with its time and pupil."""
        for pupil in self.roll.absent - self.announcements.keys():
            due_at = self.roll.marks[pupil].since + after
            if due_at > now:
                yield due_at, pupil


@frozen
class SentRoll:
    """A submitted roll: the mark of each pupil, None if present. `version`: the one that the page showed."""

    marks: Mapping[PupilRef, Mark | None] = field(repr=False)
    version: str
    request: str  # its id
    at: datetime


def find_lesson(services: Services, course: OwnCourse, day: date, now: datetime) -> RollLesson:
    """Find a lesson of a course, own or lent for this day. Raises `NotThere`, also for a day too far away.

    One round trip per hundred items: the roll, the course's changes, and the announced absences of each pupil.
    """
    if (course.share and not course.share.is_on(day)) or abs(day - today(now)) > FAR:
        raise NotThere
    stores, site = services.teaching, course.site.code
    lookups: tuple[Lookup[Any], ...] = (
        stores.rolls.lookup(RollRef(site, course.key, day)),
        stores.changes.lookup(site, course.key),
        *(stores.announcements.lookup(site, pupil.ref) for pupil in course.course.pupils),
    )
    roll, changes, *absences = services.database.read_together(*lookups)
    notes = {one.pupil: one.announced[course.key, day] for one in absences if one.is_announced(course.key, day)}
    cancellation = changes.cancelled.get(day)
    meets = school_years(services.settings.network).lessons(course.slot, day, day)
    is_usual = course.slot.weekday is None or day in changes.days(meets, day, day)
    state = _state(roll, now) if changes.takes_place(day) else "cancelled"
    return RollLesson(course, roll, state, cancellation, is_usual, notes)


def save_roll(services: Services, teacher: TeacherContext, lesson: RollLesson, form: SentRoll) -> None:
    """Save a roll in one write. Idempotent.

    The marks of pupils who left the course are kept. If an absence begins or is taken back, its job is posted first.
    Raises `RollClosed`, `Unavailable`, or `RollMoved` if the roll changed since the page was shown.
    """
    for _ in range(RACES):
        with suppress(WriteConflict):
            return _save(services, teacher, lesson, form)
        lesson = find_lesson(services, lesson.course, lesson.roll.ref.day, form.at)
    raise Unavailable("the roll keeps changing")


def _save(services: Services, teacher: TeacherContext, lesson: RollLesson, form: SentRoll) -> None:
    """Save a roll as read. Raises `RollClosed`, `RollMoved`, `WriteConflict`."""
    roll = lesson.roll
    marks = {ref: roll.marks[ref].mark for ref in lesson.leavers}
    marks |= {ref: mark for ref, mark in form.marks.items() if mark}
    if roll.says(marks):
        return
    if lesson.state != "open":
        raise RollClosed
    if roll.version != form.version:
        raise RollMoved
    after = roll.save(marks, teacher.staff.member.known_as, form.at)
    if after.absent != roll.absent:
        _post(services, after, form)
    services.teaching.rolls.change(roll, after)


def next_course(teacher: TeacherContext, lesson: RollLesson) -> OwnCourse | None:
    """Find the course after this one on the lesson's day."""
    weekday = lesson.roll.ref.day.weekday()
    of_the_day = iter([own for own in teacher.courses if own.slot.weekday == weekday])
    _ = any((own.site, own.key) == (lesson.course.site, lesson.course.key) for own in of_the_day)  # up to this one
    return next(of_the_day, None)


def _post(services: Services, roll: Roll, form: SentRoll) -> None:
    after = timedelta(minutes=services.settings.network.teaching.absence_minutes)
    services.post_box.post(
        AbsencesDue(
            request=form.request,
            asked_at=form.at,
            site=roll.ref.site,
            course=roll.ref.course,
            day=roll.ref.day.isoformat(),
            due_at=form.at + after,
        ),
        delay=min(after, MAX_DELAY),
    )


def _state(roll: Roll, now: datetime) -> State:
    if roll.is_open(now):
        return "open"
    late_by = today(now) - roll.ref.day
    return "to_come" if late_by < timedelta(0) else "past" if late_by > LATE_BY else "closed"
