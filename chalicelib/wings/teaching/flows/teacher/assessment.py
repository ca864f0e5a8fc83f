"""Write the assessment of a pupil for their family: for one course and period, until the end of the school year.

A family reads it from the day set for the network. Its teacher may correct it before and after that day
(docs/decisions/0084).
"""

from dataclasses import field
from datetime import datetime

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import name_of_year
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.family import Visit
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.assessments import (
    Assessment,
    AssessmentRef,
    Period,
    PupilAssessments,
    periods_open,
    shown_as,
)
from chalicelib.wings.teaching.domain.courses import TaughtPupil
from chalicelib.wings.teaching.flows.teacher.entry import OwnCourse, TeacherContext
from chalicelib.wings.teaching.flows.teacher.pupil import courses_on_file
from chalicelib.wings.teaching.services.lessons import assessment_periods
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services


class AssessmentMoved(FormRefusal):
    """Another teacher changed the same pupil's assessment concurrently. Nothing was overwritten.

    `standing`: the current assessment. None if it was withdrawn.
    """

    code = "assessment_moved"

    def __init__(self, standing: Assessment | None) -> None:
        super().__init__(self.code)
        self.standing = standing


@frozen
class AssessmentInput:
    """The form's input: the text, and the text shown before (`shown_as`)."""

    text: str = field(repr=False)
    version: str


@frozen
class AssessmentPage:
    """The page of an assessment: a pupil of a course, a period, and all assessments of the pupil."""

    course: OwnCourse
    pupil: TaughtPupil
    period: Period
    assessments: PupilAssessments

    @property
    def ref(self) -> AssessmentRef:
        """The key of this assessment among the pupil's."""
        return AssessmentRef(self.period.year, self.period.code, self.course.key)

    @property
    def assessment(self) -> Assessment | None:
        """The stored assessment. None if there is none."""
        return self.assessments.texts.get(self.ref)

    def earlier(self, now: datetime) -> tuple[Assessment, ...]:
        """List the pupil's earlier assessments in this course or discipline, newest first."""
        discipline = self.course.course.discipline
        texts = [
            text
            for ref, text in self.assessments.unexpired(now).items()
            if ref != self.ref and (ref.course == self.course.key or text.discipline == discipline)
        ]
        return tuple(sorted(texts, key=lambda one: one.at, reverse=True))

    @property
    def following(self) -> TaughtPupil | None:
        """The next pupil in the course's list."""
        pupils = self.course.course.pupils
        place = pupils.index(self.pupil)
        return pupils[place + 1] if place + 1 < len(pupils) else None


def periods_of(teacher: TeacherContext, now: datetime) -> tuple[Period, ...]:
    """List the periods whose assessments may be written today."""
    return periods_open(assessment_periods(teacher.staff.network, name_of_year(teacher.day)), now)


def lookup(services: Services, course: OwnCourse, pupil: TaughtPupil) -> Lookup[PupilAssessments]:
    """Look up the assessments of a pupil."""
    return services.teaching.assessments.lookup(course.site.code, pupil.ref)


def by_period(
    teacher: TeacherContext, course: OwnCourse, assessments: PupilAssessments, now: datetime
) -> tuple[tuple[Period, Assessment | None], ...]:
    """List today's periods with the assessment of a pupil in a course for each."""
    periods = periods_of(teacher, now)
    return tuple((one, assessments.texts.get(AssessmentRef(one.year, one.code, course.key))) for one in periods)


def find(
    visit: Visit[Services], teacher: TeacherContext, course: OwnCourse, pupil: TaughtPupil, code: str
) -> AssessmentPage:
    """Read a pupil's assessments in one read, while the family's file has them in the course. Raises `NotThere`."""
    period = next((one for one in periods_of(teacher, visit.now) if one.code == code), None)
    if period is None:
        raise NotThere
    account = visit.services.accounts.lookup(AccountRef(course.site.code, pupil.ref.identifier))
    on_file, assessments = visit.services.database.read_together(account, lookup(visit.services, course, pupil))
    courses_on_file(on_file, course, pupil)
    return AssessmentPage(course, pupil, period, assessments)


def save(
    services: Services, teacher: TeacherContext, page: AssessmentPage, form: AssessmentInput, now: datetime
) -> PupilAssessments:
    """Write an assessment in one write. An empty text removes it. Idempotent.

    Raises `AssessmentMoved` after a concurrent change, `FieldsRefused` if there is no assessment to remove.
    """
    if not form.text and page.assessment is None and not form.version:
        raise FieldsRefused({"appreciation": ("assessment_missing",)})

    def decide(before: PupilAssessments) -> PupilAssessments:
        standing = before.texts.get(page.ref)
        if (standing.text if standing else "") == form.text:
            return before
        if shown_as(standing) != form.version:
            raise AssessmentMoved(standing)
        if not form.text:
            return before.without(page.ref, now)
        return before.with_text(page.ref, _assessment(teacher, page, form.text, now))

    _, after = services.teaching.assessments.revise(page.assessments, decide)
    return after


def _assessment(teacher: TeacherContext, page: AssessmentPage, text: str, now: datetime) -> Assessment:
    member = teacher.staff.member
    name = member.name if page.course.share else page.course.teacher
    return Assessment(text, member.known_as, now, page.period.title, page.course.course.discipline, name)
