"""Visit an account page: a token gives its session and its account, or the way to the login form."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.accounts import Account
from chalicelib.domain.refusals import MustChange, NotLoggedIn, PasswordReplaced
from chalicelib.domain.sessions import Session, Token
from chalicelib.services import Client, Services
from chalicelib.settings import Site


@dataclass(frozen=True)
class Visitor:
    """Somebody logged in: the token shown, its session, its account as it stands, and its site."""

    token: Token
    session: Session
    account: Account
    site: Site
    must_change: bool  # no other page opens before the password is changed


def visit(
    services: Services, token: Token | None, client: Client, now: datetime, *, to_change_password: bool = False
) -> Visitor:
    """Find who shows this token: two reads. Raises `NotLoggedIn`, or `MustChange` if that must come first."""
    network = services.settings.network
    site = network.site(token.site) if token else None
    session = services.sessions.find(token) if token and site else None
    if token is None or site is None or session is None:
        raise NotLoggedIn
    account = services.accounts.find(session.account)
    if account is None or not session.is_of(account, now):
        reason = session.why_over(account)
        services.record.write("session_ended", now, client.request, account=session.account, reason=reason)
        raise PasswordReplaced(session.account) if reason == "password_replaced" else NotLoggedIn
    if session.needs_touch(now):
        services.sessions.touch(session, now)
    must_change = _must_change(services, account)
    if must_change and not to_change_password:
        raise MustChange
    return Visitor(token, session, account, site, must_change)


def _must_change(services: Services, account: Account) -> bool:
    is_mailed = account.password is not None and account.password.origin == "mailed"
    return is_mailed and services.settings.network.passwords.mode == "must_change"
