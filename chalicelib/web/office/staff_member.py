"""/extranet/bureau/personnel/{membre}: a member's role, and its access closed, opened, reset or invited again.

Each act needs the password again, a reason, and the version that the page showed: the second of two managers reads
the first one's act.
"""

from collections.abc import Callable
from typing import Final

from chalice.app import Response

from chalicelib.domain.refusals import FormRefusal
from chalicelib.domain.staff.members import Member
from chalicelib.domain.teaching.school_years import today
from chalicelib.infra.record import StaffEvent
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff import access
from chalicelib.office.staff.links import Invitee, invite, links_of
from chalicelib.office.staff.members import StaffInput as OfficeRequest
from chalicelib.office.staff.members import StaffResult, grant_from
from chalicelib.office.staff.show import StaffDetails, show_member
from chalicelib.office.staff.trace import trace
from chalicelib.presentation.office.staff import ACTS, ROLE_HINTS, access_state, traced_act
from chalicelib.presentation.texts import ROLES
from chalicelib.values import frozen
from chalicelib.web.office.edge import DESK, DeskBlueprint, StaffRequest, desk_page, redirect
from chalicelib.web.office.staff import STAFF_PAGE, GrantInput, check_reason, refused_form, staff_input
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = DeskBlueprint(__name__)

MEMBER_PAGE: Final = f"{STAFF_PAGE}/{{membre}}"
Perform = Callable[[StaffRequest, OfficeRequest], StaffResult]


@frozen
class ActPage:
    """An act and its page: its title and button, its consequences, and the sentence once it is done."""

    title: str
    consequences: str
    done: str
    event: StaffEvent
    perform: Perform
    is_offered: Callable[[Member], bool]


def _invite_again(request: StaffRequest, about: OfficeRequest) -> StaffResult:
    return StaffResult(invite(request.services, about, Invitee(), "mailed", request.now).member, changed=True)


PAGES: Final[dict[str, ActPage]] = {
    "desactiver": ActPage(
        "Désactiver l'accès",
        "Ses sessions se terminent tout de suite et plus personne n'entre avec cet accès. Son mot de passe et ses "
        "autres preuves restent : elles serviront à nouveau s'il est réactivé. Si quelqu'un a pu les voler, "
        "réinitialisez aussi l'accès.",
        "L'accès est désactivé ; ses sessions sont terminées.",
        "staff_disabled",
        lambda request, about: access.disable(request.services, about, request.now),
        lambda member: not member.disabled,
    ),
    "reactiver": ActPage(
        "Réactiver l'accès",
        "La personne entre à nouveau, avec le mot de passe et les autres preuves qu'elle avait.",
        "L'accès est réactivé.",
        "staff_enabled",
        lambda request, about: access.enable(request.services, about, request.now),
        lambda member: member.disabled,
    ),
    "reinitialiser": ActPage(
        "Réinitialiser l'accès",
        "Mot de passe, application, clés d'accès et codes de secours sont oubliés, et toutes les sessions se "
        "terminent. Un mail le dit à la personne, avec un lien valable 24 heures pour tout choisir à nouveau ; d'un "
        "accès désactivé, rien n'est envoyé. Vérifiez d'abord, de vive voix, que c'est bien elle qui le demande.",
        "L'accès est réinitialisé.",
        "staff_reset",
        lambda request, about: access.reset(request.services, about, request.now),
        lambda member: member.has_proofs,
    ),
    "inviter": ActPage(
        "Inviter à nouveau",
        "Un mail part avec un nouveau lien, valable 24 heures. Le lien précédent n'ouvre plus rien.",
        "L'invitation part par mail, avec un lien valable 24 heures.",
        "staff_invited",
        _invite_again,
        lambda member: not member.has_proofs and not member.disabled,
    ),
}
_DONE: Final = {code: page.done for code, page in PAGES.items()} | {
    "role": "Le rôle et les sites sont enregistrés : ils comptent dès la prochaine page que la personne ouvre.",
    "relier": "Le nom est relié : ses cours se voient dès la prochaine page que la personne ouvre.",
    "detacher": "Le nom est détaché : ses cours ne sont plus ceux de cette personne.",
    "rien": "Il n'y avait rien à changer : c'était déjà ainsi.",
}


@routes.get(MEMBER_PAGE, right="manager")
def show(request: StaffRequest) -> Response:
    """Show a member, the acts on its access, and the possible ones."""
    return _member_page(request, _find(request))


@routes.post(MEMBER_PAGE, right="manager")
def change_role(request: StaffRequest) -> Response:
    """Give another role or other sites."""
    details = _find(request)

    def perform(asked: StaffRequest, about: OfficeRequest) -> StaffResult:
        typed = GrantInput.of(asked)
        grant = grant_from(asked.services, typed.role, typed.sites)
        return access.change_role(asked.services, about, grant, asked.now)

    try:
        result = _perform(request, details, perform)
    except (FormRefusal, OfficeRefusal) as refusal:
        return _member_page(request, _find(request), refused_form(request, refusal), GrantInput.of(request))
    return _done(request, result, "role", "staff_role_changed")


@routes.get(f"{MEMBER_PAGE}/journal", right="manager")
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


def _serve(code: str, page: ActPage) -> None:
    path = f"{MEMBER_PAGE}/{code}"

    @routes.get(path, right="manager")
    def show_act(request: StaffRequest) -> Response:
        return _act_page(request, _find(request), code)

    @routes.post(path, right="manager")
    def act(request: StaffRequest) -> Response:
        details = _find(request)
        try:
            result = _perform(request, details, page.perform)
        except (FormRefusal, OfficeRefusal) as refusal:
            return _act_page(request, _find(request), code, refused_form(request, refusal))
        return _done(request, result, code, page.event)


for _code, _page in PAGES.items():
    _serve(_code, _page)


def _find(request: StaffRequest) -> StaffDetails:
    return show_member(request.services, request.parts["membre"], request.now)


def _perform(request: StaffRequest, details: StaffDetails, perform: Perform) -> StaffResult:
    request.check_lengths()
    check_reason(request)
    request.prove_again()
    return perform(request, staff_input(request, details.entry.member.email, request.field("vu")))


def _done(request: StaffRequest, result: StaffResult, code: str, event: StaffEvent) -> Response:
    """Go back to the member, or to the desk for a manager who has just given up that role."""
    if result.changed:
        request.services.record.write_of_staff(
            event, request.now, request.client.request, result.member.email, role=result.member.role
        )
    if result.member.email == request.staff.member.email and result.member.role != "manager":
        return redirect(request.services, DESK)
    done = code if result.changed else "rien"
    return redirect(request.services, f"{STAFF_PAGE}/{request.parts['membre']}?fait={done}")


def _member_page(
    request: StaffRequest, details: StaffDetails, feedback: FormFeedback = NO_FEEDBACK, typed: GrantInput | None = None
) -> Response:
    member = details.entry.member
    return desk_page(
        request,
        "staff_member",
        "staff",
        feedback=feedback,
        information=_DONE.get(request.query.get("fait", "")),
        entry=details.entry,
        acts=details.acts,
        words=ACTS,
        role_words=ROLES,
        state_of=access_state,
        grant=typed or GrantInput.on_file(member),
        reason=request.field("raison"),
        teacher=links_of(request.services, member).without_past(today(request.now)),
        roles=ROLE_HINTS,
        path=f"{STAFF_PAGE}/{details.entry.part}",
        pages={code: page for code, page in PAGES.items() if _is_offered(request, code, member)},
    )


def _is_offered(request: StaffRequest, code: str, member: Member) -> bool:
    is_own_reset = code == "reinitialiser" and member.email == request.staff.member.email
    return PAGES[code].is_offered(member) and not is_own_reset


def _act_page(
    request: StaffRequest, details: StaffDetails, code: str, feedback: FormFeedback = NO_FEEDBACK
) -> Response:
    return desk_page(
        request,
        "staff_act",
        "staff",
        feedback=feedback,
        entry=details.entry,
        page=PAGES[code],
        state_of=access_state,
        reason=request.field("raison"),
        back=f"{STAFF_PAGE}/{details.entry.part}",
        path=f"{STAFF_PAGE}/{details.entry.part}/{code}",
    )
