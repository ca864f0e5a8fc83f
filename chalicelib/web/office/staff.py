"""GET and POST /extranet/bureau/personnel: the members of staff, and the form to invite one."""

from typing import Any, Final

from chalicelib.domain.staff.members import Member
from chalicelib.infra.record import StaffEvent
from chalicelib.office.staff import members as office
from chalicelib.office.staff.invitations import Invitee, invite
from chalicelib.office.staff.show import StaffDetails, list_staff, member_at, show_member
from chalicelib.presentation.office.staff import ROLE_HINTS, access_state
from chalicelib.presentation.texts import ROLES
from chalicelib.values import frozen
from chalicelib.web.office.acts import ActBlueprint, check_filled
from chalicelib.web.office.edge import DESK, DeskRequest, redirect
from chalicelib.web.office.filters import Filters
from chalicelib.web.office.lists import DeskList, FilteredList
from chalicelib.web.office.tables import Column, ListChoice, ListTable
from chalicelib.web.responses import Response

# The field beside which a refusal of the office is shown.
FIELDS: Final = {
    "author_missing": "raison",
    "office_why_long": "raison",
    "office_who_long": "nom",
    "staff_role_unknown": "role",
    "staff_sites_missing": "sites",
}


@frozen
class GrantInput:
    """A role and sites, as ticked."""

    role: str
    sites: tuple[str, ...]

    @classmethod
    def of(cls, request: DeskRequest) -> "GrantInput":
        """Read a form."""
        sites = request.services.settings.network.sites
        codes = tuple(site.code for site in sites if request.choice(f"site-{site.code}", "", "oui"))
        return cls(request.field("role"), codes)

    @classmethod
    def on_file(cls, member: Member) -> "GrantInput":
        """Read the role and sites of a member."""
        return cls(member.role, member.sites)


def staff_input(request: DeskRequest, email: str, version: str | None) -> office.StaffInput:
    """Build an act's input: its member, proven author, reason, and the version that the page showed."""
    return office.StaffInput(email, request.staff.author(request.field("raison")), request.staff.member.email, version)


routes = ActBlueprint(__name__)

STAFF_PAGE: Final = f"{DESK}/personnel"
MEMBER_PAGE: Final = f"{STAFF_PAGE}/{{membre}}"


def find_details(request: DeskRequest) -> StaffDetails:
    """Find the member of a page, with the acts on their access."""
    return show_member(request.services, request.parts["membre"], request.now)


def find_member(request: DeskRequest) -> Member:
    """Find the member that an act decides on."""
    return member_at(request.services, request.parts["membre"])


def member_path(request: DeskRequest) -> str:
    """Write the address of the member's page."""
    return f"{STAFF_PAGE}/{request.parts['membre']}"


def act_facts(details: StaffDetails, code: str, page: object) -> dict[str, Any]:
    """List the facts of the page of one act on a member."""
    back = f"{STAFF_PAGE}/{details.entry.part}"
    return {"entry": details.entry, "page": page, "back": back, "path": f"{back}/{code}"}


def act_input(request: DeskRequest, member: Member) -> office.StaffInput:
    """Build the input of an act on a member, whose form names the version that it showed."""
    return staff_input(request, member.email, request.field("vu"))


def confirm_act(
    request: DeskRequest, member: Member, code: str, event: StaffEvent, *, has_changed: bool
) -> str | Response:
    """Record an act. A manager who has just given up that role goes back to the desk."""
    if not has_changed:
        code = "rien"
    else:
        request.record_of_staff(event, member.email, role=member.role)
    if member.email == request.staff.member.email and member.role != "manager":
        return redirect(request.services, DESK)
    return code


def _table(request: DeskRequest, role: str) -> ListTable:
    """List the members of a role, or all."""
    columns = (
        Column("Nom", lambda row: row.member.name, "nom", path=lambda row: f"{STAFF_PAGE}/{row.part}"),
        Column("Adresse", lambda row: row.member.email, "adresse", is_exact=True),
        Column("Rôle", lambda row: ROLES[row.member.role], "role"),
        Column("Sites", lambda row: ", ".join(site.name for site in row.sites) or "tous", "sites"),
        Column("État", lambda row: access_state(row.member, request.now, is_listed=row.is_listed), "etat"),
        Column(
            "Dernière connexion",
            lambda row: row.member.last_login or "jamais",
            "connexion",
            lambda row: row.member.last_login,
        ),
    )
    rows = [entry for entry in list_staff(request.services) if role in {"", entry.member.role}]
    return ListTable("Accès", columns, rows, "Aucun accès de ce rôle : retirez le filtre, ou invitez quelqu'un.")


def _facts(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    role = listing.values["acces"]
    return {
        "table": _table(request, role),
        "choices": [ListChoice("acces", "Rôle", {str(role): words for role, words in ROLES.items()})],
        "grant": GrantInput.of(request),
        "roles": ROLE_HINTS,
        "role_words": ROLES,
    }


_FILTERS: Final[Filters] = {"acces": ROLES.__contains__}
STAFF: Final = DeskList(STAFF_PAGE, "manager", "staff", "staff", _FILTERS).serve_table(
    routes,
    back=lambda _: STAFF_PAGE,
    inputs=("courriel", "nom", "raison"),
    sentences={
        "invitee": "L'invitation part par mail, avec un lien valable 24 heures. Tant qu'il n'est pas accepté, personne "
        "n'entre."
    },
    fields=FIELDS
    | dict.fromkeys(
        ("email_unreadable", "email_not_ascii", "staff_active", "staff_disabled", "staff_other_role", "staff_moved"),
        "courriel",
    ),
)(_facts)
_REQUIRED: Final = {"courriel": "staff_email_missing", "nom": "staff_name_missing", "role": "staff_role_missing"}


@routes.act(
    STAFF_PAGE,
    "manager",
    STAFF,
    _FILTERS,
    has_reason=True,
    is_proven_again=True,
    reader=lambda request, _: check_filled(request, _REQUIRED),
)
def invite_member(request: DeskRequest, _: FilteredList) -> str:
    """Mail an invitation."""
    new_grant = GrantInput.of(request)
    invitee = Invitee(request.field("nom"), new_grant.role, new_grant.sites)
    invite(request.services, staff_input(request, request.field("courriel"), None), invitee, "mailed", request.now)
    request.record_of_staff("staff_invited", request.field("courriel"), role=new_grant.role)
    return "invitee"
