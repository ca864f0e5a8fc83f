"""The stores of lessons, which families and teachers share, and the school year of a day."""

from datetime import date
from functools import cached_property

from chalicelib.domain.teaching.assessments import Period
from chalicelib.domain.teaching.school_years import Closure, SchoolYear, year_of
from chalicelib.services.family import Services
from chalicelib.settings.environment import Network
from chalicelib.stores.calendars import Calendars
from chalicelib.stores.course_changes import CourseChangesStore
from chalicelib.stores.pupil_items import Announcements, Assessments


class LessonStores:
    """The stores of lessons, all in their table."""

    def __init__(self, services: Services) -> None:
        database, table = services.database, services.settings.lessons_table
        self.changes = CourseChangesStore(database, table)
        self.announcements = Announcements(database, table)
        self.calendars = Calendars(database, table, services.record.pseudonyms)
        self.assessments = Assessments(database, table)


class FamilyServices(Services):
    """The services of families."""

    @cached_property
    def lessons(self) -> LessonStores:
        """The stores of lessons."""
        return LessonStores(self)


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
