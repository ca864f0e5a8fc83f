"""Courses as teachers have them: the same discipline, teacher and hour on several pupils' files are one course.

Nothing names a course in the yearly file, so its key follows from what makes it one: the same for a family, whose file
is read, and for a teacher, whose timetable is (docs/decisions/0078). A room or a level that changes is no other course.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date, datetime
from typing import Final

from chalicelib.domain.account.accounts import GUARDIAN, Account
from chalicelib.domain.family.households import Course
from chalicelib.domain.text import fold
from chalicelib.values import frozen

MOST_PUPILS: Final = 1_000  # of one name, each counted once a course: « à définir » is nobody, and fills no item
_KEY_BYTES: Final = 8


def teacher_key(name: str) -> str:
    """Name a teacher of a site by 16 hexadecimal digits, however the name is spelt; empty where there is no name."""
    folded = fold(name)
    return _digest(folded) if folded else ""


def course_key(course: Course) -> str:
    """Name a course of a site by 16 hexadecimal digits: its teacher, discipline and hour; empty without a teacher."""
    teacher = fold(course.teacher)
    return _digest(f"{teacher}\t{fold(course.discipline)}\t{fold(course.slot)}") if teacher else ""


def _digest(words: str) -> str:
    return hashlib.blake2b(words.encode(), digest_size=_KEY_BYTES).hexdigest()


@frozen
class PupilRef:
    """One pupil of a site: its family's identifier, and its key in the household (`households.pupil_key`)."""

    identifier: str = field(repr=False)
    key: str

    @property
    def name(self) -> str:
        """Write it as one text, the name of a pupil among those of a site. No identifier has a tab."""
        return f"{self.identifier}\t{self.key}"

    @classmethod
    def parse(cls, name: str) -> "PupilRef":
        """Read it back."""
        identifier, _, key = name.rpartition("\t")
        return cls(identifier, key)


@frozen
class FamilyCourse:
    """A course that a pupil of a family has or had, by the keys of its teacher and its own.

    Without a teacher it is known from a roll. Without a course it says that all of the family's courses are stored.
    """

    identifier: str = field(repr=False)
    teacher: str = ""
    course: str = ""


def are_all(courses: Iterable[FamilyCourse]) -> bool:
    """Whether the stored courses of a family are all of them."""
    return any(not course.course for course in courses)


@frozen
class TaughtPupil:
    """A pupil as a teacher's list has it."""

    ref: PupilRef
    name: str = field(repr=False)
    born_on: date | None = field(default=None, repr=False)
    level: str = ""


@frozen
class TaughtCourse:
    """A course with its pupils, by their names; `slot`: « mercredi 14 h 30 - 15 h 15 », empty where it is not known."""

    key: str
    discipline: str
    slot: str
    place: str
    pupils: tuple[TaughtPupil, ...]

    def pupil(self, ref: PupilRef) -> TaughtPupil | None:
        """Find one of its pupils."""
        return next((pupil for pupil in self.pupils if pupil.ref == ref), None)


@frozen
class Timetable:
    """All the courses of one teacher at one site, made from the families' files when `built_at`."""

    site: str
    teacher: str
    courses: tuple[TaughtCourse, ...]
    built_at: datetime

    @property
    def key(self) -> str:
        """The teacher's key."""
        return teacher_key(self.teacher)

    def course(self, key: str) -> TaughtCourse | None:
        """Find one of its courses."""
        return next((course for course in self.courses if course.key == key), None)

    def mentions(self, identifier: str) -> bool:
        """Whether it lists a pupil of a family."""
        return any(pupil.ref.identifier == identifier for course in self.courses for pupil in course.pupils)

    @property
    def family_courses(self) -> Iterator[FamilyCourse]:
        """List the courses of each family, one that has several pupils in it several times."""
        for course in self.courses:
            yield from (FamilyCourse(pupil.ref.identifier, self.key, course.key) for pupil in course.pupils)

    def without(self, identifier: str) -> "Timetable":
        """Take a family's pupils out: its account is erased."""
        courses = (
            replace(course, pupils=tuple(one for one in course.pupils if one.ref.identifier != identifier))
            for course in self.courses
        )
        return replace(self, courses=tuple(course for course in courses if course.pupils))


def timetables(site: str, accounts: Iterable[Account], now: datetime) -> tuple[Timetable, ...]:
    """Make the timetables of a site from its families' files: of every name that teaches, in the order of names.

    Families that have left the yearly file have none; an account that is closed takes lessons all the same. A name of
    more than `MOST_PUPILS` is no teacher's.
    """
    names: dict[str, str] = {}
    found: dict[str, dict[str, TaughtCourse]] = {}
    for pupil, course in _lessons(account for account in accounts if not account.gone_at):
        teacher, key = teacher_key(course.teacher), course_key(course)
        names.setdefault(teacher, course.teacher)
        courses = found.setdefault(teacher, {})
        known = courses.get(key) or TaughtCourse(key, course.discipline, course.slot, course.place, ())
        added = replace(pupil, level=course.level)
        if known.pupil(added.ref) is None:
            courses[key] = replace(known, place=known.place or course.place, pupils=(*known.pupils, added))
    made = (
        Timetable(site, names[teacher], tuple(map(_in_order, courses.values())), now)
        for teacher, courses in found.items()
        if sum(len(course.pupils) for course in courses.values()) <= MOST_PUPILS
    )
    return tuple(sorted(made, key=lambda timetable: fold(timetable.teacher)))


def _lessons(accounts: Iterable[Account]) -> Iterator[tuple[TaughtPupil, Course]]:
    for account in accounts:
        if account.role == GUARDIAN:
            continue
        for key, pupil in account.household.pupils_by_key.items():
            taught = TaughtPupil(PupilRef(account.ref.identifier, key), pupil.name, pupil.born_on)
            yield from ((taught, course) for course in pupil.courses if course_key(course))


def _in_order(course: TaughtCourse) -> TaughtCourse:
    return replace(course, pupils=tuple(sorted(course.pupils, key=lambda pupil: fold(pupil.name))))


def courses_of(account: Account, pupil: str) -> Mapping[str, Course]:
    """List the courses of a family's pupil, by its key in the household, that a teacher gives: by the courses' keys."""
    found = account.household.pupils_by_key.get(pupil)
    courses = ((course_key(course), course) for course in (found.courses if found else ()))
    return {key: course for key, course in courses if key}
