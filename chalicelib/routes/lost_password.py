"""POST /extranet/compte/mot-de-passe-perdu: ask for a password by mail (guide 1.5 and 1.6)."""

from chalice.app import Response

from chalicelib import texts
from chalicelib.domain.account.identifiers import email_from, identifier_from
from chalicelib.domain.refusals import FieldsRefused, FormRefusal
from chalicelib.flows.lost_password import Request, ask
from chalicelib.routes import answers
from chalicelib.routes.answers import NOTHING, Told
from chalicelib.routes.edge import Door, Visit
from chalicelib.routes.refused import told

routes = Door(__name__)


@routes.post("/extranet/compte/mot-de-passe-perdu")
def ask_for_password(visit: Visit) -> Response:
    """Drop the request in the post box and say the same to everybody."""
    typed = {name: visit.typed(name) for name in ("identifiant", "email")}
    try:
        visit.check_lengths()
        ask(visit.services, _request(visit), visit.client, visit.now)
    except FormRefusal as refusal:
        return _form(visit, typed, told=told(refusal, visit))
    return _form(visit, typed, information=texts.say("password_mailed"))


def _form(visit: Visit, typed: dict[str, str], *, told: Told = NOTHING, information: str | None = None) -> Response:
    period = visit.announced()
    return answers.page(visit.services, "lost_password", told=told, information=information, typed=typed, period=period)


def _request(visit: Visit) -> Request:
    identifier, email = identifier_from(visit.typed("identifiant")), email_from(visit.typed("email"))
    if identifier and email:
        return Request(identifier, email)
    refused = {} if identifier else {"identifiant": ("identifier_missing",)}
    if not email:
        refused["email"] = ("email_malformed" if visit.typed("email").strip() else "email_missing",)
    raise FieldsRefused(refused)
