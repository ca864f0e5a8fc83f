"""Announced absences, in the table of lessons: one item per pupil, read by its family and its teachers."""

from datetime import datetime

from chalicelib.domain.teaching.announcements import LessonKey, PupilAbsences
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.stores.pupil_items import LESSON, PupilItems, end_of_last_lesson


class Announcements(PupilItems[PupilAbsences]):
    """Finds a pupil's announced absences and changes them."""

    codec = Codec(PupilAbsences, "site", "pupil", shapes={LessonKey: LESSON})
    prefix = "absences\t"

    def expires_at(self, absences: PupilAbsences) -> datetime | None:
        """Expire with the last lesson."""
        return end_of_last_lesson(absences.announced)
