"""GET /extranet/enseignant/semaine: a teacher's week, day by day."""

from chalice.app import Response

from chalicelib.desk.edge import WEEK_PAGE
from chalicelib.desk.teaching.edge import TeacherBlueprint, TeacherRequest, teacher_page

routes = TeacherBlueprint(__name__)


@routes.get(WEEK_PAGE, right="teacher")
def show_week(request: TeacherRequest) -> Response:
    """Show the courses of a week."""
    return teacher_page(request, "week", "week")
