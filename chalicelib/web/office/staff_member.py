"""/extranet/bureau/personnel/{membre}: a member's role, access and names in the yearly file, each changed by an act.

Each act needs the password again, a reason, and the version that the page showed: the second of two managers reads
the first one's act.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.refusals import FieldsRefused, NotThere
from chalicelib.domain.staff.members import Member
from chalicelib.domain.teaching.teachers import Link
from chalicelib.infra.record import StaffEvent
from chalicelib.office.staff import access
from chalicelib.office.staff.links import Invitee, LinkResult, invite, link, links_of, names_to_link, unlink
from chalicelib.office.staff.members import StaffInput, StaffResult, grant_from
from chalicelib.office.staff.show import StaffDetails, member_at, show_member
from chalicelib.office.staff.trace import trace
from chalicelib.presentation.office.staff import ACTS, ROLE_HINTS, access_state, traced_act
from chalicelib.presentation.texts import ROLES
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DESK, StaffRequest, desk_page, redirect
from chalicelib.web.office.staff import FIELDS, STAFF_PAGE, GrantInput, staff_input
from chalicelib.web.responses import Response

routes = ActBlueprint(__name__)

MEMBER_PAGE: Final = f"{STAFF_PAGE}/{{membre}}"


@frozen
class AccessPage:
    """An act on a member's access: its title and button, its consequences, the sentence once it is done, its flow."""

    title: str
    consequences: str
    done: str
    event: StaffEvent
    perform: Callable[[Services, StaffInput, datetime], StaffResult]
    is_offered: Callable[[Member], bool]


@frozen
class NamePage:
    """An act on a teacher's name: as an `AccessPage`, with the names to choose from, and whether each is taken."""

    title: str
    consequences: str
    done: str
    event: StaffEvent
    perform: Callable[[Services, StaffInput, str, str, datetime], LinkResult]
    choices: Callable[[Services, Member], Iterable[tuple[Link, bool]]]


def _invite_again(services: Services, about: StaffInput, now: datetime) -> StaffResult:
    return StaffResult(invite(services, about, Invitee(), "mailed", now).member, changed=True)


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
        _invite_again,
        lambda member: not member.has_proofs and not member.disabled,
    ),
}
NAMES: Final[dict[str, NamePage]] = {
    "relier": NamePage(
        "Relier un nom",
        "La personne voit les cours que le fichier annuel donne à ce nom, et leurs élèves, et fait l'appel. Deux "
        "personnes peuvent être reliées au même nom : les mêmes cours sont alors à chacune.",
        "Le nom est relié : ses cours se voient dès la prochaine page que la personne ouvre.",
        "staff_linked",
        link,
        names_to_link,
    ),
    "detacher": NamePage(
        "Détacher un nom",
        "Les cours de ce nom ne sont plus ceux de cette personne, dès la prochaine page qu'elle ouvre.",
        "Le nom est détaché : ses cours ne sont plus ceux de cette personne.",
        "staff_unlinked",
        unlink,
        lambda services, member: ((own, False) for own in links_of(services, member).links),
    ),
}
_DONE: Final = {code: act.done for code, act in (ACCESS | NAMES).items()} | {
    "role": "Le rôle et les sites sont enregistrés : ils comptent dès la prochaine page que la personne ouvre.",
    "rien": "Il n'y avait rien à changer : c'était déjà ainsi.",
}


def _find(request: StaffRequest) -> StaffDetails:
    return show_member(request.services, request.parts["membre"], request.now)


def _member(request: StaffRequest) -> Member:
    return member_at(request.services, request.parts["membre"])


def _path(request: StaffRequest) -> str:
    return f"{STAFF_PAGE}/{request.parts['membre']}"


def _input(request: StaffRequest, member: Member) -> StaffInput:
    return staff_input(request, member.email, request.field("vu"))


def _done(request: StaffRequest, result: StaffResult | LinkResult, code: str, event: StaffEvent) -> str | Response:
    """Record the act. A manager who has just given up that role goes back to the desk."""
    if not result.changed:
        code = "rien"
    else:
        request.services.record.write_of_staff(
            event, request.now, request.client.request, result.member.email, role=result.member.role
        )
    if result.member.email == request.staff.member.email and result.member.role != "manager":
        return redirect(request.services, DESK)
    return code


def _facts(request: StaffRequest, details: StaffDetails, outcome: Outcome) -> dict[str, Any]:
    member = details.entry.member
    return {
        "entry": details.entry,
        "acts": details.acts,
        "words": ACTS,
        "role_words": ROLES,
        "state_of": access_state,
        "grant": GrantInput.of(request) if outcome.opened else GrantInput.on_file(member),
        "teacher": links_of(request.services, member).without_past(today(request.now)),
        "roles": ROLE_HINTS,
        "path": f"{STAFF_PAGE}/{details.entry.part}",
        "pages": {code: act for code, act in ACCESS.items() if _is_offered(request, code, member)},
    }


def _is_offered(request: StaffRequest, code: str, member: Member) -> bool:
    is_own_reset = code == "reinitialiser" and member.email == request.staff.member.email
    return ACCESS[code].is_offered(member) and not is_own_reset


MEMBER: Final = ActPage(
    "staff_member", "staff", _facts, _find, back=_path, typed=("raison",), done=_DONE, fields=FIELDS
)
routes.page(MEMBER_PAGE, "manager", MEMBER)


@routes.act(MEMBER_PAGE, "manager", MEMBER, form="role", has_reason=True, is_proven_again=True, find=_member)
def change_role(request: StaffRequest, member: Member) -> str | Response:
    """Give another role or other sites."""
    typed = GrantInput.of(request)
    grant = grant_from(request.services, typed.role, typed.sites)
    result = access.change_role(request.services, _input(request, member), grant, request.now)
    return _done(request, result, "role", "staff_role_changed")


@routes.get(f"{MEMBER_PAGE}/journal", right="manager", filters={})
def show_trace(request: StaffRequest) -> Response:
    """Show the acts and consultations of a member in the year, newest first."""
    entry = _find(request).entry
    acts = trace(request.services, entry.member.email, request.now)
    return desk_page(
        request,
        "staff_trace",
        "staff",
        entry=entry,
        acts=acts[::-1],
        text_of=traced_act,
        back=f"{STAFF_PAGE}/{entry.part}",
    )


def _act_facts(details: StaffDetails, code: str) -> dict[str, Any]:
    """List the facts of the page of one act."""
    back = f"{STAFF_PAGE}/{details.entry.part}"
    return {"entry": details.entry, "page": (ACCESS | NAMES)[code], "back": back, "path": f"{back}/{code}"}


def _serve_access(code: str, act: AccessPage) -> None:
    def facts(_request: StaffRequest, details: StaffDetails, _outcome: Outcome) -> dict[str, Any]:
        return _act_facts(details, code) | {"state_of": access_state}

    page = ActPage("staff_act", "staff", facts, _find, back=_path, typed=("raison",), fields=FIELDS)
    routes.page(f"{MEMBER_PAGE}/{code}", "manager", page)

    @routes.act(f"{MEMBER_PAGE}/{code}", "manager", page, has_reason=True, is_proven_again=True, find=_member)
    def perform(request: StaffRequest, member: Member) -> str | Response:
        result = act.perform(request.services, _input(request, member), request.now)
        return _done(request, result, code, act.event)


def _find_teacher(request: StaffRequest) -> StaffDetails:
    """Find the teacher. Raises `NotThere`."""
    details = _find(request)
    _check_teacher(details.entry.member)
    return details


def _check_teacher(member: Member) -> Member:
    if member.role != "teacher":
        raise NotThere
    return member


def _serve_name(code: str, act: NamePage) -> None:
    def facts(request: StaffRequest, details: StaffDetails, _outcome: Outcome) -> dict[str, Any]:
        member = details.entry.member
        choices = [(_value(own), own, is_taken) for own, is_taken in act.choices(request.services, member)]
        return _act_facts(details, code) | {"choices": choices, "seen": links_of(request.services, member).version}

    def read(request: StaffRequest, member: Member) -> tuple[Member, Link]:
        return member, _chosen(request, _check_teacher(member), act)

    page = ActPage(
        "staff_name", "staff", facts, _find_teacher, back=_path, typed=("enseignant", "raison"), fields=FIELDS
    )
    routes.page(f"{MEMBER_PAGE}/{code}", "manager", page)

    @routes.act(
        f"{MEMBER_PAGE}/{code}", "manager", page, has_reason=True, is_proven_again=True, find=_member, read=read
    )
    def perform(request: StaffRequest, chosen: tuple[Member, Link]) -> str | Response:
        member, own = chosen
        result = act.perform(request.services, _input(request, member), own.site, own.name, request.now)
        return _done(request, result, code, act.event)


def _chosen(request: StaffRequest, member: Member, act: NamePage) -> Link:
    """Find the chosen name, or the one that a form sent twice has already linked. Raises `FieldsRefused`."""
    linked = links_of(request.services, member).links
    names = {_value(own): own for own in (*linked, *(own for own, _ in act.choices(request.services, member)))}
    own = names.get(request.field("enseignant"))
    if own is None:
        raise FieldsRefused({"enseignant": ("staff_file_name_missing",)})
    return own


def _value(own: Link) -> str:
    return " ".join(own.key)


for _code, _act in ACCESS.items():
    _serve_access(_code, _act)
for _code, _name_act in NAMES.items():
    _serve_name(_code, _name_act)
