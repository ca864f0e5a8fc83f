"""GET and POST /extranet/compte/acces/preuve: prove a login again, by its password or a mailed code."""

from typing import Final

from chalicelib.domain.account.login_codes import LoginCodeRequest
from chalicelib.domain.account.passwords import trim
from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.login_methods.prove import ask_for_proof, prove_by_code, prove_by_password
from chalicelib.web.family.edge import CHANGE_PAGE, EMAIL_PAGE, FAMILY_PAGE, FormBlueprint, Visitor, family_page
from chalicelib.web.login_methods.edge import CODE_PAGE, METHODS, METHODS_PAGE, PENDING, PROOF_PAGE, MethodsRequest
from chalicelib.web.responses import NO_FEEDBACK, Cookie, FormFeedback, Response, feedback_on

routes = FormBlueprint(__name__, METHODS)

# The page that asked for the proof, by its name in the address.
_BACK: Final = {
    "cles": f"{METHODS_PAGE}/cles",
    "e-mail": EMAIL_PAGE,
    "responsable": f"{FAMILY_PAGE}/acces",
    "mot-de-passe": CHANGE_PAGE,
    "connexions": f"{CHANGE_PAGE}/connexions",
}


@routes.get(PROOF_PAGE, MethodsRequest.enter)
def show_form(request: MethodsRequest, visitor: Visitor) -> Response:
    """Ask for the password, or offer a code."""
    return _form(request, visitor, NO_FEEDBACK)


@routes.post(PROOF_PAGE, MethodsRequest.enter)
def take_form(request: MethodsRequest, visitor: Visitor) -> Response:
    """Check the password and go back to the page that asked, or have a code mailed."""
    services = request.services
    try:
        request.check_lengths()
        if request.choice("action", "", "code"):
            question = ask_for_proof(request, visitor)
            path = f"{CODE_PAGE}?suite={suite_of(request)}"
            return METHODS.redirect(services, path, None, "", Cookie(PENDING, question))
        prove_by_password(request, visitor, trim(request.field("mot_de_passe")))
    except FormRefusal as refusal:
        return _form(request, visitor, feedback_on(refusal, request))
    return _go_back(request)


def take_code(request: MethodsRequest, code_request: LoginCodeRequest) -> Response:
    """Check the code of a request, and go back to the page that asked for a proof."""
    request.check_form_proof()
    prove_by_code(request, request.enter(), code_request, request.field("code"))
    return _go_back(request)


def suite_of(request: MethodsRequest) -> str:
    """Name the page that asked for a proof. Empty for « Vos accès »."""
    suite = request.query.get("suite") or request.field("suite")
    return suite if suite in _BACK else ""


def _go_back(request: MethodsRequest) -> Response:
    return METHODS.redirect(request.services, _BACK.get(suite_of(request), METHODS_PAGE), None, "", Cookie(PENDING, ""))


def _form(request: MethodsRequest, visitor: Visitor, feedback: FormFeedback) -> Response:
    return family_page(
        request, visitor, "login_methods/prove", tab="password", feedback=feedback, suite=suite_of(request)
    )
