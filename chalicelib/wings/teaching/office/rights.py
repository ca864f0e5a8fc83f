"""A family's lesson data: exported, and erased, including its marks within rolls shared with others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Final, Generic, TypeVar

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.infra.dynamo.database import Delete
from chalicelib.office.declarations import drop, give, merge, withhold
from chalicelib.office.parts import DeclaredData
from chalicelib.services.office import OfficeServices as Services
from chalicelib.settings.wings import has
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.announcements import AnnouncedAbsence
from chalicelib.wings.teaching.domain.assessments import Assessment, AssessmentRef
from chalicelib.wings.teaching.domain.calendars import PupilCalendar
from chalicelib.wings.teaching.domain.courses import FamilyCourse, are_all
from chalicelib.wings.teaching.domain.rolls import Roll, RollMark
from chalicelib.wings.teaching.office.timetables import forget
from chalicelib.wings.teaching.stores.timetables import FamilyLessons


@frozen
class UnexcusedLesson:
    """A lesson that counts as an unexcused absence, by its discipline."""

    discipline: str


Held = TypeVar("Held", AnnouncedAbsence, RollMark, UnexcusedLesson)


@frozen
class HeldLesson(Generic[Held]):
    """One lesson of a pupil, by key in the household, and the data about it. `course`: its key."""

    pupil: str
    course: str
    day: date
    fact: Held


@frozen
class HeldAssessment:
    """An assessment of a pupil, by key in the household."""

    pupil: str
    ref: AssessmentRef
    assessment: Assessment


@frozen
class LessonData:
    """A family's lesson data by kind. Assessments include the unpublished ones."""

    absences: tuple[HeldLesson[AnnouncedAbsence], ...] = ()
    marks: tuple[HeldLesson[RollMark], ...] = ()
    unexcused_absences: tuple[HeldLesson[UnexcusedLesson], ...] = ()
    assessments: tuple[HeldAssessment, ...] = ()
    calendars: tuple[PupilCalendar, ...] = ()


def has_lessons(services: Services) -> bool:
    """Whether the stage has lessons: a network that leaves teaching out keeps them, and the family its rights."""
    return has("teaching", services.settings.wing_tables)


def lesson_data(services: Services, ref: AccountRef) -> LessonData:
    """Read all lesson data of a family."""
    if not has_lessons(services):
        return LessonData()
    stores, (site, identifier) = services.teaching, (ref.site, ref.identifier)
    keys = _course_keys(stores.courses.of_family(ref))
    return LessonData(
        tuple(
            HeldLesson(row.pupil.key, *lesson, absence)
            for row in stores.announcements.of_family(site, identifier)
            for lesson, absence in row.announced.items()
        ),
        tuple(
            HeldLesson(pupil.key, roll.ref.course, roll.ref.day, mark)
            for key in keys
            for roll in stores.rolls.all(site, key)
            for pupil, mark in roll.marks.items()
            if pupil.identifier == identifier
        ),
        tuple(
            HeldLesson(row.pupil.key, *lesson, UnexcusedLesson(discipline))
            for row in stores.absences.all(site, identifier)
            for lesson, discipline in row.lessons.items()
        ),
        tuple(
            HeldAssessment(row.pupil.key, period, assessment)
            for row in stores.assessments.of_family(site, identifier)
            for period, assessment in row.texts.items()
        ),
        tuple(services.lessons.calendars.of_family(site, identifier)),
    )


def courses_of_family(services: Services, ref: AccountRef) -> tuple[FamilyCourse, ...]:
    """List a family's courses, as its erasure needs them."""
    return services.teaching.courses.of_family(ref) if has_lessons(services) else ()


def forget_in_timetables(services: Services, ref: AccountRef, courses: Sequence[FamilyCourse]) -> None:
    """Delete an erased family, given its courses, from its timetables. Raises `Unavailable`."""
    if has_lessons(services):
        forget(services, ref, courses)


def _course_keys(courses: Iterable[FamilyCourse]) -> list[str]:
    """List the keys of a family's courses, or the wildcard of its site if not all are stored."""
    return sorted({course.course for course in courses} - {""}) if are_all(courses) else [""]


def forget_in_rolls(services: Services, families: Mapping[AccountRef, Iterable[FamilyCourse]]) -> None:
    """Delete families, with their courses, from rolls and counts of absences. Other families' marks stay.

    One pass for all erased families, course by course.
    """
    if not has_lessons(services):
        return
    stores = services.teaching
    by_course: dict[tuple[str, str], set[str]] = {}
    for ref, courses in families.items():
        for key in _course_keys(courses):
            by_course.setdefault((ref.site, key), set()).add(ref.identifier)
    for (site, key), identifiers in by_course.items():
        for roll in stores.rolls.all(site, key):
            if roll.without(identifiers) is not roll:
                stores.rolls.revise(roll, partial(Roll.without, families=identifiers))
        for row in stores.absences.counted.all(site, key):
            if row.without(identifiers) is not row:
                stores.absences.counted.forget(row, identifiers)


def rename_in_lessons(services: Services, account: Account, old: AccountRef, _: datetime) -> None:
    """Give a merged family's marks, counts and calendars' addresses to the account that stays, with its courses."""
    stores, new, names = services.teaching, account.ref, (old.identifier, account.ref.identifier)
    for key in _course_keys(courses_of_family(services, new)):
        for roll in stores.rolls.all(new.site, key):
            stores.rolls.revise(roll, lambda one: one.renamed(*names))
        for row in stores.absences.counted.all(new.site, key):
            stores.absences.counted.revise(row, lambda one: one.renamed(*names))
    for calendar in services.lessons.calendars.of_family(new.site, new.identifier):
        if calendar.nonce:
            services.lessons.calendars.keep_link(calendar)


def lesson_deletions(services: Services, ref: AccountRef, courses: Iterable[FamilyCourse] | None) -> Iterator[Delete]:
    """Delete a family's absences announced, assessments, calendars, counts and courses, which are read if None."""
    if not has_lessons(services):
        return
    tables, store = map(services.settings.table, ("Lessons", "Teaching")), services.teaching.courses
    yield from FamilyLessons(services.database, *tables).deletions(ref.site, ref.identifier)
    yield from store.deletions(ref.site, store.of_family(ref) if courses is None else courses)


DATA: Final = DeclaredData(
    {
        LessonData: {
            **give("announced_absences=absences|absence annoncée :"),
            **give("marks|appel :", part="rolls"),
            **give("unexcused_absences|absence comptée comme non excusée :"),
            **give("assessments|appréciation :", "calendars|agenda :"),
        },
        HeldLesson: {**give("pupil|", "course|", "day|le"), **merge("fact")},
        AnnouncedAbsence: give("at|annoncée le", "by|par", "why|« {} »"),
        RollMark: give("mark|", "since|notée le"),
        UnexcusedLesson: give("discipline"),
        HeldAssessment: {**give("pupil|"), **merge("ref", "assessment")},
        AssessmentRef: give("school_year=year|", "period", "course"),
        Assessment: {**give("title|", "discipline|", "teacher|", "at|écrite le", "text|« {} »"), **withhold("by")},
        PupilCalendar: {
            **give("pupil|", "at|son adresse créée le", "by|par"),
            **withhold("address=nonce|l'adresse :"),
            **drop("site", "version", "links"),
        },
    },
    rename_in_lessons,
)
