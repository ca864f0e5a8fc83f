"""/extranet/enseignant/cours/{site}/{cours}/annuler: a teacher cancels a lesson, and its families are informed."""

from typing import Final

from chalicelib.flows.teacher.cancel import own_cancellable
from chalicelib.web.office.absences import ENDING, CancelForm, cancel_act
from chalicelib.web.teacher.edge import COURSE_PATH, TeacherBlueprint, TeacherRequest, course_path

routes = TeacherBlueprint(__name__)


def _form(request: TeacherRequest) -> CancelForm:
    return CancelForm(course_path(request.course, ENDING), course_path(request.course))


_ACT: Final = cancel_act(
    f"{COURSE_PATH}/{ENDING}",
    "teacher",
    "own_pupils",
    _form,
    lambda request: own_cancellable(request.services, request.course, request.now),
)
routes.get(_ACT.path, right="teacher")(_ACT.page.open)
routes.post(_ACT.path, right="teacher")(_ACT.take)
