"""Cancel a lesson, as its teacher or as the office: one write, and one mail to each family of the course."""

from collections.abc import Iterable
from dataclasses import field
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.domain.refusals import FieldsRefused, NotThere
from chalicelib.domain.teaching.announcements import CourseChanges, LessonCancellation
from chalicelib.domain.teaching.courses import TaughtCourse, Timetable
from chalicelib.domain.teaching.school_years import Slot
from chalicelib.flows.teacher.entry import OwnCourse
from chalicelib.mail.lesson_jobs import LessonCancelled
from chalicelib.mail.outbox import Outbox
from chalicelib.services.family import Visit
from chalicelib.services.lessons import school_years
from chalicelib.services.teaching import TeachingServices as Services
from chalicelib.settings.environment import Site
from chalicelib.values import frozen

AHEAD: Final = timedelta(weeks=8)
_KEY: Final = 16  # digits of a teacher's key


@frozen
class Cancellable:
    """A course with its coming lessons, today's until it ends. `teacher`: their name in the yearly file."""

    site: Site
    teacher: str
    course: TaughtCourse
    lessons: tuple[date, ...]
    changes: CourseChanges

    @property
    def open(self) -> tuple[date, ...]:
        """The lessons that take place, and may be cancelled."""
        return tuple(day for day in self.lessons if day not in self.changes.cancelled)

    @property
    def cancellations(self) -> tuple[tuple[date, LessonCancellation], ...]:
        """The cancelled lessons."""
        return tuple((day, cancellation) for day in self.lessons if (cancellation := self.changes.cancelled.get(day)))

    @property
    def families(self) -> int:
        """The number of families that are notified."""
        return len({pupil.ref.identifier for pupil in self.course.pupils})


@frozen
class CancellationInput:
    """A submitted form: the day, the words for families, and whether it was read again. `by`: the proven author."""

    day: str
    why: str = field(repr=False)
    is_read_again: bool
    by: str = field(repr=False)


def own_cancellable(services: Services, course: OwnCourse, now: datetime) -> Cancellable:
    """Read the lessons of a teacher's course that may be cancelled. If it is lent, only on its days."""
    changes = services.teaching.changes.find(course.site.code, course.key)
    days = (day for day in _lessons(services, course.course, now) if course.share is None or course.share.is_on(day))
    return Cancellable(course.site, course.teacher, course.course, tuple(days), changes)


def office_cancellable(services: Services, site: Site, key: str, teacher: str, now: datetime) -> Cancellable:
    """Read the lessons of a site's course that may be cancelled, by its key. Raises `NotThere`.

    `teacher`: the teacher's key, if the address has it: one read. Else all timetables of the site are read.
    """
    stores = services.teaching
    timetable, changes = services.database.read_together(
        stores.timetables.lookup(site.code, teacher[:_KEY]), stores.changes.lookup(site.code, key)
    )
    candidates: Iterable[Timetable] = (
        (timetable,) if timetable and timetable.course(key) else stores.timetables.all(site.code)
    )
    for candidate in candidates:
        if course := candidate.course(key):
            return Cancellable(site, candidate.teacher, course, tuple(_lessons(services, course, now)), changes)
    raise NotThere


def cancel(visit: Visit[Services], cancellable: Cancellable, form: CancellationInput) -> None:
    """Cancel a lesson. The mails are posted first, and sent once it is written. Raises `FieldsRefused`.

    Idempotent. An earlier cancellation by someone else is kept.
    """
    day = _day(cancellable, form)
    mails, site, key = Outbox(visit.services.post_box), cancellable.site.code, cancellable.course.key
    job = LessonCancelled(
        request=visit.client.request,
        asked_at=visit.now,
        site=site,
        course=key,
        teacher=teacher_key(cancellable.teacher),
        day=day.isoformat(),
    )
    cancellation = LessonCancellation(form.by, visit.now, form.why)
    _, after = visit.services.teaching.changes.revise(
        cancellable.changes,
        lambda changes: changes.with_cancelled(day, cancellation),
        lambda _before, _after: mails.post(job),
    )
    stands = after.cancelled[day]
    if (stands.by, stands.why) != (form.by, form.why):
        raise FieldsRefused({"jour": ("lesson_cancelled_already",)})


def _day(cancellable: Cancellable, form: CancellationInput) -> date:
    day = next((day for day in cancellable.lessons if day.isoformat() == form.day), None)
    errors = {} if day else {"jour": ("lesson_to_cancel_missing",)}
    errors |= {} if form.is_read_again else {"accord": ("cancellation_unread",)}
    if day is None or errors:
        raise FieldsRefused(errors)
    return day


def _lessons(services: Services, course: TaughtCourse, now: datetime) -> Iterable[date]:
    """List the days of a course from now on, without a lesson that is over."""
    day, slot = today(now), Slot.parse(course.slot)
    for lesson in school_years(services.settings.network).lessons(slot, day, day + AHEAD):
        hours = slot.on(lesson)
        if hours is None or now < hours[1]:
            yield lesson
