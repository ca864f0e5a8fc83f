"""The stores of teaching, built where they are used, and the school year of a day: no family's start loads them."""

from datetime import date

from chalicelib.domain.teaching.school_years import Closure, SchoolYear, year_of
from chalicelib.services import Services
from chalicelib.settings import Network
from chalicelib.stores.announcements import Announcements
from chalicelib.stores.course_changes import CourseChangesStore
from chalicelib.stores.deliveries import Deliveries
from chalicelib.stores.opinions import Opinions
from chalicelib.stores.rolls import Rolls
from chalicelib.stores.teachers import Teachers
from chalicelib.stores.timetables import Timetables
from chalicelib.values import frozen


@frozen
class TeachingStores:
    """What the flows of teachers, and the office, use besides `Services` and `StaffStores`."""

    teachers: Teachers
    timetables: Timetables
    deliveries: Deliveries
    rolls: Rolls
    changes: CourseChangesStore
    announcements: Announcements
    opinions: Opinions


def teaching_stores(services: Services) -> TeachingStores:
    """Build them: they hold nothing of their own."""
    database, settings = services.database, services.settings
    return TeachingStores(
        teachers=Teachers(database, settings.staff_table),
        timetables=Timetables(database, settings.teaching_table),
        deliveries=Deliveries(database, settings.teaching_table),
        rolls=Rolls(database, settings.teaching_table),
        changes=CourseChangesStore(database, settings.lessons_table),
        announcements=Announcements(database, settings.lessons_table),
        opinions=Opinions(database, settings.teaching_table),
    )


def school_year(network: Network, day: date) -> SchoolYear:
    """Find the school year of a day, as the network's settings have it."""
    years = (
        SchoolYear(
            year.starts_on,
            year.ends_on,
            tuple(Closure(closure.name, closure.first_on, closure.last_on) for closure in year.closures),
        )
        for year in network.teaching.years
    )
    return year_of(years, day)
