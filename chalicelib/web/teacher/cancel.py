"""/extranet/enseignant/cours/{site}/{cours}/annuler: a teacher cancels a lesson, and its families are informed."""

from typing import Final

from chalice.app import Response

from chalicelib.flows.teacher.cancel import Cancellable, own_cancellable
from chalicelib.web.office.absences import ENDING, CancelForm, cancel_page, take_cancellation
from chalicelib.web.teacher.edge import COURSE_PATH, TeacherBlueprint, TeacherRequest, course_path

routes = TeacherBlueprint(__name__)

_PATH: Final = f"{COURSE_PATH}/{ENDING}"


@routes.get(_PATH, right="teacher")
def show_form(request: TeacherRequest) -> Response:
    """Show the lessons to come."""
    return cancel_page(request, _form(request), _find(request))


@routes.post(_PATH, right="teacher")
def cancel_lesson(request: TeacherRequest) -> Response:
    """Cancel a lesson."""
    return take_cancellation(request, _form(request), lambda: _find(request))


def _form(request: TeacherRequest) -> CancelForm:
    return CancelForm(course_path(request.course, ENDING), course_path(request.course), "own_pupils")


def _find(request: TeacherRequest) -> Cancellable:
    return own_cancellable(request.services, request.course, request.now)
