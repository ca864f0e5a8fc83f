"""POST /extranet/compte/connexion: log in (guide 1.4 and 2.3)."""

from chalice.app import Response

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.account.passwords import trimmed
from chalicelib.domain.refusals import FieldsRefused, FormRefusal
from chalicelib.flows.login import Credentials, log_in
from chalicelib.routes import answers
from chalicelib.routes.edge import HOME_PAGE, Door, Visit
from chalicelib.routes.refused import told
from chalicelib.routes.resuming import back_page, brought, login_page

routes = Door(__name__)


@routes.post("/extranet/compte/connexion")
def connect(visit: Visit) -> Response:
    """Open a session and go to « Accueil », or show the form again; a form that waited is offered to be sent."""
    waiting = brought(visit.form) if visit.is_proven else None
    try:
        visit.check_lengths()
        credentials = _credentials(visit)
        token = log_in(visit.services, credentials, visit.client, visit.now)
    except FormRefusal as refusal:
        typed = {name: visit.typed(name) for name in ("site", "identifiant")}
        if waiting:
            return login_page(visit.services, waiting, typed, told(refusal, visit))
        period = visit.announced(visit.typed("site"))
        return answers.page(visit.services, "login", typed=typed, told=told(refusal, visit), period=period)
    devices = visit.remembered(credentials.account)
    if waiting and waiting.is_of(visit.services, credentials.account):
        return back_page(visit.services, waiting, credentials.account, token, devices)
    return answers.redirect(visit.services, HOME_PAGE, token=token, devices=devices)


def _credentials(visit: Visit) -> Credentials:
    site = visit.services.settings.network.site(visit.typed("site"))
    identifier = identifier_from(visit.typed("identifiant"))
    password = trimmed(visit.typed("mot_de_passe"))
    if site and identifier and password:
        return Credentials(AccountRef(site.code, identifier), password, former=visit.token)
    found = {
        "site": (site, "site_missing"),
        "identifiant": (identifier, "identifier_missing"),
        "mot_de_passe": (password, "password_missing"),
    }
    raise FieldsRefused({name: (code,) for name, (value, code) in found.items() if not value})
