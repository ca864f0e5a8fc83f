"""The courses of sites for the office: by teacher's name in the yearly file, with their members."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.staff.members import Member
from chalicelib.domain.text import fold
from chalicelib.settings.environment import Site
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.announcements import CourseChanges
from chalicelib.wings.teaching.domain.courses import TaughtCourse, Timetable
from chalicelib.wings.teaching.domain.school_years import Slot
from chalicelib.wings.teaching.domain.teachers import Share, Teacher
from chalicelib.wings.teaching.services.lessons import school_years
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services

LESSONS_SHOWN: Final = 8
_AHEAD: Final = timedelta(days=120)


@frozen
class TeacherName:
    """A teacher's name at a site, its courses in the order of a week, and the members who have it."""

    timetable: Timetable
    members: tuple[Member, ...]

    @property
    def courses(self) -> tuple[TaughtCourse, ...]:
        """Its courses in the order of a week."""
        return tuple(
            sorted(self.timetable.courses, key=lambda course: (Slot.parse(course.slot).order, course.discipline))
        )


@frozen
class SiteCourses:
    """The courses of a site, by teacher's name. `built_at`: of the oldest of its timetables."""

    site: Site
    names: tuple[TeacherName, ...]

    @property
    def built_at(self) -> datetime | None:
        """When its timetables were built."""
        return min((name.timetable.built_at for name in self.names), default=None)


@frozen
class Loan:
    """A course lent to a substitute."""

    member: Member
    share: Share


@frozen
class CourseDetails:
    """One course: its members, its loans from today on, the possible substitutes, its cancelled lessons.

    `version`: that of its loans.
    """

    site: Site
    name: TeacherName
    course: TaughtCourse
    loans: tuple[Loan, ...]
    substitutes: tuple[Member, ...]
    changes: CourseChanges
    lessons: tuple[date, ...]
    version: str


def site_courses(services: Services, sites: Iterable[Site]) -> tuple[SiteCourses, ...]:
    """List the courses of sites (a read for each, and two)."""
    members, teachers = _teachers(services), tuple(services.teaching.teachers.all())
    return tuple(
        SiteCourses(site, tuple(sorted(_names(services, site.code, members, teachers), key=_spelling)))
        for site in sites
    )


def course_details(services: Services, site: Site, key: str, now: datetime) -> CourseDetails:
    """Find a course of a site. Raises `NotThere`."""
    stores, members, day = services.teaching, _teachers(services), today(now)
    teachers = tuple(stores.teachers.all())
    name = next((one for one in _names(services, site.code, members, teachers) if one.timetable.course(key)), None)
    course = name.timetable.course(key) if name else None
    if name is None or course is None:
        raise NotThere
    changes, loan = services.database.read_together(
        stores.changes.lookup(site.code, key), stores.teachers.lookup_loans(site.code, key)
    )
    years, slot = school_years(services.settings.network), Slot.parse(course.slot)
    return CourseDetails(
        site,
        name,
        course,
        tuple(_loans(members, teachers, site.code, key, day)),
        tuple(member for member in members if _teaches_at(member, site.code) and member not in name.members),
        changes,
        tuple(changes.days(years.lessons(slot, day, day + _AHEAD), day, day + _AHEAD)[:LESSONS_SHOWN]),
        loan,
    )


def _teachers(services: Services) -> tuple[Member, ...]:
    """List the members whose role opens courses, by name."""
    members = (one for one in services.staff.members.all() if one.role == "teacher" and not one.disabled)
    return tuple(sorted(members, key=lambda member: (fold(member.name), member.email)))


def _teaches_at(member: Member, site: str) -> bool:
    return site in member.sites


def _names(
    services: Services, site: str, members: tuple[Member, ...], teachers: tuple[Teacher, ...]
) -> Iterator[TeacherName]:
    at_site = [member for member in members if _teaches_at(member, site)]
    for timetable in services.teaching.timetables.all(site):
        emails = {teacher.email for teacher in teachers if teacher.owns(site, timetable.key)}
        yield TeacherName(timetable, tuple(member for member in at_site if member.email in emails))


def _loans(
    members: tuple[Member, ...], teachers: tuple[Teacher, ...], site: str, key: str, day: date
) -> Iterator[Loan]:
    by_email = {member.email: member for member in members}
    shares = ((teacher.email, share) for teacher in teachers for share in teacher.shares)
    for email, share in sorted(shares, key=lambda found: found[1].first_on):
        if (share.site, share.course) == (site, key) and share.last_on >= day and email in by_email:
            yield Loan(by_email[email], share)


def _spelling(name: TeacherName) -> str:
    return fold(name.timetable.teacher)
