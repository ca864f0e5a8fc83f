"""GET and POST /extranet/bureau/personnel: the members of staff, and the form to invite one."""

from typing import Final

from chalice.app import Response

from chalicelib.domain.refusals import FieldsRefused, FormRefusal
from chalicelib.domain.staff.members import Member
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff import members as office
from chalicelib.office.staff.links import Invitee, invite
from chalicelib.office.staff.show import list_staff
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.presentation.office.staff import ROLE_HINTS, access_state
from chalicelib.presentation.texts import ROLES
from chalicelib.values import frozen
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import DESK, DeskBlueprint, StaffRequest, desk_page, redirect
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

# The field beside which a refusal of the office is shown.
_FIELDS: Final = {
    "author_missing": "raison",
    "office_why_long": "raison",
    "office_who_long": "nom",
    "email_unreadable": "courriel",
    "email_not_ascii": "courriel",
    "staff_active": "courriel",
    "staff_disabled": "courriel",
    "staff_other_role": "courriel",
    "staff_moved": "courriel",
    "staff_role_unknown": "role",
    "staff_sites_missing": "sites",
}


@frozen
class GrantInput:
    """A role and sites, as ticked."""

    role: str
    sites: tuple[str, ...]

    @classmethod
    def of(cls, request: StaffRequest) -> "GrantInput":
        """Read a form."""
        sites = request.services.settings.network.sites
        ticked = tuple(site.code for site in sites if request.field(f"site-{site.code}"))
        return cls(request.field("role"), ticked)

    @classmethod
    def on_file(cls, member: Member) -> "GrantInput":
        """Read the role and sites of a member."""
        return cls(member.role, member.sites)


def check_reason(request: StaffRequest) -> None:
    """Ask for a reason. Raises `FieldsRefused`."""
    if not request.field("raison"):
        raise FieldsRefused({"raison": ("desk_reason_missing",)})


def staff_input(request: StaffRequest, email: str, seen: str | None) -> office.StaffInput:
    """Build an act's input: its member, its proven author, its reason, and the version that the page showed."""
    return office.StaffInput(email, request.staff.author(request.field("raison")), request.staff.member.email, seen)


def refused_form(request: StaffRequest, refusal: FormRefusal | OfficeRefusal) -> FormFeedback:
    """Describe a refusal, beside its field if the form has it."""
    if isinstance(refusal, FormRefusal):
        return feedback_on(refusal, request)
    sentence, field = sentence_of(refusal, request.staff.network), _FIELDS.get(refusal.code)
    if field is None or (field == "courriel" and not request.field("courriel")):
        return FormFeedback(422, sentence)
    return FormFeedback(422, feedback_on(FieldsRefused({}), request).alert, {field: [sentence]})


routes = DeskBlueprint(__name__)

STAFF_PAGE: Final = f"{DESK}/personnel"
_DONE: Final = {
    "invitee": "L'invitation part par mail, avec un lien valable 24 heures. Tant qu'il n'est pas accepté, personne "
    "n'entre.",
}


@routes.get(STAFF_PAGE, right="manager", filters={})
def show_staff(request: StaffRequest) -> Response:
    """List the members, with the form to invite one."""
    return _page(request)


@routes.post(STAFF_PAGE, right="manager")
def invite_member(request: StaffRequest) -> Response:
    """Mail an invitation, or show the form again."""
    try:
        request.check_lengths()
        _check_filled(request)
        check_reason(request)
        request.prove_again()
        typed = GrantInput.of(request)
        invitee = Invitee(request.field("nom"), typed.role, typed.sites)
        invite(request.services, staff_input(request, request.field("courriel"), None), invitee, "mailed", request.now)
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
        entries=list_staff(request.services),
        typed={name: request.field(name) for name in ("courriel", "nom", "raison")},
        grant=GrantInput.of(request),
        roles=ROLE_HINTS,
        role_words=ROLES,
        state_of=access_state,
        path=STAFF_PAGE,
    )
