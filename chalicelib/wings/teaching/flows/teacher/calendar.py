"""A teacher's subscription to their lessons: a secret address, created, renewed and revoked. It names no pupil."""

import hmac
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final, Literal, get_args

from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.staff.members import Member, allows
from chalicelib.wings.teaching.domain.calendars import (
    CalendarCourse,
    PlannedLesson,
    is_same,
    new_nonce,
    planned_lessons,
)
from chalicelib.wings.teaching.domain.courses import TaughtCourse, Timetable
from chalicelib.wings.teaching.domain.teachers import Share, Teacher
from chalicelib.wings.teaching.flows.teacher.entry import TeacherContext
from chalicelib.wings.teaching.services.lessons import school_years
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services

Act = Literal["create", "renew", "revoke"]
_ACTS: Final = get_args(Act)
_WORDS: Final = 2  # of a link: the teacher's e-mail address, the nonce


def calendar_link(services: Services, teacher: Teacher) -> str:
    """Return the secret part of the address of a teacher's calendar. Empty if there is none."""
    return _seal(services).seal_text(teacher.email, teacher.calendar) if teacher.calendar else ""


def change_calendar(services: Services, context: TeacherContext, act: str, version: str) -> None:
    """Create, renew or revoke the address shown, unless `version`, its link, has changed. Raises `NotThere`."""
    if act not in _ACTS:
        raise NotThere

    def decide(teacher: Teacher) -> Teacher:
        if not hmac.compare_digest(calendar_link(services, teacher).encode(), version.encode()):
            return teacher
        return teacher.with_calendar("" if act == "revoke" else new_nonce())

    services.teaching.teachers.revise(context.teacher, decide)


def lessons_behind(services: Services, link: str, now: datetime) -> tuple[PlannedLesson, ...]:
    """Find the lessons that an address shows, in three reads and without a session.

    Raises `NotThere` for an unknown address, and if the member is no longer a teacher.
    """
    email, nonce = _owner(services, link)
    stores = services.teaching
    member, teacher = services.database.read_together(
        services.staff.members.lookup(email), stores.teachers.lookup(email)
    )
    if not (member and member.is_active and allows(member.role, "teacher") and is_same(nonce, teacher.calendar)):
        raise NotThere
    day = today(now)
    reads = tuple(stores.timetables.lookup(*key) for key in _timetables(teacher, day))
    timetables = tuple(one for one in services.database.read_together(*reads) if one) if reads else ()
    courses = {(course.site, course.key): course for course in _courses(member, teacher, timetables, day)}
    lookups = tuple(stores.changes.lookup(*key) for key in courses)
    changes = services.database.read_together(*lookups) if lookups else ()
    years = school_years(services.settings.network).of_calendar(day)
    return tuple(planned_lessons(years, courses.values(), {(one.site, one.course): one for one in changes}))


def _owner(services: Services, link: str) -> tuple[str, str]:
    """Find the teacher's e-mail address and the nonce of a calendar's address. Raises `NotThere`."""
    words = _seal(services).open_sent(link, _WORDS)
    if words is None:
        raise NotThere
    return words[0], words[1]


def _seal(services: Services) -> Seal:
    return Seal(services.settings.key_ring("teacher-calendars"), "calendar of a teacher")


def _lent(teacher: Teacher, day: date) -> tuple[Share, ...]:
    return tuple(share for share in teacher.shares if day <= share.last_on)


def _timetables(teacher: Teacher, day: date) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((*(link.key for link in teacher.links), *(one.key for one in _lent(teacher, day)))))


def _courses(
    member: Member, teacher: Teacher, timetables: tuple[Timetable, ...], day: date
) -> Iterator[CalendarCourse]:
    """List the courses of a teacher, lent ones first, so that their own replace them and are never shown as lent."""
    by_key = {(one.site, one.key): one for one in timetables if one.site in member.sites}
    for share in _lent(teacher, day):
        timetable = by_key.get(share.key)
        course = timetable.course(share.course) if timetable else None
        if timetable and course:
            yield _course(timetable, course, share)
    for key, timetable in by_key.items():
        if teacher.owns(*key):
            yield from (_course(timetable, course, None) for course in timetable.courses)


def _course(timetable: Timetable, course: TaughtCourse, share: Share | None) -> CalendarCourse:
    facts = timetable.site, course.key, course.discipline, course.slot, course.place
    if share is None:
        return CalendarCourse(*facts, teacher="")  # its own
    return CalendarCourse(*facts, timetable.teacher, share.first_on, share.last_on, is_lent=True)
