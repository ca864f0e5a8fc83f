"""Write the assessment of a pupil for their family: for one course and period, until the end of the school year.

A family reads it from the day set for the network. Its teacher may correct it before and after that day
(docs/decisions/0084).
"""

from dataclasses import field
from datetime import datetime

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import name_of_year
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.domain.teaching.assessments import (
    Assessment,
    AssessmentRef,
    Period,
    PupilAssessments,
    periods_open,
    shown_as,
)
from chalicelib.domain.teaching.courses import TaughtPupil
from chalicelib.flows.teacher.entry import OwnCourse, TeacherContext
from chalicelib.flows.teacher.pupil import courses_on_file
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.family import Visit
from chalicelib.services.lessons import assessment_periods
from chalicelib.services.teaching import TeachingServices as Services
from chalicelib.values import frozen


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
    shown: str


@frozen
class AssessmentPage:
    """The page of an assessment: a pupil of a course, a period, and all assessments of the pupil."""

    own: OwnCourse
    pupil: TaughtPupil
    period: Period
    assessments: PupilAssessments

    @property
    def ref(self) -> AssessmentRef:
        """The key of this assessment among the pupil's."""
        return AssessmentRef(self.period.year, self.period.code, self.own.key)

    @property
    def assessment(self) -> Assessment | None:
        """The stored assessment. None if there is none."""
        return self.assessments.texts.get(self.ref)

    def earlier(self, now: datetime) -> tuple[Assessment, ...]:
        """List the pupil's earlier assessments in this course or discipline, newest first."""
        discipline = self.own.course.discipline
        others = [
            one
            for ref, one in self.assessments.unexpired(now).items()
            if ref != self.ref and (ref.course == self.own.key or one.discipline == discipline)
        ]
        return tuple(sorted(others, key=lambda one: one.at, reverse=True))

    @property
    def following(self) -> TaughtPupil | None:
        """The next pupil in the course's list."""
        pupils = self.own.course.pupils
        place = pupils.index(self.pupil)
        return pupils[place + 1] if place + 1 < len(pupils) else None


def periods_of(teacher: TeacherContext, now: datetime) -> tuple[Period, ...]:
    """List the periods whose assessments may be written today."""
    return periods_open(assessment_periods(teacher.staff.network, name_of_year(teacher.day)), now)


def lookup(services: Services, own: OwnCourse, pupil: TaughtPupil) -> Lookup[PupilAssessments]:
    """Look up the assessments of a pupil."""
    return services.teaching.assessments.lookup(own.site.code, pupil.ref)


def by_period(
    teacher: TeacherContext, own: OwnCourse, assessments: PupilAssessments, now: datetime
) -> tuple[tuple[Period, Assessment | None], ...]:
    """List today's periods with the assessment of a pupil in a course for each."""
    periods = periods_of(teacher, now)
    return tuple((one, assessments.texts.get(AssessmentRef(one.year, one.code, own.key))) for one in periods)


def find(
    visit: Visit[Services], teacher: TeacherContext, own: OwnCourse, pupil: TaughtPupil, code: str
) -> AssessmentPage:
    """Read a pupil's assessments in one read, while the family's file has it in the course. Raises `NotThere`."""
    period = next((one for one in periods_of(teacher, visit.now) if one.code == code), None)
    if period is None:
        raise NotThere
    account = visit.services.accounts.lookup(AccountRef(own.site.code, pupil.ref.identifier))
    on_file, assessments = visit.services.database.read_together(account, lookup(visit.services, own, pupil))
    courses_on_file(on_file, own, pupil)
    return AssessmentPage(own, pupil, period, assessments)


def save(
    services: Services, teacher: TeacherContext, page: AssessmentPage, written: AssessmentInput, now: datetime
) -> PupilAssessments:
    """Write an assessment in one write. An empty text removes it. Idempotent.

    Raises `AssessmentMoved` after a concurrent change, `FieldsRefused` if there is no assessment to remove.
    """
    if not written.text and page.assessment is None and not written.shown:
        raise FieldsRefused({"appreciation": ("assessment_missing",)})

    def decide(before: PupilAssessments) -> PupilAssessments:
        standing = before.texts.get(page.ref)
        if (standing.text if standing else "") == written.text:
            return before
        if shown_as(standing) != written.shown:
            raise AssessmentMoved(standing)
        if not written.text:
            return before.without(page.ref, now)
        return before.with_text(page.ref, _assessment(teacher, page, written.text, now))

    _, after = services.teaching.assessments.revise(page.assessments, decide)
    return after


def _assessment(teacher: TeacherContext, page: AssessmentPage, text: str, now: datetime) -> Assessment:
    member = teacher.staff.member
    signed = member.name if page.own.share else page.own.teacher
    return Assessment(text, member.known_as, now, page.period.title, page.own.course.discipline, signed)
