"""POST /extranet/compte/connexion: log in (guide 1.4 and 2.3)."""

from chalicelib.domain.account import argon2id  # noqa: F401 - loaded at the start: the first login need not wait
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.account.passwords import trim
from chalicelib.domain.refusals import FieldsRefused, FormRefusal
from chalicelib.flows.family.login import Credentials, log_out, open_session
from chalicelib.web.family.edge import FAMILY, LOGIN_PAGE, FamilyRequest, FormBlueprint, go_in
from chalicelib.web.pending_form import carried_form, login_page
from chalicelib.web.responses import FormFeedback, Response, feedback_on, page, set_cookies

routes = FormBlueprint(__name__, FAMILY)


@routes.post("/extranet/compte/deconnexion")
def disconnect(request: FamilyRequest) -> Response:
    """End the session and go back to « Connexion », or go on to FranceConnect, which opened it, from a page of ours.

    `form-action` forbids a form that redirects to another origin.
    """
    request.check_form_proof()
    services = request.services
    logout = log_out(request)
    if not logout:
        return FAMILY.redirect(services, LOGIN_PAGE, "")
    headers = {"Refresh": f"0; url={logout}"} | set_cookies(services, *FAMILY.cookies(""))
    return page(services, "family/logged_out", feedback=FormFeedback(headers=headers), logout=logout)


@routes.post("/extranet/compte/connexion")
def connect(request: FamilyRequest) -> Response:
    """Open a session and go to « Accueil » or the target of a link. If refused, show the form again.

    A pending form is offered first, to be sent.
    """
    pending = carried_form(request.form) if request.is_proven else None
    try:
        request.check_lengths()
        credentials = _credentials(request)
        session = open_session(request, credentials)
    except FormRefusal as refusal:
        fields = {name: request.field(name) for name in ("site", "identifiant")}
        if pending:
            return login_page(request.services, pending, fields, feedback_on(refusal, request))
        period = request.announcements(request.field("site"))
        return page(
            request.services, "family/login", typed=fields, feedback=feedback_on(refusal, request), period=period
        )
    return go_in(request, session.account, session.token, pending)


def _credentials(request: FamilyRequest) -> Credentials:
    site = request.services.settings.network.site(request.field("site"))
    identifier = identifier_from(request.field("identifiant"))
    password = trim(request.field("mot_de_passe"))
    if site and identifier and password:
        return Credentials(AccountRef(site.code, identifier), password)
    inputs = {
        "site": (site, "site_missing"),
        "identifiant": (identifier, "identifier_missing"),
        "mot_de_passe": (password, "password_missing"),
    }
    raise FieldsRefused({name: (code,) for name, (value, code) in inputs.items() if not value})
