"""The stores of lessons, which families and teachers share, and the school year of a day: built where they are used."""

from datetime import date

from chalicelib.domain.teaching.assessments import Period
from chalicelib.domain.teaching.school_years import Closure, SchoolYear, year_of
from chalicelib.services.family import Services
from chalicelib.settings.environment import Network
from chalicelib.stores.calendars import Calendars
from chalicelib.stores.course_changes import CourseChangesStore
from chalicelib.stores.pupil_items import Announcements, Assessments
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
