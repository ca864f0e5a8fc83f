"""Absences that a family announces beforehand: of one pupil, by lesson."""

import secrets
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime
from typing import Any

from chalicelib.domain.teaching.courses import PupilRef
from chalicelib.domain.teaching.school_years import name_of_year
from chalicelib.values import frozen

LessonKey = tuple[str, date]  # a course, by its key, and a day


@frozen
class AnnouncedAbsence:
    """That a pupil will not come; `by`: who says so, where it was said; `why`: for the teacher, empty if not told."""

    at: datetime
    by: str = field(default="", repr=False)
    why: str = field(default="", repr=False)


@frozen
class PupilAbsences:
    """The absences announced of a pupil of a site."""

    site: str
    pupil: PupilRef
    announced: Mapping[LessonKey, AnnouncedAbsence] = field(default_factory=dict)
    version: str = ""
    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # as it was read, if it was

    def is_announced(self, course: str, day: date) -> bool:
        """Whether a family said that its pupil will not come."""
        return (course, day) in self.announced

    def with_announced(self, lesson: LessonKey, absence: AnnouncedAbsence) -> "PupilAbsences":
        """Announce one; what was announced already stays as it was. Those of school years before are forgotten."""
        if lesson in self.announced:
            return self
        year = name_of_year(lesson[1])
        kept = {other: one for other, one in self.announced.items() if name_of_year(other[1]) >= year}
        return self._next({**kept, lesson: absence})

    def without(self, lesson: LessonKey) -> "PupilAbsences":
        """Take one back."""
        left = {other: absence for other, absence in self.announced.items() if other != lesson}
        return self if len(left) == len(self.announced) else self._next(left)

    def _next(self, announced: Mapping[LessonKey, AnnouncedAbsence]) -> "PupilAbsences":
        return replace(self, announced=announced, version=secrets.token_hex(8))
