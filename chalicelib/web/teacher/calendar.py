"""/extranet/enseignant/agenda: the secret address of a teacher's calendar, and the calendar itself for programs."""

from typing import Final

from chalice.app import Response

from chalicelib.flows.teacher.calendar import calendar_link, change_calendar, lessons_behind
from chalicelib.web.lesson_calendar import lesson_calendar, subscription
from chalicelib.web.office.edge import TEACHERS_DOOR, redirect
from chalicelib.web.teacher.edge import TeacherBlueprint, TeacherRequest, teacher_page

routes = TeacherBlueprint(__name__)

_PAGE: Final = f"{TEACHERS_DOOR}/agenda"
_FILE: Final = f"{_PAGE}/{{lien}}"


@routes.get(_PAGE, right="teacher")
def show_calendar(request: TeacherRequest) -> Response:
    """Show the address, if there is one, and how a telephone or a computer subscribes to it."""
    link = calendar_link(request.services, request.teacher.teacher)
    return teacher_page(
        request, "calendar", "calendar", link=link, subscription=subscription(request, _FILE.format(lien=link))
    )


@routes.post(_PAGE, right="teacher")
def change_address(request: TeacherRequest) -> Response:
    """Make, renew or remove the address, and show the page again."""
    change_calendar(request.services, request.teacher, request.field("action"), request.field("lien"))
    return redirect(request.services, _PAGE)


@routes.get(_FILE, right=None)
def give_calendar(request: TeacherRequest) -> Response:
    """Give the lessons to any client that has the address."""
    lessons = lessons_behind(request.services, request.parts["lien"], request.now)
    return lesson_calendar(request, f"Mes cours - {request.services.settings.network.name}", "agenda", lessons)
