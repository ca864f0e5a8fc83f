"""GET /extranet/enseignant/semaine: a teacher's week, day by day."""

from chalice.app import Response

from chalicelib.desk.edge import WEEK_PAGE
from chalicelib.desk.teaching.edge import TeacherBlueprint, TeacherRequest, teacher_page
from chalicelib.domain.teaching.slots import WEEKDAYS
from chalicelib.flows.teaching.week import day_from, read_week

routes = TeacherBlueprint(__name__)


@routes.get(WEEK_PAGE, right="teacher")
def show_week(request: TeacherRequest) -> Response:
    """Show the week of a day (`?jour=`), or this one."""
    teacher = request.teacher
    week = read_week(request.services, teacher, day_from(request.query.get("jour", ""), teacher.day), request.now)
    return teacher_page(request, "week", "week", week=week, path=WEEK_PAGE, weekdays=WEEKDAYS)
