"""Courses: the same discipline, teacher and hour in several pupils' files make one course.

The yearly file has no key for courses, so a course's key is derived from these: the same for a family, from its file,
and for a teacher, from the timetable (docs/decisions/0078). A changed room or level makes no other course.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date, datetime
from typing import Final

from chalicelib.domain.account.accounts import GUARDIAN, Account
from chalicelib.domain.family.households import Course, PupilRef
from chalicelib.domain.family.teacher_keys import digest_of, teacher_key
from chalicelib.domain.text import fold
from chalicelib.values import frozen

MOST_PUPILS: Final = 1_000  # per name, each once a course. « à définir » is no teacher, and must not fill an item


def course_key(course: Course) -> str:
    """Make the key of a course at a site: 16 hexadecimal digits of teacher, discipline, hour. Empty without teacher."""
    teacher = fold(course.teacher)
    return digest_of(f"{teacher}\t{fold(course.discipline)}\t{fold(course.slot)}") if teacher else ""


@frozen
class FamilyCourse:
    """A course that a pupil of a family has or had: its key and its teacher's.

    Without a teacher it comes from a roll. Without a course it means that all of the family's courses are stored.
    """

    identifier: str = field(repr=False)
    teacher: str = ""
    course: str = ""


def are_all(courses: Iterable[FamilyCourse]) -> bool:
    """Whether the stored courses of a family are complete."""
    return any(not course.course for course in courses)


@frozen
class TaughtPupil:
    """A pupil in a teacher's list."""

    ref: PupilRef
    name: str = field(repr=False)
    born_on: date | None = field(default=None, repr=False)
    level: str = ""


@frozen
class TaughtCourse:
    """A course with its pupils, sorted by name. `slot`: « mercredi 14 h 30 - 15 h 15 », empty if unknown."""

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
    """All courses of one teacher at one site, made from the families' files at `built_at`."""

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
        """Whether it has a pupil of a family."""
        return any(pupil.ref.identifier == identifier for course in self.courses for pupil in course.pupils)

    @property
    def family_courses(self) -> Iterator[FamilyCourse]:
        """The courses of each family, once for each of its pupils in them."""
        for course in self.courses:
            yield from (FamilyCourse(pupil.ref.identifier, self.key, course.key) for pupil in course.pupils)

    def without(self, identifier: str) -> "Timetable":
        """Remove the pupils of an erased family."""
        courses = (
            replace(course, pupils=tuple(one for one in course.pupils if one.ref.identifier != identifier))
            for course in self.courses
        )
        return replace(self, courses=tuple(course for course in courses if course.pupils))


def timetables(site: str, accounts: Iterable[Account], now: datetime) -> tuple[Timetable, ...]:
    """Make the timetables of a site from its families' files, one per teacher's name, sorted.

    Families gone from the yearly file have none. Disabled accounts still have lessons. A name with more than
    `MOST_PUPILS` is no teacher's.
    """
    names: dict[str, str] = {}
    by_teacher: dict[str, dict[str, TaughtCourse]] = {}
    for pupil, course in _lessons(account for account in accounts if not account.gone_at):
        teacher, key = teacher_key(course.teacher), course_key(course)
        names.setdefault(teacher, course.teacher)
        courses = by_teacher.setdefault(teacher, {})
        course_so_far = courses.get(key) or TaughtCourse(key, course.discipline, course.slot, course.place, ())
        new_pupil = replace(pupil, level=course.level)
        if course_so_far.pupil(new_pupil.ref) is None:
            courses[key] = replace(
                course_so_far, place=course_so_far.place or course.place, pupils=(*course_so_far.pupils, new_pupil)
            )
    timetables_made = (
        Timetable(site, names[teacher], tuple(map(_in_order, courses.values())), now)
        for teacher, courses in by_teacher.items()
        if sum(len(course.pupils) for course in courses.values()) <= MOST_PUPILS
    )
    return tuple(sorted(timetables_made, key=lambda timetable: fold(timetable.teacher)))


def _lessons(accounts: Iterable[Account]) -> Iterator[tuple[TaughtPupil, Course]]:
    for account in accounts:
        if account.role == GUARDIAN:
            continue
        for key, pupil in account.household.pupils_by_key.items():
            new_pupil = TaughtPupil(PupilRef(account.ref.identifier, key), pupil.name, pupil.born_on)
            yield from ((new_pupil, course) for course in pupil.courses if course_key(course))


def _in_order(course: TaughtCourse) -> TaughtCourse:
    return replace(course, pupils=tuple(sorted(course.pupils, key=lambda pupil: fold(pupil.name))))


def courses_of(account: Account, pupil: str) -> Mapping[str, Course]:
    """Map a pupil's courses with a teacher by course key. `pupil`: their key in the household."""
    child = account.household.pupils_by_key.get(pupil)
    courses = ((course_key(course), course) for course in (child.courses if child else ()))
    return {key: course for key, course in courses if key}
