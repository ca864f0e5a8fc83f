"""/extranet/compte/acces/cle and /cles: log in by a passkey, and add one."""

from typing import Final

from chalicelib.domain.refusals import FormRefusal, NotThere
from chalicelib.domain.text import plain_name
from chalicelib.flows.login_methods.passkeys import PasskeysFull, add_passkey, ask_for_new, ask_to_log_in, log_in
from chalicelib.web.family.edge import FormBlueprint, Visitor, family_page, go_in
from chalicelib.web.login_methods.edge import METHODS, METHODS_PAGE, PROOF_PAGE, MethodsRequest
from chalicelib.web.pending_form import carried_form, login_page
from chalicelib.web.requests import HttpRefusal
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, feedback_on, page

routes = FormBlueprint(__name__, METHODS)
ENTRY: Final = f"{METHODS_PAGE}/cle"
OWN: Final = f"{METHODS_PAGE}/cles"
_UNNAMED: Final = "Mon appareil"  # of a browser that says nothing of itself


@routes.get(ENTRY)
def ask(request: MethodsRequest) -> Response:
    """Have the browser ask for a passkey. « Connexion » takes the form of this page too (`login_methods.js`)."""
    _check_offered(request)
    return _entry_page(request, NO_FEEDBACK)


@routes.post(ENTRY)
def connect(request: MethodsRequest) -> Response:
    """Open a session as « Connexion » does. If refused, ask again, or show the form that the login carries."""
    _check_offered(request)
    if not request.is_proven:  # a browser that has passkeys sends its header: no other site logs a visitor in
        raise HttpRefusal(403, "no_form_proof", "cross_site_refused")
    pending = carried_form(request.form)
    try:
        request.check_lengths()
        session = log_in(request, request.field("cle"))
    except FormRefusal as refusal:
        feedback = feedback_on(refusal, request)
        if pending:
            return login_page(request.services, pending, {"site": "", "identifiant": ""}, feedback)
        return _entry_page(request, feedback)
    return go_in(request, session.account, session.token, pending)


@routes.get(OWN, MethodsRequest.enter)
def ask_for_another(request: MethodsRequest, visitor: Visitor) -> Response:
    """Show the form of a new passkey, after a proof."""
    _check_offered(request)
    if not visitor.session.is_proven(request.now):
        return METHODS.redirect(request.services, f"{PROOF_PAGE}?suite=cles")
    return _new_page(request, visitor, NO_FEEDBACK)


@routes.post(OWN, MethodsRequest.enter)
def add(request: MethodsRequest, visitor: Visitor) -> Response:
    """Add the new passkey. Its challenge shows that its page followed a proof."""
    _check_offered(request)
    try:
        request.check_lengths()
        answer, name = request.field("cle"), name_of_new(request)
        add_passkey(request, visitor, answer, name)
    except FormRefusal as refusal:
        return _new_page(request, visitor, feedback_on(refusal, request))
    return METHODS.redirect(request.services, METHODS_PAGE)


def name_of_new(request: MethodsRequest) -> str:
    """Read the typed name of a passkey, or make one from the kind of browser: « Safari sur iPhone »."""
    return plain_name(request.field("nom") or request.client.browser.replace(", ", " sur ")) or _UNNAMED


def _check_offered(request: MethodsRequest) -> None:
    if not request.services.settings.network.passkeys:
        raise NotThere


def _entry_page(request: MethodsRequest, feedback: FormFeedback) -> Response:
    options = ask_to_log_in(request.services, request.now)
    return page(request.services, "family/login_methods/passkey_entry", feedback=feedback, asked=options)


def _new_page(request: MethodsRequest, visitor: Visitor, feedback: FormFeedback) -> Response:
    try:
        options = ask_for_new(request.services, visitor.login, request.now)
    except PasskeysFull as refusal:
        options, feedback = None, feedback_on(refusal, request)
    return family_page(
        request,
        visitor,
        "login_methods/passkeys",
        tab="password",
        feedback=feedback,
        asked=options,
        named=request.field("nom") or name_of_new(request),
    )
