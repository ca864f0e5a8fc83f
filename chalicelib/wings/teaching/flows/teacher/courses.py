"""The week of a teacher, day by day: their lessons, and the days without any."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.enrolment.periods import is_day_off, today
from chalicelib.domain.family.birth_dates import age_at
from chalicelib.domain.refusals import NotThere
from chalicelib.infra.dynamo.database import READ_AT_ONCE, Lookup
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.announcements import (
    CourseChanges,
    LessonCancellation,
    LessonChange,
    PupilAbsences,
)
from chalicelib.wings.teaching.domain.course_returns import CourseOpinions, CourseReturn
from chalicelib.wings.teaching.domain.courses import TaughtPupil
from chalicelib.wings.teaching.domain.rolls import Roll, RollRef
from chalicelib.wings.teaching.domain.school_years import Closure, SchoolYears
from chalicelib.wings.teaching.flows.teacher.entry import OwnCourse, TeacherContext
from chalicelib.wings.teaching.flows.teacher.opinion import opinion_lookups, opinion_window, opinions_of_course
from chalicelib.wings.teaching.flows.teacher.pupil import Returns, courses_on_file, return_lookups
from chalicelib.wings.teaching.services.lessons import school_years
from chalicelib.wings.teaching.services.stores import TeachingStores
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services

Meeting = tuple[OwnCourse, date]
# « missed »: without a roll, which may still be taken. « closed »: it may not. « correctable »: taken, and still open.
LessonState = Literal["to_come", "to_take", "taken", "correctable", "missed", "closed", "cancelled"]


@frozen
class TaughtLesson:
    """One lesson of a course. `announced`: the number of announced absences, None if they were not read."""

    course: OwnCourse
    day: date
    state: LessonState
    cancellation: LessonCancellation | None = None
    absences: int | None = None
    times: tuple[datetime, datetime] | None = None  # None if the file does not have them
    change: LessonChange | None = None
    usual_day: date | None = None

    @property
    def has_roll(self) -> bool:
        """Whether there is a roll to take or to read."""
        return self.state not in {"to_come", "closed", "cancelled"}


def meetings(changes: CourseChanges, course: OwnCourse, years: SchoolYears, days: tuple[date, date]) -> list[Meeting]:
    """List a course's meetings from one day to another, both included. A lent course's, while it is lent."""
    share, meeting_days = course.share, changes.days(years.lessons(course.slot, *days), *days)
    return [(course, day) for day in meeting_days if share is None or share.is_on(day)]


def read_changes(services: Services, courses: Iterable[OwnCourse]) -> tuple[tuple[CourseChanges, OwnCourse], ...]:
    """Read the changes of courses, in one round trip."""
    own_courses = tuple(courses)
    lookups = [services.teaching.changes.lookup(course.site.code, course.key) for course in own_courses]
    changes = services.database.read_together(*lookups) if lookups else ()
    return tuple(zip(changes, own_courses, strict=True))


PlanOf = Callable[[Iterable[tuple[CourseChanges, OwnCourse]]], list[Meeting]]


def read_meetings(
    services: Services, courses: Sequence[OwnCourse], plan_of: PlanOf, now: datetime, also: Iterable[Lookup[Any]] = ()
) -> tuple[tuple[TaughtLesson, ...], tuple[Any, ...]]:
    """Read the states of the lessons that a plan has of courses, with a page's further lookups, in one round trip.

    In two if lessons are moved. Announced absences are read pupil by pupil for the soonest lessons, as far as that
    round trip has room.
    """
    plan = plan_of((CourseChanges(course.site.code, course.key), course) for course in courses)
    lookups = [services.teaching.changes.lookup(course.site.code, course.key) for course in courses]
    lessons, answers = read_lessons(services, plan, now, (*lookups, *also))
    real_plan = plan_of(zip(answers, courses, strict=False))
    if real_plan != plan:
        lessons, _ = read_lessons(services, real_plan, now)
    return lessons, answers[len(courses) :]


def read_lessons(
    services: Services, plan: Sequence[Meeting], now: datetime, more: tuple[Lookup[Any], ...] = ()
) -> tuple[tuple[TaughtLesson, ...], tuple[Any, ...]]:
    """Read the states of lessons, together with further lookups, in one round trip."""
    lookups = _lookups(services.teaching, plan, today(now), READ_AT_ONCE - len(more))
    answers = services.database.read_together(*more, *lookups.values())
    items = dict(zip(lookups, answers[len(more) :], strict=True))
    return tuple(_lesson(meeting, items, now) for meeting in plan), answers[: len(more)]


def _lookups(stores: TeachingStores, plan: Sequence[Meeting], day: date, room: int) -> Mapping[Hashable, Lookup[Any]]:
    lookups: dict[Hashable, Lookup[Any]] = {}
    for course, on in plan:
        lookups[course.site.code, course.key] = stores.changes.lookup(course.site.code, course.key)
        if on <= day:
            ref = RollRef(course.site.code, course.key, on)
            lookups[ref] = stores.rolls.lookup(ref)
    for course, on in sorted(plan, key=lambda meeting: meeting[1]):
        site = course.site.code
        pupils: dict[Hashable, Lookup[Any]] = {
            (site, pupil.ref): stores.announcements.lookup(site, pupil.ref) for pupil in course.course.pupils
        }
        if on >= day and len(lookups | pupils) <= room:
            lookups |= pupils
    return lookups


def _lesson(meeting: Meeting, items: Mapping[Hashable, Any], now: datetime) -> TaughtLesson:
    course, on = meeting
    site = course.site.code
    changes: CourseChanges = items[site, course.key]
    usual_day = changes.usual(on)
    facts = changes.hours(course.slot, on), changes.changes.get(usual_day), usual_day
    if cancellation := changes.cancelled.get(on):
        return TaughtLesson(course, on, "cancelled", cancellation, None, *facts)
    absences: list[PupilAbsences | None] = [items.get((site, pupil.ref)) for pupil in course.course.pupils]
    is_read = on >= today(now) and None not in absences
    absent = sum(one.is_announced(course.key, on) for one in absences if one) if is_read else None
    return TaughtLesson(course, on, _state(items.get(RollRef(site, course.key, on)), on, now), None, absent, *facts)


def _state(roll: Roll | None, on: date, now: datetime) -> LessonState:
    if roll is None:
        return "to_come"
    if roll.taken_at is not None:
        return "correctable" if roll.is_open(now) else "taken"
    if on == today(now):
        return "to_take"
    return "missed" if roll.is_open(now) else "closed"


def find_family(services: Services, course: OwnCourse, pupil: TaughtPupil) -> Account:
    """Find the family of a pupil that takes the course on file. Raises `NotThere`, also if no teacher may telephone."""
    if not services.settings.network.teaching.telephones:
        raise NotThere
    account = services.accounts.find(AccountRef(course.site.code, pupil.ref.identifier))
    if account is None or not courses_on_file(account, course, pupil):
        raise NotThere
    return account


@frozen
class CoursePupil:
    """A pupil of a course: their age today, None without a birth date. `said`: the family's answer on their return."""

    pupil: TaughtPupil
    age: int | None
    answer: CourseReturn | None


@frozen
class ListedCourse:
    """A course with its pupils."""

    course: OwnCourse
    pupils: tuple[CoursePupil, ...]

    @classmethod
    def of(cls, course: OwnCourse, returns: Returns, day: date) -> "ListedCourse":
        """List the pupils of a course on a day."""
        pupils = (
            CoursePupil(pupil, age_at(pupil.born_on, day) if pupil.born_on else None, returns.of(course, pupil))
            for pupil in course.course.pupils
        )
        return cls(course, tuple(pupils))


def read_own_pupils(services: Services, teacher: TeacherContext, now: datetime) -> tuple[ListedCourse, ...]:
    """Read the teacher's pupils in the order of a week, with one round trip per hundred families."""
    courses = teacher.courses
    pupils = [(own, pupil) for own in courses for pupil in own.course.pupils]
    returns = Returns.read(services.database.read_together(*return_lookups(services, pupils, now)))
    return tuple(ListedCourse.of(own, returns, teacher.day) for own in courses)


_WEEK: Final = timedelta(days=7)
_SHOWN: Final = 6  # from Monday to Saturday: on Sundays there are no lessons
FAR: Final = timedelta(days=731)  # the farthest week shown


@frozen
class Day:
    """A day of a week: its lessons by their hours, or the reason for having none."""

    on: date
    lessons: tuple[TaughtLesson, ...]
    closure: Closure | None
    is_day_off: bool


@frozen
class Week:
    """A week from its Monday on. `unplaced`: the courses whose day the file does not have."""

    monday: date
    days: tuple[Day, ...]
    without_day: tuple[OwnCourse, ...]
    is_outside: bool  # of the school year, the whole week

    @property
    def before(self) -> date:
        """The Monday of the week before."""
        return self.monday - _WEEK

    @property
    def after(self) -> date:
        """The Monday of the week after."""
        return self.monday + _WEEK


def day_from(text: str, day: date) -> date:
    """Parse the day of the week to show. Today if it is invalid or too far."""
    try:
        chosen_day = date.fromisoformat(text)
    except ValueError:
        return day
    return chosen_day if abs(chosen_day - day) <= FAR else day


def read_week(services: Services, teacher: TeacherContext, day: date, now: datetime) -> Week:
    """Read the week of a day, each of its own school year."""
    monday = day - timedelta(days=day.weekday())
    week = [monday + timedelta(days=number) for number in range(_SHOWN)]
    years = school_years(services.settings.network)

    def plan_of(courses: Iterable[tuple[CourseChanges, OwnCourse]]) -> list[Meeting]:
        return [meeting for course in courses for meeting in meetings(*course, years, (week[0], week[-1]))]

    lessons, _ = read_meetings(services, teacher.courses, plan_of, now)
    days = tuple(Day(on, _on(lessons, on), years.of(on).closure_on(on), is_day_off(on)) for on in week)
    without_day = tuple(own for own in teacher.courses if own.slot.weekday is None)
    return Week(monday, days, without_day, is_outside=not any(years.of(on).has(on) for on in week))


def _on(lessons: Iterable[TaughtLesson], day: date) -> tuple[TaughtLesson, ...]:
    day_lessons = (lesson for lesson in lessons if lesson.day == day)
    return tuple(sorted(day_lessons, key=lambda lesson: lesson.times[0].time() if lesson.times else time.max))


_LAST: Final = 2
_NEXT: Final = 4  # today's among them


@frozen
class CourseFile:
    """A course, and the lessons on its page: the last two, and the next four from today on.

    `opinions`: on its pupils' return, within their period.
    """

    course: ListedCourse
    last: tuple[TaughtLesson, ...]
    next: tuple[TaughtLesson, ...]
    opinions: CourseOpinions | None = None


def read_course(services: Services, teacher: TeacherContext, course: OwnCourse, now: datetime) -> CourseFile:
    """Read a course's page."""
    years, day = school_years(services.settings.network), teacher.day
    year = years.of(day)

    def plan_of(courses: Iterable[tuple[CourseChanges, OwnCourse]]) -> list[Meeting]:
        (changed_course,) = courses
        before = meetings(*changed_course, years, (year.starts_on, day - timedelta(days=1)))[-_LAST:]
        return [*before, *meetings(*changed_course, years, (day, year.ends_on))[:_NEXT]]

    pupils = return_lookups(services, ((course, pupil) for pupil in course.course.pupils), now)
    opinions = opinion_lookups(services, course, now) if opinion_window(services).has(day) else []
    lessons, items = read_meetings(services, (course,), plan_of, now, (*pupils, *opinions))
    returns, stored_opinions = Returns.read(items[: len(pupils)]), items[len(pupils) :]
    return CourseFile(
        ListedCourse.of(course, returns, day),
        tuple(lesson for lesson in lessons if lesson.day < day),
        tuple(lesson for lesson in lessons if lesson.day >= day),
        opinions_of_course(course, stored_opinions) if stored_opinions else None,
    )
