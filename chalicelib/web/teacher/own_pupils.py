"""GET /extranet/enseignant/eleves: « Mes élèves », by day and course."""

from itertools import groupby
from typing import Final

from chalice.app import Response

from chalicelib.domain.teaching.slots import WEEKDAYS
from chalicelib.flows.teacher.own_pupils import read_own_pupils
from chalicelib.web.teacher.edge import PUPILS_PAGE, TeacherBlueprint, TeacherRequest, teacher_page

routes = TeacherBlueprint(__name__)
_UNPLACED: Final = "sans jour connu"


@routes.get(PUPILS_PAGE, right="teacher")
def show_own_pupils(request: TeacherRequest) -> Response:
    """Show them, each in each of its courses."""
    courses = read_own_pupils(request.services, request.teacher, request.now)
    by_day = groupby(courses, key=lambda listed: listed.own.slot.weekday)
    days = [(_UNPLACED if day is None else WEEKDAYS[day], list(some)) for day, some in by_day]
    count = len({(one.own.site.code, listed.pupil.ref) for one in courses for listed in one.pupils})
    return teacher_page(request, "own_pupils", "own_pupils", days=days, count=count)
