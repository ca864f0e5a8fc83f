"""GET and POST /extranet/compte/famille/e-mail/code: the code that proves a new address."""

from chalice.app import Response

from chalicelib.domain.refusals import CodeGone, CoordinatesMoved, FormRefusal
from chalicelib.flows.family import Inside
from chalicelib.flows.family_code import check_allowed, prove
from chalicelib.flows.visit import Visitor
from chalicelib.routes import answers
from chalicelib.routes.answers import NOTHING, Told
from chalicelib.routes.edge import CODE_PAGE, FAMILY_PAGE, Door, Visit
from chalicelib.routes.family_email import email_page
from chalicelib.routes.reenrolment import step_told

routes = Door(__name__)


@routes.get(CODE_PAGE)
def show_form(visit: Visit) -> Response:
    """Show which address waits for its code."""
    check_allowed(visit.services)
    return _form(visit, visit.enter(), NOTHING)


@routes.post(CODE_PAGE)
def take_form(visit: Visit) -> Response:
    """Let the address count, or show the form again; where the addresses changed meanwhile, the one before."""
    visitor = visit.enter()
    inside = Inside(visitor, visit.client, visit.now)
    try:
        visit.check_lengths()
        token = prove(visit.services, inside, visit.typed("code"), visit.typed("vu"))
    except CoordinatesMoved as refusal:
        return email_page(visit, visitor, step_told(refusal, visit), refusal)
    except FormRefusal as refusal:
        gone = visit.typed("vu") if isinstance(refusal, CodeGone) else ""
        return _form(visit, visitor, step_told(refusal, visit), gone)
    return answers.redirect(visit.services, FAMILY_PAGE, token=token)


def _form(visit: Visit, visitor: Visitor, what: Told, gone: str = "") -> Response:
    unproven = visitor.account.unproven
    is_open = unproven is not None and unproven.is_open(visit.now) and unproven.name != gone
    return answers.account_page(
        visit.services, visitor, "family_code", tab="family", told=what, unproven=unproven if is_open else None
    )
