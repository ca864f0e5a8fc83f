"""Lessons of a teacher: the state of each roll, cancellations, and announced absences."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from chalicelib.domain.teaching.announcements import LessonCancellation, PupilAbsences
from chalicelib.domain.teaching.rolls import Roll, RollRef
from chalicelib.domain.teaching.school_years import SchoolYear, today
from chalicelib.flows.teacher.entry import OwnCourse
from chalicelib.infra.dynamo.database import READ_AT_ONCE, Lookup
from chalicelib.services.family import Services
from chalicelib.services.teaching import TeachingStores, teaching_stores
from chalicelib.values import frozen

Meeting = tuple[OwnCourse, date]
# « missed »: without a roll, which may still be taken. « closed »: it may not. « correctable »: taken, and still open.
LessonState = Literal["to_come", "to_take", "taken", "correctable", "missed", "closed", "cancelled"]


@frozen
class TaughtLesson:
    """One lesson of a course. `announced`: the number of announced absences, None if they were not read."""

    own: OwnCourse
    day: date
    state: LessonState
    cancellation: LessonCancellation | None = None
    announced: int | None = None

    @property
    def times(self) -> tuple[datetime, datetime] | None:
        """Its begin and end. None if the file does not have them."""
        return self.own.slot.on(self.day)

    @property
    def has_roll(self) -> bool:
        """Whether there is a roll to take or to read."""
        return self.state not in {"to_come", "closed", "cancelled"}


def meetings(own: OwnCourse, year: SchoolYear, first_on: date, last_on: date) -> list[Meeting]:
    """List a course's meetings from one day to another, both included. A lent course's, while it is lent."""
    return [
        (own, day) for day in year.lessons(own.slot, first_on, last_on) if own.share is None or own.share.is_on(day)
    ]


def read_lessons(
    services: Services, met: Sequence[Meeting], now: datetime, also: Iterable[Lookup[Any]] = ()
) -> tuple[tuple[TaughtLesson, ...], tuple[Any, ...]]:
    """Read the states of lessons, together with a page's further lookups, in one round trip.

    Announced absences are read pupil by pupil for the soonest lessons, as far as that round trip has room.
    """
    day, more = today(now), tuple(also)
    wanted = _lookups(teaching_stores(services), met, day, READ_AT_ONCE - len(more))
    read = services.database.read_together(*more, *wanted.values())
    items = dict(zip(wanted, read[len(more) :], strict=True))
    return tuple(_lesson(meeting, items, now) for meeting in met), read[: len(more)]


def _lookups(stores: TeachingStores, met: Sequence[Meeting], day: date, room: int) -> Mapping[Hashable, Lookup[Any]]:
    wanted: dict[Hashable, Lookup[Any]] = {}
    for own, on in met:
        wanted[own.site.code, own.key] = stores.changes.lookup(own.site.code, own.key)
        if on <= day:
            ref = RollRef(own.site.code, own.key, on)
            wanted[ref] = stores.rolls.lookup(ref)
    for own, on in sorted(met, key=lambda meeting: meeting[1]):
        site = own.site.code
        pupils: dict[Hashable, Lookup[Any]] = {
            (site, one.ref): stores.announcements.lookup(site, one.ref) for one in own.course.pupils
        }
        if on >= day and len(wanted | pupils) <= room:
            wanted |= pupils
    return wanted


def _lesson(meeting: Meeting, items: Mapping[Hashable, Any], now: datetime) -> TaughtLesson:
    own, on = meeting
    site = own.site.code
    if cancellation := items[site, own.key].cancelled.get(on):
        return TaughtLesson(own, on, "cancelled", cancellation)
    absences: list[PupilAbsences | None] = [items.get((site, pupil.ref)) for pupil in own.course.pupils]
    is_read = on >= today(now) and None not in absences
    announced = sum(one.is_announced(own.key, on) for one in absences if one) if is_read else None
    return TaughtLesson(own, on, _state(items.get(RollRef(site, own.key, on)), on, now), None, announced)


def _state(roll: Roll | None, on: date, now: datetime) -> LessonState:
    if roll is None:
        return "to_come"
    if roll.taken_at is not None:
        return "correctable" if roll.is_open(now) else "taken"
    if on == today(now):
        return "to_take"
    return "missed" if roll.is_open(now) else "closed"
