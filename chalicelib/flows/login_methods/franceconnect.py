"""Enter by FranceConnect, the State's login for individuals, once a person there is linked to a login here.

A link is proven twice: there, and here by a session with a recent proof or by a code mailed to an address on file.
"""

import hmac
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.login_codes import LoginCodeRequest
from chalicelib.domain.account.login_methods import LINKS_AT_MOST, IdentityLink, is_held, subject_of
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.family.corrections import Actor, SessionKind
from chalicelib.domain.identity.openid import AnswerRefused, AuthRequest, ClientRegistration, Identity
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.refusals import FormRefusal, NotLoggedIn, NotThere, Unavailable, WriteConflict
from chalicelib.flows.family.visit import Visitor
from chalicelib.flows.identity import ANSWER_WITHIN, ProviderLogin
from chalicelib.flows.login_methods.changes import MethodsAuthor, change_methods
from chalicelib.flows.login_methods.code import ask_code, proof_of_code
from chalicelib.flows.login_methods.entry import logins_of, open_account, open_logins
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.services.family import Visit
from chalicelib.services.login_methods import LoginMethodServices as Services

START_PATH: Final = "/extranet/compte/acces/franceconnect"
RETURN_PATH: Final = f"{START_PATH}/retour"
_AFTER_LOGOUT: Final = "/extranet/usager"
_SCOPES: Final = "openid email"  # the least that it gives (docs/decisions/0128)
_WORDS: Final = 4  # of a sealed identity
LONGEST_LOGOUT: Final = 2_000  # characters: one cookie of 4,096 holds it sealed, and what waits for a code


class FranceConnectSilent(FormRefusal):
    """FranceConnect does not answer in time. The other login methods still work."""

    code = "franceconnect_silent"


class FranceConnectUnclear(FormRefusal):
    """FranceConnect's answer is invalid or was declined there, or its link is gone. The answer never shows which."""

    code = "franceconnect_unclear"


class TooManyLinks(FormRefusal):
    """A login has the maximum number of links to FranceConnect: one has to be removed first."""

    code = "franceconnect_too_many"


def ask(services: Services, now: datetime, visitor: Visitor | None = None) -> tuple[str, str]:
    """Make an authentication request: the provider's address to redirect to, and the sealed request for the browser.

    The answer to a visitor's request is linked to their login. Raises `FranceConnectSilent`, and `NotThere` without it.
    """
    try:
        return _provider_login(services).ask(now, attaching=visitor.session.fingerprint if visitor else "")
    except Unavailable:
        raise FranceConnectSilent from None


def is_linking(services: Services, cookie: str, now: datetime) -> bool:
    """Whether a browser was sent to FranceConnect to link it."""
    try:
        return bool(_provider_login(services).open(cookie, now).attaching)
    except AnswerRefused:
        return False


def identify(visit: Visit[Services], cookie: str, answer: Mapping[str, str], visitor: Visitor | None) -> Identity:
    """Identify the person of an answer, and link them to the login of the visitor who asked to.

    The `subject` returned is a pseudonym. Raises `FranceConnectSilent`, `FranceConnectUnclear` for an invalid answer,
    `TooManyLinks`, and `NotLoggedIn` if the login was closed concurrently.
    """
    provider_login = _provider_login(visit.services)
    try:
        auth_request = provider_login.open(cookie, visit.now)
        _check_session(auth_request, visitor)
        identity = provider_login.identify(auth_request, answer, visit.now)
    except AnswerRefused as refusal:
        _record_refusal(visit, refusal.why)
        raise FranceConnectUnclear from None
    except Unavailable:
        _record_refusal(visit, "silent")
        raise FranceConnectSilent from None
    subject = subject_of(visit.services.record.pseudonyms, provider_login.registration.issuer, identity.subject)
    logout = identity.logout if len(identity.logout) <= LONGEST_LOGOUT else ""
    identity = replace(identity, subject=subject, logout=logout)
    if auth_request.attaching and visitor:
        link = IdentityLink(subject, visit.now, visitor.author, proof=visitor.session.proof_of(visitor.login))
        _link(visit, visitor.login, link, visitor.session.opened_by)
        visit.services.sessions.write(visitor.session, logout=logout)
    return identity


def _check_session(auth_request: AuthRequest, visitor: Visitor | None) -> None:
    """Check that a request from inside comes back to its own session. Raises `AnswerRefused`."""
    fingerprint = visitor.session.fingerprint if visitor else ""
    if auth_request.attaching and not hmac.compare_digest(auth_request.attaching, fingerprint):
        raise AnswerRefused("session")


def _record_refusal(visit: Visit[Services], why: str) -> None:
    visit.record("franceconnect_refused", address=visit.client.address, why=why)


def seal_identity(services: Services, identity: Identity, now: datetime) -> str:
    """Seal an identity for the browser, which keeps it until a login is chosen or linked."""
    moment = str(int(now.timestamp()))
    return _seal(services, "identity").seal_text(identity.subject, moment, identity.email, identity.logout)


def open_identity(services: Services, cookie: str, now: datetime) -> Identity | None:
    """Open the identity that a browser kept. None if it is not ours, or older than a quarter of an hour."""
    words = _seal(services, "identity").open_sent(cookie, _WORDS)
    if words is None:
        return None
    subject, moment, email, logout = words
    at = datetime.fromtimestamp(int(moment), UTC)
    return Identity(subject, email, logout) if at <= now <= at + ANSWER_WITHIN else None


def ask_link_code(visit: Visit[Services], identity: Identity, ref: AccountRef | None) -> str:
    """Have a code mailed that links the person: to its address if it is on file, or to those of a typed login.

    Return the signed request. The same for a known and an unknown address or login. Raises as `ask_code` does.
    """
    site, identifier = (ref.site, ref.identifier) if ref else ("", "")
    mailbox = "" if ref else visit.services.record.pseudonyms.of_mailbox(identity.email)
    code_request = LoginCodeRequest("link", site, identifier, mailbox, identity.subject, visit.now)
    return ask_code(visit, code_request)


def link(visit: Visit[Services], logins: Iterable[Account], request: LoginCodeRequest) -> tuple[Account, ...]:
    """Link the person of a request to the logins that the mailed code has just proven. Idempotent. Return them.

    Raises `TooManyLinks`, and `NotLoggedIn` if a login was closed concurrently.
    """
    # It enters at once: its first use needs no mail of its own.
    new_link = IdentityLink(request.subject, visit.now, used_at=visit.now)
    links = ((login, replace(new_link, proof=proof_of_code(visit.services, request, login))) for login in logins)
    return tuple(_link(visit, login, proven, "code") for login, proven in links)


def _link(visit: Visit[Services], login: Account, link: IdentityLink, session: SessionKind) -> Account:
    by = link.by or (login.name if login.family else "")

    def decide(current: Account) -> Account:
        if current.disabled or not is_held(link.proof, current.emails):
            raise NotLoggedIn
        if _link_of(current, link.subject):
            return current
        if len(current.links) >= LINKS_AT_MOST:
            raise TooManyLinks
        return current.with_link(replace(link, by=by))

    _, after = change_methods(visit, login, decide, MethodsAuthor(Actor("family", by), session))
    return after


def _link_of(login: Account, subject: str) -> IdentityLink | None:
    return next((link for link in login.links if hmac.compare_digest(link.subject, subject)), None)


def linked_logins(services: Services, identity: Identity) -> tuple[Account, ...]:
    """List the logins that a person opens, in the order of the network's sites."""
    return tuple(login for login in logins_of(services, identity.subject) if _link_of(login, identity.subject))


def enter(visit: Visit[Services], identity: Identity, login: Account) -> Token:
    """Open a session of a login, as just read, that a person is linked to, and close the browser's former one.

    Raises `FranceConnectUnclear` if the link or the login is gone.
    """
    current: Account | None = login
    for _ in range(RACES):
        current_link = _link_of(current, identity.subject) if current else None
        if current is None or current_link is None:
            _record_refusal(visit, "unlinked")
            raise FranceConnectUnclear
        after, logout = current.with_link(replace(current_link, used_at=visit.now)), identity.logout
        with suppress(WriteConflict):
            return open_account(visit, current, after, "franceconnect", logout=logout)
        current = next(iter(open_logins(visit.services, login.ref)), None)
    raise Unavailable("the account keeps changing")


def _provider_login(services: Services) -> ProviderLogin:
    """Describe our login at FranceConnect. Raises `NotThere` if the network or the stage has none."""
    network, secret = services.settings.network, services.settings.franceconnect_secret
    settings = network.franceconnect
    if settings is None or not secret:
        raise NotThere
    registration = ClientRegistration(settings.issuer, settings.client_id, settings.acr_values, pkce=settings.pkce)
    back, after_logout = network.url(RETURN_PATH), network.url(_AFTER_LOGOUT)
    return ProviderLogin(registration, secret, _seal(services, "request"), _SCOPES, back, after_logout)


def _seal(services: Services, purpose: str) -> Seal:
    return Seal(services.settings.key_ring("sign-in"), f"{purpose} of FranceConnect")
