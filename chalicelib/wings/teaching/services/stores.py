"""The stores of teaching."""

from chalicelib.services.family import FamilyServices
from chalicelib.wings.teaching.stores.absence_counts import UnexcusedStore
from chalicelib.wings.teaching.stores.messages import Messages
from chalicelib.wings.teaching.stores.opinions import Opinions
from chalicelib.wings.teaching.stores.rolls import Rolls
from chalicelib.wings.teaching.stores.teachers import Teachers
from chalicelib.wings.teaching.stores.timetables import FamilyCourses, Timetables


class TeachingStores:
    """The stores of teaching, with those of lessons that families read."""

    def __init__(self, services: FamilyServices) -> None:
        database, table, lessons = services.database, services.settings.table("Teaching"), services.lessons
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
