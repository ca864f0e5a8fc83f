"""Cancel lessons to come, or have them take place after all, as their teacher or as the office.

One lesson, a day or a week: a write for each, and one mail to each address of a family about all of its lessons.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import PARIS, today
from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.domain.refusals import FieldsRefused, NotThere
from chalicelib.mail.outbox import MAILED_AFTER, UNDO_LASTS, Outbox
from chalicelib.services.family import Visit
from chalicelib.settings.environment import Site
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.announcements import CourseChanges, LessonCancellation, LessonChange
from chalicelib.wings.teaching.domain.messages import day_of_form
from chalicelib.wings.teaching.flows.teacher.courses import FAR, meetings, read_changes
from chalicelib.wings.teaching.flows.teacher.entry import OwnCourse, TeacherContext
from chalicelib.wings.teaching.mail import About, LessonsChanged
from chalicelib.wings.teaching.services.lessons import school_years
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services

AHEAD: Final = timedelta(weeks=8)
_KEY: Final = 16  # digits of a teacher's key
_WEEK: Final = timedelta(days=7)
# An interrupted form that is sent again within it has one mail for all of its lessons, as none has left yet.
_RESUMED: Final = timedelta(minutes=1)


@frozen
class DatedLesson:
    """A lesson to come, with its course's changes."""

    course: OwnCourse
    day: date
    changes: CourseChanges

    @property
    def cancellation(self) -> LessonCancellation | None:
        """Its cancellation, if it is cancelled."""
        return self.changes.cancelled.get(self.day)

    @property
    def usual_day(self) -> date:
        """Its usual day."""
        return self.changes.usual(self.day)

    @property
    def times(self) -> tuple[datetime, datetime] | None:
        """Its begin and end. None if the file does not have them."""
        return self.changes.hours(self.course.slot, self.day)

    @property
    def change(self) -> LessonChange | None:
        """Its change, if it is moved or given by another teacher."""
        return self.changes.changes.get(self.usual_day)

    @property
    def key(self) -> tuple[str, str, str]:
        """Its key in a job."""
        return self.course.key, self.day.isoformat(), teacher_key(self.course.teacher)


@frozen
class Cancellable:
    """Courses with some of their lessons to come, today's until they end."""

    courses: tuple[OwnCourse, ...]
    lessons: tuple[DatedLesson, ...]
    first_on: date
    last_on: date

    @property
    def open(self) -> tuple[DatedLesson, ...]:
        """The lessons that take place, and may be cancelled."""
        return tuple(lesson for lesson in self.lessons if lesson.cancellation is None)

    @property
    def cancellations(self) -> tuple[tuple[LessonCancellation, datetime, list[DatedLesson]], ...]:
        """The cancelled lessons by their acts, the last one first, each with the time until which it has no mail."""
        acts: dict[str, tuple[LessonCancellation, datetime, list[DatedLesson]]] = {}
        for lesson in self.lessons:
            if lesson.cancellation:
                at = lesson.cancellation.at
                act = acts.setdefault(lesson.cancellation.name, (lesson.cancellation, at + UNDO_LASTS, []))
                act[2].append(lesson)
        return tuple(sorted(acts.values(), key=lambda act: act[0].at, reverse=True))

    @property
    def families(self) -> tuple[AccountRef, ...]:
        """The families of its courses."""
        pupils = ((own.site.code, pupil.ref.identifier) for own in self.courses for pupil in own.course.pupils)
        return tuple(dict.fromkeys(AccountRef(*ref) for ref in pupils))


@frozen
class LessonReaders:
    """The families of lessons to cancel, their pupils and addresses. `unreachable`: pupils whose family has none."""

    pupils: int
    families: int
    addresses: int
    unreachable: tuple[str, ...]


@frozen
class LessonMove:
    """The day of a lesson as typed, its new day, hour and teacher, each empty or None if it stays the usual one."""

    lesson: str
    day: date | None
    hour: time | None
    teacher: str


@frozen
class LessonsInput:
    """A submitted form: its key, so that sent again it goes on, and the words for families. `by`: the proven author."""

    key: str
    why: str = field(repr=False)
    by: str = field(repr=False)


def own_cancellable(services: Services, course: OwnCourse, now: datetime) -> Cancellable:
    """Read the lessons of a teacher's course that may be cancelled. If it is lent, only on its days."""
    return _cancellable(services, read_changes(services, (course,)), (today(now), today(now) + AHEAD), now)


def office_cancellable(services: Services, site: Site, key: str, teacher: str, now: datetime) -> Cancellable:
    """Read the lessons of a site's course that may be cancelled, by its key. Raises `NotThere`.

    `teacher`: the teacher's key, if the address has it: one read. Else all timetables of the site are read.
    """
    stores = services.teaching
    timetable, changes = services.database.read_together(
        stores.timetables.lookup(site.code, teacher[:_KEY]), stores.changes.lookup(site.code, key)
    )
    candidates = (timetable,) if timetable and timetable.course(key) else stores.timetables.all(site.code)
    for candidate in candidates:
        if course := candidate.course(key):
            courses = ((changes, OwnCourse(site, candidate.teacher, course)),)
            return _cancellable(services, courses, (today(now), today(now) + AHEAD), now)
    raise NotThere


def own_days(services: Services, teacher: TeacherContext, days: tuple[str, str], now: datetime) -> Cancellable:
    """Read the lessons that a teacher gives on some days, at most a week. Raises `NotThere`."""
    return _days(services, teacher.courses, days, now)


def office_days(services: Services, site: Site, teacher: str, days: tuple[str, str], now: datetime) -> Cancellable:
    """Read the lessons of a teacher of a site, by their key, on some days, at most a week. Raises `NotThere`."""
    timetable = services.teaching.timetables.find(site.code, teacher)
    if timetable is None:
        raise NotThere
    return _days(services, [OwnCourse(site, timetable.teacher, course) for course in timetable.courses], days, now)


def readers_of(services: Services, cancellable: Cancellable) -> LessonReaders:
    """Count the families of the lessons that take place, in one round trip."""
    open_courses = tuple({lesson.course.key: lesson.course for lesson in cancellable.open}.values())
    refs = replace(cancellable, courses=open_courses).families
    accounts = services.accounts.find_all(*refs) if refs else ()
    emails = {account.ref: account.emails for account in accounts if account and not account.gone_at}
    pupils = {
        (course.site.code, pupil.ref): (emails.get(AccountRef(course.site.code, pupil.ref.identifier)), pupil.name)
        for course in open_courses
        for pupil in course.course.pupils
    }
    unreachable = tuple(name for addresses, name in pupils.values() if addresses == ())
    return LessonReaders(len(pupils), len(emails), sum(map(len, emails.values())), unreachable)


def cancel(visit: Visit[Services], cancellable: Cancellable, form: LessonsInput, day: str) -> None:
    """Cancel one lesson. Idempotent. Raises `FieldsRefused`, also for an earlier cancellation by someone else."""
    lesson = next((lesson for lesson in cancellable.lessons if lesson.day.isoformat() == day), None)
    if lesson is None:
        raise FieldsRefused({"jour": ("lesson_to_cancel_missing",)})
    (changes,) = cancel_lessons(visit, (lesson,), form) or (lesson.changes,)
    stands = changes.cancelled[lesson.day]
    if (stands.by, stands.why) != (form.by, form.why):
        raise FieldsRefused({"jour": ("lesson_cancelled_already",)})


def cancel_lessons(
    visit: Visit[Services], lessons: Iterable[DatedLesson], form: LessonsInput
) -> tuple[CourseChanges, ...]:
    """Cancel lessons. Idempotent. An earlier cancellation by someone else is kept. Returns the changes as written."""

    def decide(lesson: DatedLesson, act: str, changes: CourseChanges) -> CourseChanges:
        return changes.with_cancelled(lesson.day, LessonCancellation(form.by, visit.now, form.why, act))

    due = [lesson for lesson in lessons if lesson.cancellation is None]
    return _write(visit, "cancelled", form, (tuple(lessons), due), decide)


def hold_lessons(visit: Visit[Services], cancellable: Cancellable, form: LessonsInput, act: str) -> bool:
    """Have the lessons take place that an act cancelled. Idempotent. Returns whether a mail says so.

    None does within thirty seconds, as that of the cancellation is held back. Later ones do, to those who had it.
    """

    def decide(lesson: DatedLesson, act: str, changes: CourseChanges) -> CourseChanges:
        is_due = changes.cancelled.get(lesson.day) == lesson.cancellation
        change = changes.changes.get(lesson.day) or LessonChange(form.by, visit.now)
        change = replace(change, by=form.by, at=visit.now, act=act)
        return changes.with_change(lesson.day, change) if is_due else changes

    due = [lesson for lesson in cancellable.lessons if lesson.cancellation and lesson.cancellation.name == act]
    is_mailed = any(lesson.cancellation and visit.now >= lesson.cancellation.at + UNDO_LASTS for lesson in due)
    _write(visit, "changed" if is_mailed else None, form, (cancellable.lessons, due), decide)
    return is_mailed


def change_lesson(visit: Visit[Services], cancellable: Cancellable, form: LessonsInput, move: LessonMove) -> None:
    """Move a lesson to another day or hour, or name its substitute, or have it as usual again. Idempotent.

    Raises `FieldsRefused`, also if it was changed since the page was shown.
    """
    if form.key and any(lesson.change and lesson.change.act == form.key for lesson in cancellable.lessons):
        return  # the form is sent again
    lesson = next((lesson for lesson in cancellable.open if lesson.day.isoformat() == move.lesson), None)
    if lesson is None:
        raise FieldsRefused({"jour": ("lesson_to_cancel_missing",)})
    hours = _hours(cancellable, lesson, move, visit.now)
    usual_lesson, former = replace(lesson, day=lesson.usual_day), lesson.change or LessonChange("", visit.now)
    change = LessonChange(form.by, visit.now, "", why=form.why, begins=hours[0], ends=hours[1], teacher=move.teacher)

    def decide(_lesson: DatedLesson, act: str, changes: CourseChanges) -> CourseChanges:
        if changes.entry(usual_lesson.day) != lesson.changes.entry(usual_lesson.day):
            raise FieldsRefused({"jour": ("lesson_changed_meanwhile",)})
        return changes.with_change(usual_lesson.day, replace(change, act=act))

    is_same = (former.begins, former.teacher, former.why) == (change.begins, change.teacher, change.why)
    _write(visit, "changed", form, ((usual_lesson,), [] if is_same else [usual_lesson]), decide)


def _hours(
    cancellable: Cancellable, lesson: DatedLesson, move: LessonMove, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """Find the start and end of a moved lesson, as long as usual. None for the usual ones. Raises `FieldsRefused`."""
    slot, day = lesson.course.slot, move.day or lesson.day
    usual_hours, hour = slot.on(lesson.usual_day), move.hour or slot.begins
    if not (move.day or move.hour) or (day, hour) == (lesson.usual_day, slot.begins):
        return None, None
    if hour is None:
        raise FieldsRefused({"heure": ("hour_missing",)})
    begins = datetime.combine(day, hour, PARIS)
    ends = begins + (usual_hours[1] - usual_hours[0] if usual_hours else timedelta(hours=1))
    days = {other.day for other in cancellable.lessons} - {lesson.day}
    if not now < begins < now + AHEAD or day in days:
        raise FieldsRefused({"du": ("move_day_taken",)})
    return begins, ends


def _write(
    visit: Visit[Services],
    about: About | None,
    form: LessonsInput,
    lessons: tuple[Sequence[DatedLesson], Sequence[DatedLesson]],
    decide: Callable[[DatedLesson, str, CourseChanges], CourseChanges],
) -> tuple[CourseChanges, ...]:
    """Post the mails of a form's lessons, then write those that are due, which the same form may have left."""
    all_lessons, due = lessons
    act = form.key if day_of_form(form.key) else visit.client.request
    entries = [(lesson, entry) for lesson in all_lessons if (entry := lesson.changes.entry(lesson.day))]
    former = [(lesson, entry.at) for lesson, entry in entries if entry.act == act]
    if any(visit.now - at > _RESUMED for _, at in former):
        act, former = visit.client.request, []
    for site in dict.fromkeys(lesson.course.site.code for lesson in due if about):
        lessons_of_act = (*(lesson for lesson, _ in former), *due)
        keys = tuple(lesson.key for lesson in lessons_of_act if lesson.course.site.code == site)
        request, now = visit.client.request, visit.now
        job = LessonsChanged(request=request, asked_at=now, site=site, about=about or "changed", act=act, lessons=keys)
        Outbox(visit.services.post_box, MAILED_AFTER).post(job)
    changes = visit.services.teaching.changes
    return tuple(changes.revise(lesson.changes, partial(decide, lesson, act))[1] for lesson in due)


def _days(services: Services, courses: Sequence[OwnCourse], days: tuple[str, str], now: datetime) -> Cancellable:
    try:
        first_on, last_on = map(date.fromisoformat, days)
    except ValueError:
        raise NotThere from None
    if not first_on <= last_on < first_on + _WEEK or abs(first_on - today(now)) > FAR:
        raise NotThere
    return _cancellable(services, read_changes(services, courses), (first_on, last_on), now)


def _cancellable(
    services: Services, courses: Sequence[tuple[CourseChanges, OwnCourse]], days: tuple[date, date], now: datetime
) -> Cancellable:
    """List the lessons of courses on some days, without those that are over."""
    years, days_left = school_years(services.settings.network), (max(days[0], today(now)), days[1])
    lessons = [
        DatedLesson(course, day, changes)
        for changes, course in courses
        for _, day in meetings(changes, course, years, days_left)
        if (hours := changes.hours(course.slot, day)) is None or now < hours[1]
    ]
    lessons.sort(key=lambda lesson: (lesson.day, lesson.course.slot.order))
    return Cancellable(tuple(course for _, course in courses), tuple(lessons), *days)
