"""…/eleves/{famille}/{eleve}/appreciations/{periode}: a teacher writes the assessment of a pupil for their family."""

from collections.abc import Sequence
from typing import Any, Final

from chalicelib.domain.refusals import FormRefusal
from chalicelib.web.edge import FormBlueprint
from chalicelib.web.office.edge import redirect
from chalicelib.web.responses import FormFeedback, Response, confirmation, feedback_on
from chalicelib.wings.teaching.domain.assessments import PupilAssessments, shown_as
from chalicelib.wings.teaching.flows.teacher import assessment as flow
from chalicelib.wings.teaching.web.teacher.edge import (
    PUPIL_PATH,
    TEACHER,
    TeacherRequest,
    course_path,
    pupil_path,
    teacher_page,
)

routes = FormBlueprint(__name__, TEACHER)

_PATH: Final = f"{PUPIL_PATH}/appreciations/{{periode}}"
_SAID: Final = {"enregistree": "assessment_saved", "retiree": "assessment_withdrawn"}  # by `fait`
_NEXT: Final = "suivant"


@routes.get(_PATH, right="teacher")
def show_assessment(request: TeacherRequest) -> Response:
    """Show the form, with the stored assessment and the earlier ones."""
    page = _find(request)
    code = _SAID.get(request.query.get("fait", ""))
    text = page.assessment.text if page.assessment else ""
    return _page(request, page, text, confirmation(code))


@routes.post(_PATH, right="teacher")
def write_assessment(request: TeacherRequest) -> Response:
    """Save the assessment, then stay or go to the course's next pupil. If refused, show the form again."""
    page, text = _find(request), request.field("appreciation")
    try:
        request.check_lengths()
        flow.save(request.services, request.teacher, page, flow.AssessmentInput(text, request.field("vu")), request.now)
    except FormRefusal as refusal:
        return _page(request, page, text, feedback_on(refusal, request))
    return _next_page(request, page, "enregistree" if text else "retiree")


def _find(request: TeacherRequest) -> flow.AssessmentPage:
    return flow.find(request, request.teacher, request.course, request.pupil, request.parts["periode"])


def _next_page(request: TeacherRequest, page: flow.AssessmentPage, act: str) -> Response:
    if not request.choice("action", "", _NEXT):
        return redirect(
            request.services, f"{pupil_path(page.course, page.pupil, 'appreciations', page.period.code)}?fait={act}"
        )
    if page.following is None:
        return redirect(request.services, course_path(page.course))
    return redirect(request.services, pupil_path(page.course, page.following, "appreciations", page.period.code))


def _page(request: TeacherRequest, page: flow.AssessmentPage, text: str, feedback: FormFeedback) -> Response:
    refusal = feedback.refusal
    move = refusal if isinstance(refusal, flow.AssessmentMoved) else None
    current = move.standing if move else page.assessment
    return teacher_page(
        request,
        "assessment",
        "own_pupils",
        feedback=feedback,
        page=page,
        text=text,
        shown=shown_as(current) if move or not refusal else request.field("vu"),
        other=move.standing if move else None,
        earlier=page.earlier(request.now),
        is_published=page.period.is_published(request.now),
        periods=flow.periods_of(request.teacher, request.now),
    )


def pupil_lookups(request: TeacherRequest) -> tuple[Any, ...]:
    """Look up the assessments of the page's pupil."""
    return (flow.lookup(request.services, request.course, request.pupil),)


def pupil_facts(request: TeacherRequest, assessments: Sequence[PupilAssessments]) -> dict[str, Any]:
    """Give the page the pupil's assessments by period."""
    return {"assessed": flow.by_period(request.teacher, request.course, assessments[0], request.now)}
