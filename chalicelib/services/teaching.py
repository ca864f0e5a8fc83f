"""The stores of teaching, built on use: no family's start loads them."""

from datetime import date

from chalicelib.domain.teaching.assessments import Period
from chalicelib.domain.teaching.school_years import Closure, SchoolYear, year_of
from chalicelib.services.family import Services
from chalicelib.settings.environment import Network
from chalicelib.stores.absence_counts import UnexcusedStore
from chalicelib.stores.announcements import Announcements
from chalicelib.stores.assessments import Assessments
from chalicelib.stores.calendars import Calendars
from chalicelib.stores.course_changes import CourseChangesStore
from chalicelib.stores.messages import Messages
from chalicelib.stores.notices import Deliveries
from chalicelib.stores.opinions import Opinions
from chalicelib.stores.rolls import Rolls
from chalicelib.stores.teachers import Teachers
from chalicelib.stores.timetables import FamilyCourses, Timetables
from chalicelib.values import frozen


@frozen
class LessonStores:
    """The stores of lessons, used by a family's flows besides `Services`: all in the table of lessons."""

    changes: CourseChangesStore
    announcements: Announcements
    calendars: Calendars
    assessments: Assessments


def lesson_stores(services: Services) -> LessonStores:
    """Build the stores, which have no state."""
    database, table = services.database, services.settings.lessons_table
    return LessonStores(
        changes=CourseChangesStore(database, table),
        announcements=Announcements(database, table),
        calendars=Calendars(database, table, services.record.pseudonyms),
        assessments=Assessments(database, table),
    )


def school_year(network: Network, day: date) -> SchoolYear:
    """Return the school year of a day, from the network's settings."""
    years = (
        SchoolYear(
            year.starts_on,
            year.ends_on,
            tuple(Closure(closure.name, closure.first_on, closure.last_on) for closure in year.closures),
        )
        for year in network.teaching.years
    )
    return year_of(years, day)


def assessment_periods(network: Network, year: str) -> tuple[Period, ...]:
    """List the periods of a school year, by its name, for which pupils are assessed."""
    return tuple(Period.of(year, one.code, one.title, one.published_on) for one in network.teaching.assessments)


__all__ = ["TeachingStores", "school_year", "teaching_stores"]


@frozen
class TeachingStores:
    """The stores of teaching, used by flows and the office besides `Services` and `StaffStores`."""

    teachers: Teachers
    timetables: Timetables
    courses: FamilyCourses
    deliveries: Deliveries
    rolls: Rolls
    changes: CourseChangesStore
    announcements: Announcements
    opinions: Opinions
    assessments: Assessments
    unexcused: UnexcusedStore
    messages: Messages


def teaching_stores(services: Services) -> TeachingStores:
    """Build the stores, which have no state."""
    database, settings = services.database, services.settings
    lessons = lesson_stores(services)
    return TeachingStores(
        teachers=Teachers(database, settings.staff_table),
        timetables=Timetables(database, settings.teaching_table),
        courses=FamilyCourses(database, settings.teaching_table),
        deliveries=Deliveries(database, settings.teaching_table),
        rolls=Rolls(database, settings.teaching_table),
        opinions=Opinions(database, settings.teaching_table),
        changes=lessons.changes,
        announcements=lessons.announcements,
        assessments=lessons.assessments,
        unexcused=UnexcusedStore(database, settings.teaching_table),
        messages=Messages(database, settings.teaching_table),
    )
