"""GET and POST /extranet/bureau/personnel: who is of the staff, and somebody invited."""

from typing import Final

from chalice.app import Response

from chalicelib.domain.refusals import FieldsRefused, FormRefusal
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.invite import Invitee, invite
from chalicelib.office.staff.labels import ROLE_HINTS, ROLE_WORDS
from chalicelib.office.staff.show import list_staff
from chalicelib.web.office.edge import DESK, DeskBlueprint, StaffRequest, desk_page, redirect
from chalicelib.web.office.staff_forms import TypedGrant, check_reason, refused_form, staff_request
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = DeskBlueprint(__name__)

STAFF_PAGE: Final = f"{DESK}/personnel"
_DONE: Final = {
    "invitee": "L'invitation part par mail, avec un lien valable 24 heures. Tant qu'il n'est pas accepté, personne "
    "n'entre.",
}


@routes.get(STAFF_PAGE, right="manager", filters={})
def show_staff(request: StaffRequest) -> Response:
    """List the members, and offer to invite one more."""
    return _page(request)


@routes.post(STAFF_PAGE, right="manager")
def invite_member(request: StaffRequest) -> Response:
    """Have an invitation mailed, or show the form again."""
    try:
        request.check_lengths()
        _check_filled(request)
        check_reason(request)
        request.prove_again()
        typed = TypedGrant.of(request)
        invitee = Invitee(request.field("nom"), typed.role, typed.sites)
        invite(
            request.services, staff_request(request, request.field("courriel"), None), invitee, "mailed", request.now
        )
    except (FormRefusal, OfficeRefusal) as refusal:
        return _page(request, refused_form(request, refusal))
    request.services.record.write_of_staff(
        "staff_invited", request.now, request.client.request, request.field("courriel"), role=typed.role
    )
    return redirect(request.services, f"{STAFF_PAGE}?fait=invitee")


def _check_filled(request: StaffRequest) -> None:
    """Ask for all that is missing at once. Raises `FieldsRefused`."""
    codes = {"courriel": "staff_email_missing", "nom": "staff_name_missing", "role": "staff_role_missing"}
    if refused := {name: (code,) for name, code in codes.items() if not request.field(name)}:
        raise FieldsRefused(refused)


def _page(request: StaffRequest, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    return desk_page(
        request,
        "staff",
        "staff",
        feedback=feedback,
        information=_DONE.get(request.query.get("fait", "")),
        entries=list_staff(request.services, request.now),
        typed={name: request.field(name) for name in ("courriel", "nom", "raison")},
        grant=TypedGrant.of(request),
        roles=ROLE_HINTS,
        role_words=ROLE_WORDS,
        path=STAFF_PAGE,
    )
