"""What the forms about members of staff share: role and sites as ticked, the reason, where a refusal is said."""

from typing import Final

from chalicelib.domain.refusals import FieldsRefused, FormRefusal
from chalicelib.domain.staff.members import Member
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff import members as office
from chalicelib.values import frozen
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import StaffRequest
from chalicelib.web.office.sentences import sentence_of
from chalicelib.web.responses import FormFeedback

# Beside which field the office's refusals are said.
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
class TypedGrant:
    """A role and sites, as ticked."""

    role: str
    sites: tuple[str, ...]

    @classmethod
    def of(cls, request: StaffRequest) -> "TypedGrant":
        """Read a form."""
        sites = request.services.settings.network.sites
        ticked = tuple(site.code for site in sites if request.field(f"site-{site.code}"))
        return cls(request.field("role"), ticked)

    @classmethod
    def on_file(cls, member: Member) -> "TypedGrant":
        """Show what a member has."""
        return cls(member.role, member.sites)


def check_reason(request: StaffRequest) -> None:
    """Ask for a reason. Raises `FieldsRefused`."""
    if not request.field("raison"):
        raise FieldsRefused({"raison": ("desk_reason_missing",)})


def staff_request(request: StaffRequest, email: str, seen: str | None) -> office.StaffRequest:
    """Say whom an act is about, who acts as proven, why, and what the page showed."""
    return office.StaffRequest(email, request.staff.author(request.field("raison")), request.staff.member.email, seen)


def refused_form(request: StaffRequest, refusal: FormRefusal | OfficeRefusal) -> FormFeedback:
    """Describe a refusal, beside its field where the form has it."""
    if isinstance(refusal, FormRefusal):
        return feedback_on(refusal, request)
    sentence, field = sentence_of(refusal), _FIELDS.get(refusal.code)
    if field is None or (field == "courriel" and not request.field("courriel")):
        return FormFeedback(422, sentence)
    return FormFeedback(422, feedback_on(FieldsRefused({}), request).alert, {field: [sentence]})
