"""/extranet/compte/acces/premiere-connexion and /choix: a mailed code, then a password or a passkey."""

from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.login_codes import LoginCodeRequest
from chalicelib.domain.account.passwords import canonical
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.family.change_password import PasswordChange
from chalicelib.flows.login_methods.code import prove_code
from chalicelib.flows.login_methods.first_login import (
    ProofOver,
    ProvenLogin,
    ask,
    ask_for_passkey,
    choose_passkey,
    choose_password,
    find_login,
    read_proof,
    seal_proof,
)
from chalicelib.web.family.edge import HOME_PAGE, FormBlueprint
from chalicelib.web.family.lost_password import read_fields
from chalicelib.web.login_methods.edge import CODE_PAGE, METHODS, METHODS_PAGE, PENDING, MethodsRequest, pending_cookie
from chalicelib.web.login_methods.passkeys import name_of_new
from chalicelib.web.responses import NO_FEEDBACK, Cookie, FormFeedback, Response, feedback_on, page

routes = FormBlueprint(__name__, METHODS)
_CHOICE_PAGE: Final = f"{METHODS_PAGE}/choix"


@routes.post(f"{METHODS_PAGE}/premiere-connexion")
def take_form(request: MethodsRequest) -> Response:
    """Have a code mailed and ask for it. Every input gets the same answer."""
    site = request.field("site")
    is_known = request.services.settings.network.site(site) is not None
    try:
        identifier, email = read_fields(request, asks_identifier=True, missing="" if is_known else "site")
        question = ask(request, AccountRef(site, identifier), email)
    except FormRefusal as refusal:
        fields = {name: request.field(name) for name in ("site", "identifiant", "email")}
        feedback = feedback_on(refusal, request)
        return page(request.services, "family/login_methods/first_login", feedback=feedback, typed=fields)
    pending = pending_cookie(request.services, question, request.field("email").strip())
    return METHODS.redirect(request.services, CODE_PAGE, None, "", pending)


def take_code(request: MethodsRequest, code_request: LoginCodeRequest) -> Response:
    """Check the code of a request, and go on to the choice."""
    services = request.services
    (login,) = prove_code(request, code_request, request.field("code"))
    proof = seal_proof(services, code_request, login, request.now)
    return METHODS.redirect(services, _CHOICE_PAGE, None, "", Cookie(PENDING, proof))


@routes.get(_CHOICE_PAGE)
def show_choice(request: MethodsRequest) -> Response:
    """Ask for a password or a passkey."""
    return _choice(request)


@routes.post(_CHOICE_PAGE)
def take_choice(request: MethodsRequest) -> Response:
    """Set the password or add the passkey, and go to « Accueil ». If refused, show the forms again."""
    try:
        request.check_lengths()
        proof = read_proof(request.services, request.pending, request.now)
        token = _choose(request, proof)
    except FormRefusal as refusal:
        return _choice(request, feedback_on(refusal, request))
    devices = request.devices_cookie(proof.ref)
    return METHODS.redirect(request.services, HOME_PAGE, token.cookie, devices, Cookie(PENDING, ""))


def _choose(request: MethodsRequest, proof: ProvenLogin) -> Token:
    if passkey := request.field("cle"):
        return choose_passkey(request, proof, passkey, name_of_new(request))
    change = PasswordChange("", canonical(request.field("nouveau")), canonical(request.field("confirmation")))
    return choose_password(request, proof, change)


def _choice(request: MethodsRequest, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    """Render the choice. Without a valid proof, the way to begin again."""
    services, now = request.services, request.now
    try:
        login = find_login(services, read_proof(services, request.pending, now))
    except ProofOver as refusal:
        return page(services, "family/login_methods/choice", feedback=feedback_on(refusal, request), login=None)
    site, options = services.settings.network.site(login.ref.site), ask_for_passkey(services, login, now)
    return page(services, "family/login_methods/choice", feedback=feedback, login=login, site=site, asked=options)
