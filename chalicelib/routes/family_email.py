"""GET and POST /extranet/compte/famille/e-mail: an address added, replaced or taken away, with the password."""

from dataclasses import replace

from chalice.app import Response

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import speakers
from chalicelib.domain.account.email_addresses import choices
from chalicelib.domain.account.passwords import trimmed
from chalicelib.domain.refusals import CoordinatesMoved, FormRefusal
from chalicelib.flows.family import Inside
from chalicelib.flows.family_code import check_allowed, mark_of_emails
from chalicelib.flows.family_email import Wish, ask
from chalicelib.flows.reenrolment import Said
from chalicelib.flows.visit import Visitor
from chalicelib.routes import answers, typed
from chalicelib.routes.answers import NOTHING, Told
from chalicelib.routes.edge import CODE_PAGE, EMAIL_PAGE, FAMILY_PAGE, Door, Visit
from chalicelib.routes.reenrolment import step_told

routes = Door(__name__)


@routes.get(EMAIL_PAGE)
def show_form(visit: Visit) -> Response:
    """Show the addresses on file, and what may be done to them."""
    check_allowed(visit.services)
    return email_page(visit, visit.enter(), NOTHING)


@routes.post(EMAIL_PAGE)
def take_form(visit: Visit) -> Response:
    """Take an address away, or go on to the code; or show the form again."""
    visitor = visit.enter()
    wish = Wish(visit.typed("action"), visit.typed("email"), trimmed(visit.typed("actuel")))
    said = Said(by=visit.typed("par"), shown=visit.typed("vu"))
    try:
        visit.check_lengths()
        token = ask(visit.services, Inside(visitor, visit.client, visit.now), wish, said)
    except FormRefusal as refusal:
        return email_page(visit, visitor, step_told(refusal, visit), refusal)
    removes = wish.action.startswith("retirer")
    return answers.redirect(visit.services, FAMILY_PAGE if removes else CODE_PAGE, token=token)


def email_page(visit: Visit, visitor: Visitor, what: Told, refusal: FormRefusal | None = None) -> Response:
    """Render the form; after a refusal with what was typed, and the addresses as they stand now."""
    account: Account = refusal.account if isinstance(refusal, CoordinatesMoved) else visitor.account
    return answers.account_page(
        visit.services,
        replace(visitor, account=account),
        "family_email",
        tab="family",
        told=what,
        choices=choices(account),
        action=visit.typed("action"),
        email=visit.typed("email"),
        names=speakers(account),
        mark=mark_of_emails(account) if refusal is None else typed.mark(refusal, visit),
    )
