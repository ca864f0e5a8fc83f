"""/extranet/bureau/personnel/{membre}: a member's role and access, each changed by an act.

Each act needs the password again, a reason, and the version that the page showed: the second of two managers reads
the first one's act.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.staff.members import Member
from chalicelib.infra.record import StaffEvent
from chalicelib.office.staff import access
from chalicelib.office.staff.invitations import Invitee, invite
from chalicelib.office.staff.members import StaffInput, StaffResult, grant_from
from chalicelib.office.staff.show import StaffDetails
from chalicelib.office.staff.trace import trace
from chalicelib.presentation.office.staff import ACTS, ROLE_HINTS, access_state, traced_act
from chalicelib.presentation.texts import ROLES
from chalicelib.services.staff import StaffServices as Services
from chalicelib.settings.wings import WINGS, parts
from chalicelib.values import frozen
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DeskRequest, desk_page
from chalicelib.web.office.parts import MemberPart
from chalicelib.web.office.staff import (
    FIELDS,
    MEMBER_PAGE,
    STAFF_PAGE,
    GrantInput,
    act_facts,
    act_input,
    confirm_act,
    find_details,
    find_member,
    member_path,
)
from chalicelib.web.responses import Response

routes = ActBlueprint(__name__)


@frozen
class AccessPage:
    """An act on a member's access: its title and button, its consequences, the sentence once it is done, its flow."""

    title: str
    consequences: str
    sentence: str
    event: StaffEvent
    perform: Callable[[Services, StaffInput, datetime], StaffResult]
    is_offered: Callable[[Member], bool]


ACCESS: Final[dict[str, AccessPage]] = {
    "desactiver": AccessPage(
        "Désactiver l'accès",
        "Ses sessions se terminent tout de suite et plus personne n'entre avec cet accès. Son mot de passe et ses "
        "autres preuves restent : elles serviront à nouveau s'il est réactivé. Si quelqu'un a pu les voler, "
        "réinitialisez aussi l'accès.",
        "L'accès est désactivé ; ses sessions sont terminées.",
        "staff_disabled",
        access.disable,
        lambda member: not member.disabled,
    ),
    "reactiver": AccessPage(
        "Réactiver l'accès",
        "La personne entre à nouveau, avec le mot de passe et les autres preuves qu'elle avait.",
        "L'accès est réactivé.",
        "staff_enabled",
        access.enable,
        lambda member: member.disabled,
    ),
    "reinitialiser": AccessPage(
        "Réinitialiser l'accès",
        "Mot de passe, application, clés d'accès et codes de secours sont oubliés, et toutes les sessions se "
        "terminent. Un mail le dit à la personne, avec un lien valable 24 heures pour tout choisir à nouveau ; d'un "
        "accès désactivé, rien n'est envoyé. Vérifiez d'abord, de vive voix, que c'est bien elle qui le demande.",
        "L'accès est réinitialisé.",
        "staff_reset",
        access.reset,
        lambda member: member.has_proofs,
    ),
    "inviter": AccessPage(
        "Inviter à nouveau",
        "Un mail part avec un nouveau lien, valable 24 heures. Le lien précédent n'ouvre plus rien.",
        "L'invitation part par mail, avec un lien valable 24 heures.",
        "staff_invited",
        lambda services, about, now: StaffResult(
            invite(services, about, Invitee(), "mailed", now).member, is_changed=True
        ),
        lambda member: not member.has_proofs and not member.disabled,
    ),
}
_PARTS: Final = parts(MemberPart)
TRAILS: Final = tuple(trail for wing in WINGS for trail in wing.trails)
_DONE: Final = {code: act.sentence for code, act in ACCESS.items()} | {
    "role": "Le rôle et les sites sont enregistrés : ils comptent dès la prochaine page que la personne ouvre.",
    "rien": "Il n'y avait rien à changer : c'était déjà ainsi.",
    **{code: sentence for part in _PARTS for code, sentence in part.sentences.items()},
}


def _facts(request: DeskRequest, details: StaffDetails, outcome: Outcome) -> dict[str, Any]:
    member = details.entry.member
    facts = {name: fact for part in _PARTS for name, fact in part.facts(request, member).items()}
    return facts | {
        "entry": details.entry,
        "acts": details.acts,
        "words": ACTS,
        "role_words": ROLES,
        "state_of": access_state,
        "grant": GrantInput.of(request) if outcome.form_name else GrantInput.on_file(member),
        "roles": ROLE_HINTS,
        "path": f"{STAFF_PAGE}/{details.entry.part}",
        "pages": {code: act for code, act in ACCESS.items() if _is_offered(request, code, member)},
    }


def _is_offered(request: DeskRequest, code: str, member: Member) -> bool:
    is_own_reset = code == "reinitialiser" and member.email == request.staff.member.email
    return ACCESS[code].is_offered(member) and not is_own_reset


MEMBER: Final = ActPage(
    "staff_member", "staff", _facts, find_details, back=member_path, inputs=("raison",), sentences=_DONE, fields=FIELDS
)
routes.page(MEMBER_PAGE, "manager", MEMBER)


@routes.act(MEMBER_PAGE, "manager", MEMBER, form="role", has_reason=True, is_proven_again=True, find=find_member)
def change_role(request: DeskRequest, member: Member) -> str | Response:
    """Give another role or other sites."""
    new_grant = GrantInput.of(request)
    grant = grant_from(request.services, new_grant.role, new_grant.sites)
    result = access.change_role(request.services, act_input(request, member), grant, request.now)
    return confirm_act(request, result.member, "role", "staff_role_changed", has_changed=result.is_changed)


@routes.get(f"{MEMBER_PAGE}/journal", right="manager", filters={})
def show_trace(request: DeskRequest) -> Response:
    """Show the acts and consultations of a member in the year, newest first."""
    entry = find_details(request).entry
    acts = trace(request.services, entry.member.email, request.now, TRAILS)
    return desk_page(
        request,
        "staff_trace",
        "staff",
        entry=entry,
        acts=acts[::-1],
        text_of=traced_act,
        back=f"{STAFF_PAGE}/{entry.part}",
    )


def _serve_access(code: str, act: AccessPage) -> None:
    def facts(_request: DeskRequest, details: StaffDetails, _outcome: Outcome) -> dict[str, Any]:
        return act_facts(details, code, act) | {"state_of": access_state}

    page = ActPage("staff_act", "staff", facts, find_details, back=member_path, inputs=("raison",), fields=FIELDS)
    routes.page(f"{MEMBER_PAGE}/{code}", "manager", page)

    @routes.act(f"{MEMBER_PAGE}/{code}", "manager", page, has_reason=True, is_proven_again=True, find=find_member)
    def perform(request: DeskRequest, member: Member) -> str | Response:
        result = act.perform(request.services, act_input(request, member), request.now)
        return confirm_act(request, result.member, code, act.event, has_changed=result.is_changed)


for _code, _act in ACCESS.items():
    _serve_access(_code, _act)
