"""GET /extranet/enseignant/cours/{site}/{cours}: one course, its pupils and its lessons."""

from chalice.app import Response

from chalicelib.desk.teaching.edge import COURSE_PATH, TeacherBlueprint, TeacherRequest, teacher_page
from chalicelib.flows.teaching.course import read_course

routes = TeacherBlueprint(__name__)


@routes.get(COURSE_PATH, right="teacher")
def show_course(request: TeacherRequest) -> Response:
    """Show it, with the ways to what is done in it."""
    found = read_course(request.services, request.teacher, request.course, request.now)
    return teacher_page(request, "course", "own_pupils", own=request.course, found=found)
