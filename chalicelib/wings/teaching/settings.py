"""The settings of teaching: `[teaching]` in `network.toml`."""

from calendar import monthrange
from dataclasses import field
from datetime import date
from typing import Final

from chalicelib.settings.parts import CODE, Part, text
from chalicelib.values import frozen

_LEAP_YEAR: Final = 2000


@frozen
class ClosureSettings(Part):
    """Days without lessons, both included."""

    name: str = field(metadata=text("Jours sans cours", "Semaine d'un enseignant", "/extranet/enseignant"))
    first_on: date
    last_on: date


@frozen
class SchoolYearSettings(Part):
    """One school year: its first and last day of lessons, and the closures in between."""

    starts_on: date
    ends_on: date
    closures: tuple[ClosureSettings, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a year, or a closure, that ends before it begins."""
        super().__post_init__()
        if self.ends_on < self.starts_on:
            raise ValueError("a school year ends before it starts")
        if backwards := [closure.name for closure in self.closures if closure.last_on < closure.first_on]:
            raise ValueError(f"{backwards[0]}: ends before it starts")


@frozen
class AssessmentPeriod(Part):
    """A period for which teachers assess each pupil. Families read it from `published_on` on, each year.

    `published_on`: « MM-DD », in the school year: « 02-15 » of 2026-2027 is 15 February 2027.
    """

    code: str = field(metadata=CODE)
    title: str = field(
        metadata=text("Période d'appréciations", "Élèves d'une famille connectée", "/extranet/compte/eleves")
    )
    published_on: str = field(metadata={"pattern": r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"})


@frozen
class TeachingSettings(Part):
    """The rights of teachers. `opinions_from`, `opinions_until`: « MM-DD » of each year, both days included."""

    telephones: bool = False  # whether a teacher may look up a guardian's telephone, which is noted each time
    words: bool = False  # whether a teacher may write to the families of a course
    words_a_day: int = field(default=1, metadata={"ge": 1, "le": 5})  # of one course
    opinions_from: str = field(default="03-01", metadata={"pattern": r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"})
    opinions_until: str = field(default="07-31", metadata={"pattern": r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"})
    absence_minutes: int = field(default=30, metadata={"ge": 1, "le": 720})  # from the roll to the mail
    assessments: tuple[AssessmentPeriod, ...] = ()
    years: tuple[SchoolYearSettings, ...] = ()

    def __post_init__(self) -> None:
        """Refuse periods with the same code, and days that do not exist."""
        super().__post_init__()
        days = (self.opinions_from, self.opinions_until, *(period.published_on for period in self.assessments))
        if wrong := [day for day in days if int(day[3:]) > monthrange(_LEAP_YEAR, int(day[:2]))[1]]:
            raise ValueError(f"{wrong[0]}: no month has this day")
        if len({period.code for period in self.assessments}) != len(self.assessments):
            raise ValueError("two periods of assessments have the same code")
