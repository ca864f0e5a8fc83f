"""« Vos accès »: the passkeys and FranceConnect links of one login, which its owner removes after a recent proof."""

import hashlib

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.sessions import Session, Token
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.refusals import NotLoggedIn
from chalicelib.flows.family.visit import Visitor
from chalicelib.flows.login_methods.changes import MethodsAuthor, change_methods
from chalicelib.services.family import Visit
from chalicelib.services.login_methods import LoginMethodServices as Services


def method_name(key: str) -> str:
    """Name a passkey's id or a link's subject in a form: an id may have a thousand bytes."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def remove_method(visit: Visit[Services], visitor: Visitor, name: str) -> Token | None:
    """Remove a passkey or a link, and end every other session. Return the token of the session that continues.

    None if it is removed already. Raises `NotLoggedIn` if this session has ended since it was read.
    """

    def decide(login: Account) -> Account:
        if not visitor.session.is_of(login, visit.now):
            raise NotLoggedIn
        keys = (*(passkey.id for passkey in login.passkeys), *(link.subject for link in login.links))
        return login.without_login_method(next((key for key in keys if method_name(key) == name), ""))

    by = MethodsAuthor(Actor("family", visitor.author), visitor.session.opened_by)
    before, after = change_methods(visit, visitor.login, decide, by)
    if after is before:
        return None
    token = Token.new(after.ref.site)
    session = Session.go_on(token, after, visit.now, visitor.session, by=visitor.session.opened_by)
    visit.services.database.write_together(visit.services.sessions.put(session))
    return token
