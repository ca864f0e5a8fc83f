"""The stores of lessons, which families and teachers share."""

from typing import TYPE_CHECKING

from chalicelib.wings.teaching.stores.calendars import Calendars
from chalicelib.wings.teaching.stores.course_changes import CourseChangesStore
from chalicelib.wings.teaching.stores.pupil_items import Announcements, Assessments

if TYPE_CHECKING:
    from chalicelib.services.family import Services


class LessonStores:
    """The stores of lessons, all in their table."""

    def __init__(self, services: "Services") -> None:
        database, table = services.database, services.settings.table("Lessons")
        self.changes = CourseChangesStore(database, table)
        self.announcements = Announcements(database, table)
        self.calendars = Calendars(database, table, services.record.pseudonyms)
        self.assessments = Assessments(database, table)
