"""GET /extranet/enseignant: the teachers' door, with the login form of the staff; who is logged in goes on."""

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
_SAID: Final = {"terminee": "staff_session_over", "sortie": "staff_logged_out"}  # what led here, by `fait`


@routes.get(TEACHERS_DOOR, right=None)
def show_door(request: TeacherRequest) -> Response:
    """Show the form, which `/extranet/bureau/connexion` takes; lead on who has entered, or only waits for a code."""
    try:
        staff = enter(request.services, request.token, request.now)
    except CodeAwaited:
        return redirect(request.services, CODE_PAGE)
    except NotLoggedIn:
        said = _SAID.get(request.query.get("fait", ""))
        return door_page(
            request,
            "door",
            folder="teacher",
            information=texts.sentence(said) if said else None,
            typed={"courriel": ""},
            has_proconnect=is_offered(request.services),
        )
    return redirect(request.services, WEEK_PAGE if staff.may("teacher") else DESK)
