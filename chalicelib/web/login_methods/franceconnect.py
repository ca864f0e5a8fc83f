"""GET and POST /extranet/compte/acces/franceconnect and below: enter by FranceConnect, and link it to a login."""

import hmac
from collections.abc import Sequence
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.account.login_codes import LoginCodeRequest
from chalicelib.domain.account.mailed_codes import CodeUsedUp
from chalicelib.domain.identity.openid import Identity
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotLoggedIn
from chalicelib.flows.family.visit import MustChange
from chalicelib.flows.login_methods.code import prove_code
from chalicelib.flows.login_methods.franceconnect import (
    RETURN_PATH,
    START_PATH,
    FranceConnectSilent,
    ask,
    ask_link_code,
    enter,
    identify,
    is_linking,
    link,
    linked_logins,
    open_identity,
    seal_identity,
)
from chalicelib.web.family.edge import HOME_PAGE, FormBlueprint, Visitor, family_page
from chalicelib.web.login_methods.edge import (
    CODE_PAGE,
    METHODS,
    METHODS_PAGE,
    PENDING,
    PROOF_PAGE,
    MethodsRequest,
    pending_cookie,
)
from chalicelib.web.requests import parts_of, pseudonym
from chalicelib.web.responses import (
    NO_FEEDBACK,
    Cookie,
    FormFeedback,
    Response,
    feedback_on,
    page,
    redirect,
    target_cookie,
)

routes = FormBlueprint(__name__, METHODS)
LINK_PATH: Final = f"{START_PATH}/aller"
CHOICE_PAGE: Final = f"{START_PATH}/choix"
FIRST_PAGE: Final = f"{START_PATH}/associer"
_REFUSED, _SILENT = 401, 503


@routes.get(START_PATH)
def leave_for_franceconnect(request: MethodsRequest) -> Response:
    """Redirect to FranceConnect. Only the browser keeps the request."""
    return _leave(request, None)


@routes.get(LINK_PATH, MethodsRequest.enter)
def leave_to_link(request: MethodsRequest, visitor: Visitor) -> Response:
    """Redirect to FranceConnect from « Vos accès », whose link carries the proof of its forms, after a recent proof."""
    _, proof = parts_of(request.query.get("jeton", ""))
    if not hmac.compare_digest(proof.encode(), visitor.token.form_proof.encode()):
        return redirect(request.services, METHODS_PAGE)
    if not visitor.session.is_proven(request.now):
        return redirect(request.services, PROOF_PAGE)
    return _leave(request, visitor)


def _leave(request: MethodsRequest, visitor: Visitor | None) -> Response:
    try:
        address, cookie = ask(request.services, request.now, visitor)
    except FormRefusal as refusal:
        return _refused_page(request, visitor, refusal)
    return redirect(request.services, address, Cookie(PENDING, cookie))


@routes.get(RETURN_PATH)
def come_back(request: MethodsRequest) -> Response:
    """Open the person's only account, or offer to choose among several, or to link the first one."""
    visitor = _visitor(request)
    linking = is_linking(request.services, request.pending, request.now)
    try:
        identity = identify(request, request.pending, request.query, visitor)
    except FormRefusal as refusal:
        if visitor and not linking:  # the same answer again (a page reloaded) opens nothing, and closes nothing
            return redirect(request.services, HOME_PAGE)
        return _refused_page(request, visitor, refusal)
    if linking:
        return redirect(request.services, METHODS_PAGE, Cookie(PENDING, ""))
    accounts = linked_logins(request.services, identity)
    return _go_on(request, identity, accounts) if accounts else _keep(request, identity, FIRST_PAGE)


@routes.get(CHOICE_PAGE)
def show_choice(request: MethodsRequest) -> Response:
    """Show the accounts that the person may open."""
    return _choice_page(request, _identity(request), NO_FEEDBACK)


@routes.post(CHOICE_PAGE)
def take_choice(request: MethodsRequest) -> Response:
    """Open the chosen account."""
    identity, choice = _identity(request), request.field("compte")
    for account in linked_logins(request.services, identity):
        if pseudonym(request.services, account.ref) == choice:
            return _enter(request, identity, account)
    return _choice_page(request, identity, feedback_on(FieldsRefused({"compte": ("account_unchosen",)}), request))


@routes.get(FIRST_PAGE)
def show_first_use(request: MethodsRequest) -> Response:
    """Show the two ways to link an account. The page is the same for every person."""
    return _first_page(request, _identity(request), NO_FEEDBACK)


@routes.post(FIRST_PAGE)
def take_first_use(request: MethodsRequest) -> Response:
    """Have a code mailed to the person's address, or to those of a typed login, and lead to their page."""
    identity = _identity(request)
    try:
        request.check_lengths()
        is_by_email = request.choice("action", "", "e-mail", "identifiant") == "e-mail"
        ref = None if is_by_email and identity.email else _named(request)
        question = ask_link_code(request, identity, ref)
    except FormRefusal as refusal:
        return _first_page(request, identity, feedback_on(refusal, request))
    person = seal_identity(request.services, identity, request.now)  # it outlives the code
    pending = pending_cookie(request.services, question, "" if ref else identity.email, person)
    return redirect(request.services, CODE_PAGE, pending)


def take_code(request: MethodsRequest, code_request: LoginCodeRequest) -> Response:
    """Link the person that a request for a code names to the logins that the code proves, and enter.

    Raises `FormRefusal`: `CodeUsedUp` if FranceConnect has since identified another person here.
    """
    services, now, subject = request.services, request.now, code_request.subject
    identity = open_identity(services, request.identity, now)
    if identity is None or identity.subject != subject:
        raise CodeUsedUp
    logins = prove_code(request, code_request, request.field("code"))
    return _go_on(request, identity, link(request, logins, code_request))


def _visitor(request: MethodsRequest) -> Visitor | None:
    try:
        return request.enter()
    except (NotLoggedIn, MustChange):
        return None


def _identity(request: MethodsRequest) -> Identity:
    """Open the person kept by the browser. Raises `NotLoggedIn` without one, or after a quarter of an hour."""
    identity = open_identity(request.services, request.identity, request.now)
    if identity is None:
        raise NotLoggedIn
    return identity


def _named(request: MethodsRequest) -> AccountRef:
    """Read the typed site and identifier. Raises `FieldsRefused`."""
    site = request.services.settings.network.site(request.field("site"))
    identifier = identifier_from(request.field("identifiant"))
    if site and identifier:
        return AccountRef(site.code, identifier)
    values = {"site": (site, "site_missing"), "identifiant": (identifier, "identifier_missing")}
    raise FieldsRefused({name: (code,) for name, (value, code) in values.items() if not value})


def _go_on(request: MethodsRequest, identity: Identity, accounts: Sequence[Account]) -> Response:
    return _enter(request, identity, accounts[0]) if len(accounts) == 1 else _keep(request, identity, CHOICE_PAGE)


def _keep(request: MethodsRequest, identity: Identity, path: str) -> Response:
    person = seal_identity(request.services, identity, request.now)
    return redirect(request.services, path, pending_cookie(request.services, identity=person))


def _enter(request: MethodsRequest, identity: Identity, login: Account) -> Response:
    try:
        token = enter(request, identity, login)
    except FormRefusal as refusal:
        return _refused_page(request, None, refusal)
    more = [Cookie(PENDING, ""), *([target_cookie()] if request.target else [])]
    devices = request.devices_cookie(login.ref)
    return METHODS.redirect(request.services, request.target or HOME_PAGE, token.cookie, devices, *more)


def _choice_page(request: MethodsRequest, identity: Identity, feedback: FormFeedback) -> Response:
    network = request.services.settings.network
    accounts = linked_logins(request.services, identity)
    if not accounts:
        raise NotLoggedIn
    choices = [
        (pseudonym(request.services, account.ref), network.site(account.ref.site), account) for account in accounts
    ]
    name = "family/login_methods/franceconnect/choice"
    return page(request.services, name, feedback=feedback, choices=choices, logout=identity.logout)


def _first_page(request: MethodsRequest, identity: Identity, feedback: FormFeedback) -> Response:
    fields = {name: request.field(name) for name in ("site", "identifiant")}
    name = "family/login_methods/franceconnect/first_use"
    return page(request.services, name, feedback=feedback, typed=fields, email=identity.email, logout=identity.logout)


def _refused_page(request: MethodsRequest, visitor: Visitor | None, refusal: FormRefusal) -> Response:
    """Show « Connexion », whose other doors still work, or the way back to « Vos accès »."""
    status = _SILENT if isinstance(refusal, FranceConnectSilent) else _REFUSED
    feedback = FormFeedback(status, feedback_on(refusal, request).alert)
    if visitor:
        return family_page(request, visitor, "login_methods/franceconnect/refused", tab="password", feedback=feedback)
    fields, period = {"site": "", "identifiant": ""}, request.announcements()
    return page(request.services, "family/login", typed=fields, feedback=feedback, period=period)
