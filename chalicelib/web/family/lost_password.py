"""POST /extranet/compte/mot-de-passe-perdu: ask for a password by mail (guide 1.5 and 1.6)."""

from chalice.app import Response

from chalicelib.domain.account.identifiers import email_from, identifier_from
from chalicelib.domain.refusals import FieldsRefused, FormRefusal
from chalicelib.flows.family.lost_password import LostPasswordForm, request_password
from chalicelib.presentation import texts
from chalicelib.web import responses
from chalicelib.web.edge import FormBlueprint, PageRequest
from chalicelib.web.feedback import feedback_on
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = FormBlueprint(__name__)


@routes.post("/extranet/compte/mot-de-passe-perdu")
def ask_for_password(request: PageRequest) -> Response:
    """Queue the request. Every input gets the same answer."""
    typed = {name: request.field(name) for name in ("identifiant", "email")}
    try:
        request.check_lengths()
        request_password(request.services, _password_request(request), request.client, request.now)
    except FormRefusal as refusal:
        return _form(request, typed, feedback=feedback_on(refusal, request))
    return _form(request, typed, information=texts.sentence("password_mailed"))


def _form(
    request: PageRequest, typed: dict[str, str], *, feedback: FormFeedback = NO_FEEDBACK, information: str | None = None
) -> Response:
    period = request.announcements()
    return responses.page(
        request.services, "family/lost_password", feedback=feedback, information=information, typed=typed, period=period
    )


def _password_request(request: PageRequest) -> LostPasswordForm:
    identifier, email = identifier_from(request.field("identifiant")), email_from(request.field("email"))
    if identifier and email:
        return LostPasswordForm(identifier, email)
    refused = {} if identifier else {"identifiant": ("identifier_missing",)}
    if not email:
        refused["email"] = ("email_malformed" if request.field("email").strip() else "email_missing",)
    raise FieldsRefused(refused)
