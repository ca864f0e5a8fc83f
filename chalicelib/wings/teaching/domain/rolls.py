"""The roll of a lesson: pupils absent, late or excused. All others of the course are present."""

import secrets
from collections.abc import Container, Mapping
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal, get_args

from chalicelib.domain.enrolment.periods import name_of_year, today, year_ends_at
from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.refusals import FormRefusal
from chalicelib.values import Stored, frozen
from chalicelib.wings.teaching.domain.announcements import LessonKey

Mark = Literal["absent", "late", "excused"]
MARKS: Final[tuple[Mark, ...]] = get_args(Mark)
LATE_BY: Final = timedelta(days=7)  # how long a forgotten roll may be taken


class RollMoved(FormRefusal):
    """Another teacher saved the roll since the page was shown. Both versions are shown, and sending again decides."""

    code = "roll_meanwhile"


class RollPupilsChanged(FormRefusal):
    """The submitted page has other pupils than the course now: each has to be marked."""

    code = "roll_pupils_changed"


class RollClosed(FormRefusal):
    """The lesson is cancelled, or its roll has been closed by the office."""

    code = "roll_closed"


@frozen
class RollMark:
    """A pupil's mark, and the mark's start."""

    mark: Mark
    since: datetime


@frozen
class RollRef:
    """The key of a roll: a course at a site, by its key, and a day."""

    site: str
    course: str
    day: date


@frozen
class Roll(Stored):
    """The roll of one lesson. `taken_at`: None if it was not taken. `version`: changed by each save."""

    ref: RollRef
    marks: Mapping[PupilRef, RollMark] = field(default_factory=dict, repr=False)
    taken_at: datetime | None = None  # the first save
    saved_at: datetime | None = None
    by: str = field(default="", repr=False)  # the last author, as proven
    version: str = ""

    def mark_of(self, pupil: PupilRef) -> Mark | None:
        """Return a pupil's mark. None if present, or if the roll was not taken."""
        mark = self.marks.get(pupil)
        return mark.mark if mark else None

    def says(self, marks: Mapping[PupilRef, Mark]) -> bool:
        """Whether it was taken with exactly these marks."""
        return self.taken_at is not None and {pupil: one.mark for pupil, one in self.marks.items()} == dict(marks)

    def save(self, marks: Mapping[PupilRef, Mark], by: str, now: datetime) -> "Roll":
        """Save marks. An unchanged one keeps its start."""
        new_marks = {
            pupil: mark_on_file
            if (mark_on_file := self.marks.get(pupil)) and mark_on_file.mark == mark
            else RollMark(mark, now)
            for pupil, mark in marks.items()
        }
        taken_at = self.taken_at or now
        return replace(self, marks=new_marks, taken_at=taken_at, saved_at=now, by=by, version=secrets.token_hex(8))

    def without(self, families: Container[str]) -> "Roll":
        """Remove erased families, by identifier. The marks of others stay."""
        marks = {pupil: one for pupil, one in self.marks.items() if pupil.identifier not in families}
        return self if len(marks) == len(self.marks) else replace(self, marks=marks, version=secrets.token_hex(8))

    def renamed(self, old: str, new: str) -> "Roll":
        """Move the marks of a merged family to the account that stays."""
        marks = {pupil.of_family(old, new): one for pupil, one in self.marks.items()}
        return self if marks == self.marks else replace(self, marks=marks, version=secrets.token_hex(8))

    @property
    def absent(self) -> frozenset[PupilRef]:
        """The absent pupils."""
        return frozenset(pupil for pupil, one in self.marks.items() if one.mark == "absent")

    def absent_since(self, moment: datetime) -> tuple[PupilRef, ...]:
        """List the pupils absent since a moment or earlier."""
        return tuple(pupil for pupil, one in self.marks.items() if one.mark == "absent" and one.since <= moment)

    def is_open(self, now: datetime) -> bool:
        """Whether a teacher may still save the roll: on the lesson's day, or the day on which a forgotten one is taken.

        A future lesson has no roll yet, and one older than a week belongs to the office.
        """
        day = today(now)
        if self.ref.day > day or day - self.ref.day > LATE_BY:
            return False
        return self.taken_at is None or day in {self.ref.day, today(self.taken_at)}

    @property
    def expires_at(self) -> datetime:
        """When it is deleted: at the end of the school year."""
        return year_ends_at(name_of_year(self.ref.day))


@frozen
class UnexcusedAbsences(Stored):
    """The lessons of one school year missed by a pupil at a site without excuse, each with its discipline."""

    site: str
    pupil: PupilRef
    lessons: Mapping[LessonKey, str] = field(default_factory=dict)
    version: str = ""

    @property
    def expires_at(self) -> datetime | None:
        """When they are deleted: at the end of the last lesson's school year. None without lessons."""
        return max((year_ends_at(name_of_year(day)) for _, day in self.lessons), default=None)

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
        lessons = {other: discipline for other, discipline in self.lessons.items() if other != lesson}
        return self if len(lessons) == len(self.lessons) else self._next(lessons)

    def _next(self, lessons: Mapping[LessonKey, str]) -> "UnexcusedAbsences":
        return replace(self, lessons=lessons, version=secrets.token_hex(8))


@frozen
class CountedPupils(Stored):
    """The pupils ever counted for a lesson. One marked present later is in no roll, but their count must be removed."""

    ref: RollRef
    pupils: frozenset[PupilRef] = frozenset()

    def renamed(self, old: str, new: str) -> "CountedPupils":
        """Move the pupils of a merged family to the account that stays."""
        return replace(self, pupils=frozenset(pupil.of_family(old, new) for pupil in self.pupils))

    def without(self, families: Container[str]) -> "CountedPupils":
        """Remove erased families, by identifier."""
        pupils = frozenset(pupil for pupil in self.pupils if pupil.identifier not in families)
        return self if pupils == self.pupils else replace(self, pupils=pupils)
