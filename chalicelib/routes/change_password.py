"""GET and POST /extranet/compte/mot-de-passe: change the password (guide 2.6 and 2.7)."""

from chalice.app import Response

from chalicelib import texts
from chalicelib.domain.account.passwords import canonical, trimmed
from chalicelib.domain.refusals import FormRefusal, PasswordReplaced
from chalicelib.flows.change_password import Wish, change, repeat
from chalicelib.flows.visit import Visitor
from chalicelib.routes import answers
from chalicelib.routes.answers import NOTHING, Told
from chalicelib.routes.edge import CHANGE_PAGE, Door, Visit
from chalicelib.routes.refused import told

routes = Door(__name__)


@routes.get(CHANGE_PAGE)
def show_form(visit: Visit) -> Response:
    """Show the form, and « Information » when the password was just changed."""
    return _form(visit, visit.enter(to_change_password=True), NOTHING)


@routes.post(CHANGE_PAGE)
def take_form(visit: Visit) -> Response:
    """Change the password and come back with « Information », or show the form again."""
    wish = Wish(
        current=trimmed(visit.typed("actuel")),
        new=canonical(visit.typed("nouveau")),
        confirmation=canonical(visit.typed("confirmation")),
    )
    try:
        visitor = visit.enter(to_change_password=True)
        account = visitor.account.ref
        visit.check_lengths()
        token = change(visit.services, visitor, wish, visit.client, visit.now)
    except PasswordReplaced as replaced:
        account = replaced.account
        token = repeat(visit.services, account, wish, visit.client, visit.now)
    except FormRefusal as refusal:
        return _form(visit, visitor, told(refusal, visit))
    return answers.redirect(visit.services, CHANGE_PAGE, token=token, devices=visit.remembered(account))


def _form(visit: Visit, visitor: Visitor, what: Told) -> Response:
    is_news = what is NOTHING and visitor.session.just_changed(visit.now)
    return answers.account_page(
        visit.services,
        visitor,
        "change_password",
        tab="password",
        told=what,
        information=texts.say("password_changed") if is_news else None,
    )
