"""The stores of teaching."""

from chalicelib.services.family import FamilyServices
from chalicelib.stores.absence_counts import UnexcusedStore
from chalicelib.stores.messages import Messages
from chalicelib.stores.opinions import Opinions
from chalicelib.stores.rolls import Rolls
from chalicelib.stores.teachers import Teachers
from chalicelib.stores.timetables import FamilyCourses, Timetables


class TeachingStores:
    """The stores of teaching, with those of lessons that families read."""

    def __init__(self, services: FamilyServices) -> None:
        database, table, lessons = services.database, services.settings.teaching_table, services.lessons
        self.teachers = Teachers(database, services.settings.staff_table)
        self.timetables = Timetables(database, table)
        self.courses = FamilyCourses(database, table)
        self.rolls = Rolls(database, table)
        self.opinions = Opinions(database, table)
        self.absences = UnexcusedStore(database, table)
        self.messages = Messages(database, table)
        self.changes = lessons.changes
        self.announcements = lessons.announcements
        self.assessments = lessons.assessments
