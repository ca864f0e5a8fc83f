"""GET and POST /extranet/compte/acces/preuve: prove a login again, by its password or a mailed code."""

from typing import Final

from chalicelib.domain.account.passwords import trim
from chalicelib.domain.account.sign_in_codes import SignInCodeRequest
from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.sign_in.prove import ask_for_proof, prove_by_code, prove_by_password
from chalicelib.web.family.edge import CHANGE_PAGE, EMAIL_PAGE, FAMILY_PAGE, FormBlueprint, Visitor, family_page
from chalicelib.web.responses import NO_FEEDBACK, Cookie, FormFeedback, Response, feedback_on
from chalicelib.web.sign_in.edge import CODE_PAGE, PENDING, PROOF_PAGE, SIGN_IN, WAYS_PAGE, SignInRequest

routes = FormBlueprint(__name__, SIGN_IN)

# The page that asked for the proof, by its name in the address.
_BACK: Final = {
    "cles": f"{WAYS_PAGE}/cles",
    "e-mail": EMAIL_PAGE,
    "responsable": f"{FAMILY_PAGE}/acces",
    "mot-de-passe": CHANGE_PAGE,
    "connexions": f"{CHANGE_PAGE}/connexions",
}


@routes.get(PROOF_PAGE, SignInRequest.enter)
def show_form(request: SignInRequest, visitor: Visitor) -> Response:
    """Ask for the password, or offer a code."""
    return _form(request, visitor, NO_FEEDBACK)


@routes.post(PROOF_PAGE, SignInRequest.enter)
def take_form(request: SignInRequest, visitor: Visitor) -> Response:
    """Check the password and go back to the page that asked, or have a code mailed."""
    services = request.services
    try:
        request.check_lengths()
        if request.choice("action", "", "code"):
            question = ask_for_proof(request, visitor)
            return SIGN_IN.redirect(
                services, f"{CODE_PAGE}?suite={suite_of(request)}", None, "", Cookie(PENDING, question)
            )
        prove_by_password(request, visitor, trim(request.field("mot_de_passe")))
    except FormRefusal as refusal:
        return _form(request, visitor, feedback_on(refusal, request))
    return _go_back(request)


def take_code(request: SignInRequest, code_request: SignInCodeRequest) -> Response:
    """Check the code of a request, and go back to the page that asked for a proof."""
    request.check_form_proof()
    prove_by_code(request, request.enter(), code_request, request.field("code"))
    return _go_back(request)


def suite_of(request: SignInRequest) -> str:
    """Name the page that asked for a proof. Empty for « Vos accès »."""
    suite = request.query.get("suite") or request.field("suite")
    return suite if suite in _BACK else ""


def _go_back(request: SignInRequest) -> Response:
    path = _BACK.get(suite_of(request), WAYS_PAGE)
    return SIGN_IN.redirect(request.services, path, None, "", Cookie(PENDING, ""))


def _form(request: SignInRequest, visitor: Visitor, feedback: FormFeedback) -> Response:
    return family_page(request, visitor, "sign_in/prove", tab="password", feedback=feedback, suite=suite_of(request))
