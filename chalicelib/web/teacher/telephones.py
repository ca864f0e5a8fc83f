"""GET /extranet/enseignant/cours/…/eleves/…/telephones: whom to call; each look is noted before it is shown."""

from typing import Final

from chalice.app import Response

from chalicelib.flows.teacher.telephones import find_family
from chalicelib.office.consultations import note_consultation
from chalicelib.web.teacher.edge import PUPIL_PATH, TeacherBlueprint, TeacherRequest, teacher_page

routes = TeacherBlueprint(__name__)
_PATH: Final = f"{PUPIL_PATH}/telephones"


@routes.get(_PATH, right="teacher")
def show_telephones(request: TeacherRequest) -> Response:
    """Show the guardians' names and telephones, and nothing else of the family."""
    account = find_family(request.services, request.course, request.pupil)
    note_consultation(request.services, account.ref, "telephones_read", request.staff.member.known_as, request.now)
    guardians = account.household.guardians
    return teacher_page(
        request, "telephones", "own_pupils", own=request.course, pupil=request.pupil, guardians=guardians
    )
