"""Enter the desk by ProConnect, the State's login for agents: invited addresses only, with two factors there.

It opens an access with a password only once the member has attached it from inside.
"""

import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.identity.openid import AnswerRefused, AuthRequest, ClientRegistration, Identity
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.refusals import FormRefusal, NotThere, Unavailable, WriteConflict
from chalicelib.domain.staff.members import Changed, Member
from chalicelib.domain.staff.staff_sessions import StaffSession, new_token
from chalicelib.flows.identity import ProviderLogin
from chalicelib.flows.staff.access import AccessAct, change_access
from chalicelib.flows.staff.entry import StaffContext, is_as_listed
from chalicelib.flows.staff.login import ProofRefused
from chalicelib.flows.staff.login_code import open_session
from chalicelib.flows.staff.notices import post_notice
from chalicelib.services.family import Visit
from chalicelib.services.staff import StaffServices as Services

RETURN_PATH: Final = "/extranet/bureau/agents/retour"
_SCOPES: Final = "openid email given_name usual_name"


class ProviderSilent(FormRefusal):
    """ProConnect does not answer in time. The login by password still works."""

    code = "staff_provider_silent"


class ProviderUnclear(FormRefusal):
    """ProConnect's answer is invalid, was declined there, or has no second factor. The answer never shows which."""

    code = "staff_provider_unclear"


class AgentUnknown(FormRefusal):
    """The proven person is not, or no longer, invited here."""

    code = "staff_agent_unknown"


class AgentUnattached(FormRefusal):
    """The access has a password: ProConnect can only be attached to it after a login."""

    code = "staff_agent_unattached"


class AgentElsewhere(FormRefusal):
    """The account at ProConnect has another address than the access to attach it to."""

    code = "staff_agent_elsewhere"


class AgentMoved(FormRefusal):
    """The account at ProConnect belongs to the access of another address, `email`."""

    code = "staff_agent_moved"

    def __init__(self, email: str) -> None:
        super().__init__(self.code)
        self.email = email


_WHY: Final[dict[type[FormRefusal], str]] = {
    AgentUnknown: "nobody",
    AgentUnattached: "unattached",
    AgentElsewhere: "elsewhere",
    AgentMoved: "moved",
    ProviderSilent: "silent",
}


def is_offered(services: Services) -> bool:
    """Whether this network uses ProConnect."""
    return _login_if_offered(services) is not None


def ask(services: Services, now: datetime, *, again: bool = False) -> tuple[str, str]:
    """Make an authentication request: the provider's address to redirect to, and the sealed request for the browser.

    Raises `ProviderSilent`.
    """
    return _ask(services, now, again=again)


def ask_to_attach(services: Services, inside: StaffContext, now: datetime) -> tuple[str, str]:
    """Make a request whose answer is attached to the member's own access, after a recent proof.

    Raises `ProofRefused`, `ProviderSilent`, and `NotThere` without a password, as an invitation then attaches.
    """
    if inside.member.password is None:
        raise NotThere
    if not inside.session.is_proven(now):
        raise ProofRefused
    return _ask(services, now, attaching=inside.session.fingerprint)


def is_attaching(services: Services, cookie: str, now: datetime) -> bool:
    """Whether a browser was sent to ProConnect to attach it."""
    try:
        return bool(_login(services).open(cookie, now).attaching)
    except AnswerRefused:
        return False


def _ask(services: Services, now: datetime, *, again: bool = False, attaching: str = "") -> tuple[str, str]:
    try:
        return _login(services).ask(now, again=again, attaching=attaching)
    except Unavailable:
        raise ProviderSilent from None


def take_answer(visit: Visit[Services], cookie: str, answer: Mapping[str, str], inside: StaffContext | None) -> Token:
    """Open a session for the provider's agent, prove a logged-in member again, or attach the agent.

    Raises `ProviderSilent`, `ProviderUnclear` for an invalid answer, and `AgentUnknown`, `AgentUnattached`,
    `AgentElsewhere`, `AgentMoved` for an agent without access.
    """
    agent = None
    try:
        auth_request = _login(visit.services).open(cookie, visit.now)
        agent = _agent(visit, auth_request, answer)
        if auth_request.attaching:
            return _attach(visit, auth_request, agent, inside)
        guest = _invited(visit, agent)
        if auth_request.again:
            return _prove(visit, guest, inside)
        return _enter(visit, guest, agent)
    except AnswerRefused as refusal:
        _record_refusal(visit, agent.email if agent else None, refusal.why)
        raise ProviderUnclear from None
    except FormRefusal as refusal:
        identity = refusal if isinstance(refusal, AgentMoved) else agent
        _record_refusal(visit, identity.email if identity else None, _WHY[type(refusal)])
        raise


def _record_refusal(visit: Visit[Services], email: str | None, why: str) -> None:
    visit.record_of_staff("staff_proconnect_refused", email, address=visit.client.address, why=why)


def _agent(visit: Visit[Services], auth_request: AuthRequest, answer: Mapping[str, str]) -> Identity:
    try:
        return _login(visit.services).identify(auth_request, answer, visit.now)
    except Unavailable:
        raise ProviderSilent from None


def _invited(visit: Visit[Services], agent: Identity) -> StaffContext:
    """Find the member whose access this agent opens. Raises `AgentUnknown`, `AgentUnattached`, `AgentMoved`."""
    services = visit.services
    stores = services.staff
    member, managers = services.database.read_together(stores.members.lookup(agent.email), stores.managers.lookup())
    if member is None or not _is_same(member, agent):
        _check_unmoved(services, agent)
    if member is None or member.disabled or not is_as_listed(member, managers):
        raise AgentUnknown
    if not _is_same(member, agent):
        _check_first_login(member, visit.now)
    token = new_token()
    session = StaffSession.open(token, member, "password", visit.now)
    return StaffContext(token, session, member, services.settings.network, managers)


def _is_same(member: Member, agent: Identity) -> bool:
    return hmac.compare_digest(member.agent, agent.subject)


def _check_unmoved(services: Services, agent: Identity) -> None:
    """Check that an agent opens no access of another address. Raises `AgentMoved`."""
    for member in services.staff.members.all():
        if _is_same(member, agent) and member.email != agent.email:
            raise AgentMoved(member.email)


def _check_first_login(member: Member, now: datetime) -> None:
    """Check that the member's invitation allows ProConnect. Raises `AgentUnknown`, `AgentUnattached`.

    If the member has another `agent`, the address now belongs to someone else there. After a reset, which clears
    `agent`, a new invitation is needed.
    """
    if member.agent:
        raise AgentUnknown
    if member.password is not None:
        raise AgentUnattached
    if member.invitation is None or now >= member.invitation.expires_at:
        raise AgentUnknown


def _attach(visit: Visit[Services], auth_request: AuthRequest, agent: Identity, inside: StaffContext | None) -> Token:
    """Attach an agent to the access of the very session that asked. Idempotent.

    Raises `AgentElsewhere`, `AgentMoved`, and `NotLoggedIn` if the session ended concurrently.
    """
    if inside is None or not hmac.compare_digest(inside.session.fingerprint, auth_request.attaching):
        raise AnswerRefused("session")
    if agent.email != inside.member.email:
        raise AgentElsewhere
    _check_unmoved(visit.services, agent)
    if _is_same(inside.member, agent):
        return inside.token
    attach = AccessAct("agent", lambda member: replace(member, agent=agent.subject))
    return change_access(visit, inside, attach)


def _enter(visit: Visit[Services], guest: StaffContext, agent: Identity) -> Token:
    after = replace(guest.member, agent=agent.subject, invitation=None)
    if not guest.member.agent:  # ProConnect opens this access from now on
        change = Changed.new("agent", visit.now)
        post_notice(visit, after, change)
        after = after.with_change(change)
    try:
        return open_session(visit, guest, after, guest.token)
    except WriteConflict:
        raise AnswerRefused("overtaken") from None


def _prove(visit: Visit[Services], guest: StaffContext, inside: StaffContext | None) -> Token:
    if inside is None or inside.member.email != guest.member.email or not guest.member.agent:
        raise AgentUnknown
    visit.services.staff.sessions.prove(inside.session, visit.now)
    return inside.token


def _login(services: Services) -> ProviderLogin:
    login = _login_if_offered(services)
    if login is None:
        raise ProviderSilent
    return login


def _login_if_offered(services: Services) -> ProviderLogin | None:
    """Return ProConnect's login, if both the network's settings and the stage's secret have it."""
    proconnect, secret = services.settings.network.proconnect, services.settings.proconnect_secret
    if not proconnect or not secret:
        return None
    return ProviderLogin(
        ClientRegistration(proconnect.issuer, proconnect.client_id, proconnect.acr_values, of_agents=True),
        secret,
        Seal(services.settings.key_ring("staff-forms"), "question to ProConnect"),
        _SCOPES,
        services.settings.network.url(RETURN_PATH),
    )
