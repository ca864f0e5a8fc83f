"""Unexcused and unannounced absences by pupil, for the office, counted once the roll is final."""

import secrets
from collections.abc import Container, Mapping
from dataclasses import field, replace
from datetime import date
from typing import Any

from chalicelib.domain.teaching.announcements import LessonKey
from chalicelib.domain.teaching.courses import PupilRef
from chalicelib.domain.teaching.rolls import RollRef
from chalicelib.domain.teaching.school_years import name_of_year
from chalicelib.values import frozen


@frozen
class UnexcusedAbsences:
    """The lessons of one school year missed by a pupil at a site without excuse, each with its discipline."""

    site: str
    pupil: PupilRef
    lessons: Mapping[LessonKey, str] = field(default_factory=dict)
    version: str = ""
    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # as read from the table

    def in_year(self, day: date) -> Mapping[LessonKey, str]:
        """List those of a day's school year, as TTL deletes another year's later."""
        year = name_of_year(day)
        return {lesson: discipline for lesson, discipline in self.lessons.items() if name_of_year(lesson[1]) == year}

    def with_lesson(self, lesson: LessonKey, discipline: str) -> "UnexcusedAbsences":
        """Count an absence. Those of another school year are deleted."""
        if lesson in self.lessons:
            return self
        return self._next({**self.in_year(lesson[1]), lesson: discipline})

    def without(self, lesson: LessonKey) -> "UnexcusedAbsences":
        """Stop counting an absence."""
        left = {other: discipline for other, discipline in self.lessons.items() if other != lesson}
        return self if len(left) == len(self.lessons) else self._next(left)

    def _next(self, lessons: Mapping[LessonKey, str]) -> "UnexcusedAbsences":
        return replace(self, lessons=lessons, version=secrets.token_hex(8))


@frozen
class CountedPupils:
    """The pupils ever counted for a lesson. One marked present later is in no roll, but its count has to be removed."""

    ref: RollRef
    pupils: frozenset[PupilRef] = frozenset()
    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # as read from the table

    def without(self, families: Container[str]) -> "CountedPupils":
        """Remove erased families, by identifier."""
        left = frozenset(pupil for pupil in self.pupils if pupil.identifier not in families)
        return self if left == self.pupils else replace(self, pupils=left)
