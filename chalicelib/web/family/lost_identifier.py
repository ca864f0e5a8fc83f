"""POST /extranet/compte/identifiant-perdu: ask for one's identifiers by mail."""

from chalice.app import Response

from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.refusals import FieldsRefused, FormRefusal
from chalicelib.flows.family.lost_identifier import request_identifiers
from chalicelib.presentation import texts
from chalicelib.web import responses
from chalicelib.web.edge import FormBlueprint, PageRequest
from chalicelib.web.feedback import feedback_on
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = FormBlueprint(__name__)


@routes.post("/extranet/compte/identifiant-perdu")
def ask_for_identifiers(request: PageRequest) -> Response:
    """Queue the request. Every input gets the same answer."""
    try:
        request.check_lengths()
        request_identifiers(request.services, _email(request), request.client, request.now)
    except FormRefusal as refusal:
        return _form(request, feedback=feedback_on(refusal, request))
    return _form(request, information=texts.sentence("identifiers_mailed"))


def _form(request: PageRequest, *, feedback: FormFeedback = NO_FEEDBACK, information: str | None = None) -> Response:
    typed = {"email": request.field("email")}
    return responses.page(
        request.services, "family/lost_identifier", feedback=feedback, information=information, typed=typed
    )


def _email(request: PageRequest) -> str:
    email = email_from(request.field("email"))
    if not email:
        code = "email_malformed" if request.field("email").strip() else "email_missing"
        raise FieldsRefused({"email": (code,)})
    return email
