"""The stores of teaching, built on use: no family's start loads them."""

from chalicelib.services.family import Services
from chalicelib.services.lessons import lesson_stores
from chalicelib.stores.absence_counts import UnexcusedStore
from chalicelib.stores.course_changes import CourseChangesStore
from chalicelib.stores.messages import Messages
from chalicelib.stores.notices import Deliveries
from chalicelib.stores.opinions import Opinions
from chalicelib.stores.pupil_items import Announcements, Assessments
from chalicelib.stores.rolls import Rolls
from chalicelib.stores.teachers import Teachers
from chalicelib.stores.timetables import FamilyCourses, Timetables
from chalicelib.values import frozen


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
