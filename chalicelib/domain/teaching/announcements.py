"""Absences announced by a family: one pupil's, by lesson."""

import secrets
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime

from chalicelib.domain.enrolment.periods import name_of_year, year_ends_at
from chalicelib.domain.family.households import PupilRef
from chalicelib.values import Stored, frozen


@frozen
class LessonCancellation:
    """A cancelled lesson. `why`: the reason for families, empty if none was given."""

    by: str = field(repr=False)
    at: datetime
    why: str = field(default="", repr=False)


@frozen
class CourseChanges(Stored):
    """The cancelled lessons of a course at a site, by its key."""

    site: str
    course: str
    cancelled: Mapping[date, LessonCancellation] = field(default_factory=dict)
    version: str = ""

    def with_cancelled(self, day: date, cancellation: LessonCancellation) -> "CourseChanges":
        """Cancel a lesson. An existing cancellation stays. Those of earlier years are deleted."""
        if day in self.cancelled:
            return self
        recent = {other: one for other, one in self.cancelled.items() if name_of_year(other) >= name_of_year(day)}
        return replace(self, cancelled={**recent, day: cancellation}, version=secrets.token_hex(8))


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
