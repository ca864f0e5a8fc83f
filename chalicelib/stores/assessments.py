"""Assessments, in the table of lessons: one item per pupil, written by its teachers and read by its family."""

from datetime import datetime

from chalicelib.domain.teaching.assessments import AssessmentRef, PupilAssessments
from chalicelib.infra.dynamo.codec import Codec, Shape
from chalicelib.stores.pupil_items import PupilItems


class Assessments(PupilItems[PupilAssessments]):
    """Finds a pupil's assessments, published or not, and changes them."""

    codec = Codec(
        PupilAssessments, "site", "pupil", shapes={AssessmentRef: Shape(lambda ref: ref.name, AssessmentRef.parse)}
    )
    prefix = "assessments\t"

    def expires_at(self, assessments: PupilAssessments) -> datetime | None:
        """Expire with the last text."""
        return max((ref.expires_at for ref in assessments.texts), default=None)
