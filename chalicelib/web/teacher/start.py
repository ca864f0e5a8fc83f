"""GET /extranet/enseignant: the teachers' door, with the staff's login form. A teacher logged in is sent on."""

from typing import Final

from chalice.app import Response

from chalicelib.domain.refusals import NotLoggedIn
from chalicelib.domain.staff.refusals import CodeAwaited
from chalicelib.flows.staff.entry import enter
from chalicelib.flows.staff.proconnect import is_offered
from chalicelib.presentation import texts
from chalicelib.web.office.edge import CODE_PAGE, DESK, TEACHERS_DOOR, WEEK_PAGE, door_page, redirect
from chalicelib.web.teacher.edge import TeacherBlueprint, TeacherRequest

routes = TeacherBlueprint(__name__)
_SAID: Final = {"terminee": "staff_session_over", "sortie": "staff_logged_out"}  # the cause of coming here, by `fait`


@routes.get(TEACHERS_DOOR, right=None)
def show_door(request: TeacherRequest) -> Response:
    """Show the form, which `/extranet/bureau/connexion` takes. Redirect a session that is open or awaits its code."""
    try:
        staff = enter(request.services, request.token, request.now)
    except CodeAwaited:
        return redirect(request.services, CODE_PAGE)
    except NotLoggedIn:
        code = _SAID.get(request.query.get("fait", ""))
        return door_page(
            request,
            "door",
            folder="teacher",
            information=texts.sentence(code) if code else None,
            typed={"courriel": ""},
            has_proconnect=is_offered(request.services),
        )
    return redirect(request.services, WEEK_PAGE if staff.may("teacher") else DESK)
