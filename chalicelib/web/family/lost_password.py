"""POST /extranet/compte/mot-de-passe-perdu and identifiant-perdu: ask for either by mail (guide 1.5 and 1.6)."""

from chalicelib.domain.account.identifiers import email_from, identifier_from
from chalicelib.domain.refusals import FieldsRefused, FormRefusal
from chalicelib.flows.family.lost_password import LostPasswordForm, request_identifiers, request_password
from chalicelib.web import responses
from chalicelib.web.family.edge import FAMILY, FamilyRequest, FormBlueprint
from chalicelib.web.responses import FormFeedback, Response, confirmation, feedback_on

routes = FormBlueprint(__name__, FAMILY)


@routes.post("/extranet/compte/mot-de-passe-perdu")
def ask_for_password(request: FamilyRequest) -> Response:
    """Queue the request. Every input gets the same answer."""
    fields = {name: request.field(name) for name in ("identifiant", "email")}
    try:
        identifier, email = read_fields(request, asks_identifier=True)
        form = LostPasswordForm(identifier, email)
        request_password(request, form)
    except FormRefusal as refusal:
        return _form(request, "lost_password", fields, feedback_on(refusal, request))
    return _form(request, "lost_password", fields, confirmation("password_mailed"))


@routes.post("/extranet/compte/identifiant-perdu")
def ask_for_identifiers(request: FamilyRequest) -> Response:
    """Queue the request. Every input gets the same answer."""
    fields = {"email": request.field("email")}
    try:
        _, email = read_fields(request, asks_identifier=False)
        request_identifiers(request, email)
    except FormRefusal as refusal:
        return _form(request, "lost_identifier", fields, feedback_on(refusal, request))
    return _form(request, "lost_identifier", fields, confirmation("identifiers_mailed"))


def read_fields(request: FamilyRequest, *, asks_identifier: bool, missing: str = "") -> tuple[str, str]:
    """Read the identifier, if it is asked for, and the address. `missing`: another field. Raises `FieldsRefused`."""
    request.check_lengths()
    identifier, email = identifier_from(request.field("identifiant")), email_from(request.field("email"))
    errors: dict[str, tuple[str, ...]] = {missing: (f"{missing}_missing",)} if missing else {}
    if asks_identifier and not identifier:
        errors["identifiant"] = ("identifier_missing",)
    if not email:
        errors["email"] = ("email_malformed" if request.field("email").strip() else "email_missing",)
    if errors:
        raise FieldsRefused(errors)
    return identifier, email


def _form(request: FamilyRequest, page: str, fields: dict[str, str], feedback: FormFeedback) -> Response:
    return responses.page(
        request.services,
        f"family/{page}",
        feedback=feedback,
        typed=fields,
        period=request.announcements() if page == "lost_password" else (),
    )
