"""/extranet/bureau/cours/{site}/{cours}/annuler: a secretary cancels a lesson of a course, and its families know."""

from typing import Final

from chalice.app import Response

from chalicelib.flows.teacher.cancel import Cancellable, office_cancellable
from chalicelib.web.office.cancel_form import ENDING, CancelForm, cancel_page, take_cancellation
from chalicelib.web.office.edge import DESK, DeskBlueprint, StaffRequest

routes = DeskBlueprint(__name__)

_COURSE: Final = f"{DESK}/cours/{{site}}/{{cours}}"
_PATH: Final = f"{_COURSE}/{ENDING}"


@routes.get(_PATH, right="secretary")
def show_form(request: StaffRequest) -> Response:
    """Show the lessons to come; `?enseignant=` spares a look through the site's timetables."""
    hint = request.query.get("enseignant", "")
    return cancel_page(request, _form(request, hint), _find(request, hint))


@routes.post(_PATH, right="secretary")
def cancel_lesson(request: StaffRequest) -> Response:
    """Cancel one."""
    hint = request.field("enseignant")
    return take_cancellation(request, _form(request, hint), lambda: _find(request, hint))


def _form(request: StaffRequest, hint: str) -> CancelForm:
    return CancelForm(_PATH.format(**request.parts), _COURSE.format(**request.parts), "teaching", hint)


def _find(request: StaffRequest, hint: str) -> Cancellable:
    site = next(site for site in request.staff.sites if site.code == request.parts["site"])
    return office_cancellable(request.services, site, request.parts["cours"], hint, request.now)
