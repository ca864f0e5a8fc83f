"""GET and POST /extranet/compte/acces/code: the mailed code of every purpose, typed in the browser that asked."""

from collections.abc import Callable, Mapping
from typing import Final

from chalicelib.domain.account.login_codes import LoginCodeRequest, Purpose
from chalicelib.domain.account.mailed_codes import CodeUsedUp
from chalicelib.domain.refusals import FormRefusal
from chalicelib.flows.login_methods.code import code_request_of, mails_at_most
from chalicelib.web.family.edge import FormBlueprint
from chalicelib.web.login_methods import first_login, franceconnect, prove
from chalicelib.web.login_methods.edge import CODE_PAGE, METHODS, MethodsRequest
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, feedback_on, page

routes = FormBlueprint(__name__, METHODS)
_ELSEWHERE: Final = "family/login_methods/code_elsewhere"

# By purpose: checks the typed code of a request, and goes on. Raises `FormRefusal`.
_NEXT: Final[Mapping[Purpose, Callable[[MethodsRequest, LoginCodeRequest], Response]]] = {
    "first": first_login.take_code,
    "link": franceconnect.take_code,
    "prove": prove.take_code,
}


@routes.get(CODE_PAGE)
def show_form(request: MethodsRequest) -> Response:
    """Show where the code was sent. Another browser than the one that asked learns where to type it."""
    code_request = code_request_of(request.services, request.pending)
    return _form(request, code_request) if code_request else page(request.services, _ELSEWHERE)


@routes.post(CODE_PAGE)
def take_code(request: MethodsRequest) -> Response:
    """Go on with the proven logins, or show the form again."""
    code_request = code_request_of(request.services, request.pending)
    if code_request is None:
        return page(request.services, _ELSEWHERE)
    try:
        request.check_lengths()
        return _NEXT[code_request.purpose](request, code_request)
    except CodeUsedUp as refusal:
        return _form(request, code_request, feedback_on(refusal, request), is_over=True)
    except FormRefusal as refusal:
        return _form(request, code_request, feedback_on(refusal, request))


def _form(
    request: MethodsRequest,
    code_request: LoginCodeRequest,
    feedback: FormFeedback = NO_FEEDBACK,
    *,
    is_over: bool = False,
) -> Response:
    return page(
        request.services,
        "family/login_methods/code",
        feedback=feedback,
        question=code_request,
        at_most=mails_at_most(code_request),
        email=request.address_of_code,
        is_over=is_over or request.now >= code_request.expires_at,
        suite=prove.suite_of(request),
        proof=request.token.form_proof if request.token else "",
    )
