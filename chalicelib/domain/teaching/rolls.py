"""The roll of a lesson: who is absent, late or excused; everybody else of the course is present."""

import secrets
from collections.abc import Container, Mapping
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, get_args

from chalicelib.domain.refusals import FormRefusal
from chalicelib.domain.teaching.courses import PupilRef
from chalicelib.domain.teaching.school_years import name_of_year, today, year_ends_at
from chalicelib.values import frozen

Mark = Literal["absent", "late", "excused"]
MARKS: Final[tuple[Mark, ...]] = get_args(Mark)
LATE_BY: Final = timedelta(days=7)  # a roll that was forgotten may be taken for so long


class RollMeanwhile(FormRefusal):
    """Somebody else saved the roll since the page was shown: both are shown, and sending again decides."""

    code = "roll_meanwhile"


class RollPupilsChanged(FormRefusal):
    """The page that was sent has other pupils than the course has by now: each of them must be marked."""

    code = "roll_pupils_changed"


class RollClosed(FormRefusal):
    """The lesson is cancelled, or its roll is the office's by now."""

    code = "roll_closed"


@frozen
class RollMark:
    """What is marked of a pupil, and since when it is so."""

    mark: Mark
    since: datetime


@frozen
class RollRef:
    """Which lesson: a course of a site, by its key, on a day."""

    site: str
    course: str
    day: date


@frozen
class Roll:
    """The roll of one lesson; of a lesson that nobody called, `taken_at` is None. `version`: renewed by each saving."""

    ref: RollRef
    marks: Mapping[PupilRef, RollMark] = field(default_factory=dict, repr=False)
    taken_at: datetime | None = None  # the first time
    saved_at: datetime | None = None
    by: str = field(default="", repr=False)  # who saved it last, as proven
    version: str = ""
    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # as it was read, if it was

    def mark_of(self, pupil: PupilRef) -> Mark | None:
        """Find what is marked of a pupil; None where it is present, or nobody called."""
        found = self.marks.get(pupil)
        return found.mark if found else None

    def says(self, marks: Mapping[PupilRef, Mark]) -> bool:
        """Whether it was taken, and marks just this."""
        return self.taken_at is not None and {pupil: one.mark for pupil, one in self.marks.items()} == dict(marks)

    def save(self, marks: Mapping[PupilRef, Mark], by: str, now: datetime) -> "Roll":
        """Save other marks; one that stays keeps since when it is so."""
        kept = {
            pupil: known if (known := self.marks.get(pupil)) and known.mark == mark else RollMark(mark, now)
            for pupil, mark in marks.items()
        }
        taken_at = self.taken_at or now
        return replace(self, marks=kept, taken_at=taken_at, saved_at=now, by=by, version=secrets.token_hex(8))

    def without(self, families: Container[str]) -> "Roll":
        """Take families, by their identifiers, out: they are erased. What is marked of the others stays."""
        left = {pupil: one for pupil, one in self.marks.items() if pupil.identifier not in families}
        return self if len(left) == len(self.marks) else replace(self, marks=left, version=secrets.token_hex(8))

    @property
    def absent(self) -> frozenset[PupilRef]:
        """Who is absent."""
        return frozenset(pupil for pupil, one in self.marks.items() if one.mark == "absent")

    def absent_since(self, moment: datetime) -> tuple[PupilRef, ...]:
        """List who is absent, and was marked so at a moment or before."""
        return tuple(pupil for pupil, one in self.marks.items() if one.mark == "absent" and one.since <= moment)

    def is_open(self, now: datetime) -> bool:
        """Whether a teacher may still save it: on the lesson's day; where it was forgotten, on the day it is taken.

        A lesson to come has none yet, and one of more than a week ago is the office's.
        """
        day = today(now)
        if self.ref.day > day or day - self.ref.day > LATE_BY:
            return False
        return self.taken_at is None or day in {self.ref.day, today(self.taken_at)}

    @property
    def expires_at(self) -> datetime:
        """When it is forgotten: once the school year is over."""
        return year_ends_at(name_of_year(self.ref.day))
