"""GET /extranet/enseignant/cours/{site}/{cours}: one course, its pupils and its lessons."""

from chalice.app import Response

from chalicelib.flows.teacher.course import read_course
from chalicelib.web.teacher.edge import COURSE_PATH, TeacherBlueprint, TeacherRequest, teacher_page

routes = TeacherBlueprint(__name__)


@routes.get(COURSE_PATH, right="teacher")
def show_course(request: TeacherRequest) -> Response:
    """Show it, with the ways to what is done in it."""
    found = read_course(request.services, request.teacher, request.course, request.now)
    return teacher_page(request, "course", "own_pupils", own=request.course, found=found)
