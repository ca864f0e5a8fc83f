"""Absences announced by a family: one pupil's, by lesson."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date, datetime

from chalicelib.domain.enrolment.periods import name_of_year, today, year_ends_at
from chalicelib.domain.family.households import PupilRef
from chalicelib.values import Stored, frozen
from chalicelib.wings.teaching.domain.school_years import Slot


@frozen
class LessonCancellation:
    """A cancelled lesson. `why`: the reason for families, if any. `act`: the form, perhaps of several lessons."""

    by: str = field(repr=False)
    at: datetime
    why: str = field(default="", repr=False)
    act: str = ""

    @property
    def name(self) -> str:
        """The name of its act. An earlier version stored none."""
        return self.act or self.at.isoformat()


@frozen
class LessonChange:
    """A lesson that takes place: as usual again, at other hours, or given by another teacher, by its usual day.

    `takes_back`: the act on it before. `revision`: of the lesson.
    """

    by: str = field(repr=False)
    at: datetime
    act: str = ""
    takes_back: str = ""
    revision: int = 0
    why: str = field(default="", repr=False)
    begins: datetime | None = None
    ends: datetime | None = None
    teacher: str = ""

    @property
    def is_usual(self) -> bool:
        """Whether it takes place as usual again."""
        return not (self.begins or self.teacher)

    @property
    def day(self) -> date | None:
        """The day that it is moved to, perhaps the same. None if it is not."""
        return today(self.begins) if self.begins else None


@frozen
class CourseChanges(Stored):
    """The cancelled lessons of a course at a site, by its key, and the otherwise changed ones."""

    site: str
    course: str
    cancelled: Mapping[date, LessonCancellation] = field(default_factory=dict)
    changes: Mapping[date, LessonChange] = field(default_factory=dict)
    version: str = ""

    def with_cancelled(self, day: date, cancellation: LessonCancellation) -> "CourseChanges":
        """Cancel a lesson. An existing cancellation stays. Those of earlier years are deleted."""
        return self if day in self.cancelled else self._next(day, {**self.cancelled, day: cancellation}, self.changes)

    def with_change(self, day: date, change: LessonChange) -> "CourseChanges":
        """Have a lesson take place, also if it was cancelled. `day`: its usual one."""
        entry = self.entry(day)
        change = replace(change, takes_back=entry.act if entry else "", revision=self.revision(day) + 1)
        cancellations = {other: one for other, one in self.cancelled.items() if other != day}
        return self._next(day, cancellations, {**self.changes, day: change})

    def entry(self, day: date) -> LessonCancellation | LessonChange | None:
        """Find the last entry about a lesson, if there is one."""
        return self.cancelled.get(day) or self.changes.get(day)

    def acts(self, day: date) -> tuple[str, ...]:
        """List the acts on a lesson, of which the first stands."""
        cancellation, change = self.cancelled.get(day), self.changes.get(day)
        return (*([cancellation.act] if cancellation else ()), *([change.act, change.takes_back] if change else ()))

    @property
    def moves(self) -> Mapping[date, date]:
        """Map the days that lessons are moved to, each to its usual day."""
        return {change.day: day for day, change in self.changes.items() if change.day and change.day != day}

    def usual(self, day: date) -> date:
        """Find the usual day of the lesson of a day."""
        return self.moves.get(day, day)

    def takes_place(self, day: date) -> bool:
        """Whether the lesson of a day is neither cancelled nor moved away."""
        moves = self.moves
        return day not in self.cancelled and (day in moves or day not in moves.values())

    def days(self, usual_days: Iterable[date], first_on: date, last_on: date) -> list[date]:
        """List the days of lessons between two days, inclusive, also cancelled ones, without those moved away."""
        moves = self.moves
        moved_here = {day for day in moves if first_on <= day <= last_on}
        return sorted({*usual_days} - {*moves.values()} | moved_here)

    def hours(self, slot: Slot, day: date) -> tuple[datetime, datetime] | None:
        """Return the start and end of the lesson of a day. None if the file does not have them."""
        return self.moved_hours(day) or slot.on(day)

    def moved_hours(self, day: date) -> tuple[datetime, datetime] | None:
        """Return the start and end of a moved lesson, by its new day. None if they are the usual ones."""
        change = self.changes.get(self.usual(day))
        return (change.begins, change.ends) if change and change.begins and change.ends else None

    def revision(self, day: date) -> int:
        """Count the changes of a lesson, for calendars."""
        change = self.changes.get(day)
        return (change.revision if change else 0) + (day in self.cancelled)

    def _next(
        self, day: date, cancellations: Mapping[date, LessonCancellation], changes: Mapping[date, LessonChange]
    ) -> "CourseChanges":
        year = name_of_year(day)
        return replace(
            self,
            cancelled={other: one for other, one in cancellations.items() if name_of_year(other) >= year},
            changes={other: one for other, one in changes.items() if name_of_year(other) >= year},
            version=secrets.token_hex(8),
        )


LessonKey = tuple[str, date]  # a course's key, and a day


@frozen
class AnnouncedAbsence:
    """An announced absence. `by`: its author, if given. `why`: for the teacher, empty if not given."""

    at: datetime
    by: str = field(default="", repr=False)
    why: str = field(default="", repr=False)


@frozen
class PupilAbsences(Stored):
    """The announced absences of a pupil at a site."""

    site: str
    pupil: PupilRef
    announced: Mapping[LessonKey, AnnouncedAbsence] = field(default_factory=dict)
    version: str = ""

    @property
    def expires_at(self) -> datetime | None:
        """When it is deleted: at the end of the last lesson's school year. None without lessons."""
        return max((year_ends_at(name_of_year(day)) for _, day in self.announced), default=None)

    def is_announced(self, course: str, day: date) -> bool:
        """Whether an absence was announced."""
        return (course, day) in self.announced

    def with_announced(self, lesson: LessonKey, absence: AnnouncedAbsence) -> "PupilAbsences":
        """Announce an absence. An existing one stays. Those of earlier school years are deleted."""
        if lesson in self.announced:
            return self
        year = name_of_year(lesson[1])
        recent = {other: one for other, one in self.announced.items() if name_of_year(other[1]) >= year}
        return self._next({**recent, lesson: absence})

    def without(self, lesson: LessonKey) -> "PupilAbsences":
        """Withdraw an absence."""
        absences = {other: absence for other, absence in self.announced.items() if other != lesson}
        return self if len(absences) == len(self.announced) else self._next(absences)

    def _next(self, absences: Mapping[LessonKey, AnnouncedAbsence]) -> "PupilAbsences":
        return replace(self, announced=absences, version=secrets.token_hex(8))
