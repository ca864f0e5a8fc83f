"""GET /extranet/enseignant/semaine: a teacher's week, day by day."""

from chalice.app import Response

from chalicelib.domain.teaching.slots import WEEKDAYS
from chalicelib.flows.teacher.week import day_from, read_week
from chalicelib.web.office.edge import WEEK_PAGE
from chalicelib.web.teacher.edge import TeacherBlueprint, TeacherRequest, teacher_page

routes = TeacherBlueprint(__name__)


@routes.get(WEEK_PAGE, right="teacher")
def show_week(request: TeacherRequest) -> Response:
    """Show the week of a day (`?jour=`), or this one."""
    teacher = request.teacher
    week = read_week(request.services, teacher, day_from(request.query.get("jour", ""), teacher.day), request.now)
    return teacher_page(request, "week", "week", week=week, path=WEEK_PAGE, weekdays=WEEKDAYS)
