"""Visit an account page: a token gives its session and its account, or the way to the login form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.coordinates import speaker
from chalicelib.domain.account.sessions import Session, Token
from chalicelib.domain.refusals import FieldsRefused, MustChange, NotLoggedIn, PasswordReplaced
from chalicelib.services import Client, Services
from chalicelib.settings import Site
from chalicelib.stores.dynamo import Lookup

Lacking = Mapping[str, tuple[str, ...]]  # fields of a form, with the codes of what is wrong in each


@dataclass(frozen=True)
class Visitor:
    """Somebody logged in: the token shown, its session, its account as it stands, and its site."""

    token: Token
    session: Session
    account: Account
    site: Site
    must_change: bool  # no other page opens before the password is changed

    def unsaid(self, chosen: str) -> dict[str, tuple[str, ...]]:
        """Give the refusal of a form that does not say who sends it, where several may; nothing where it does."""
        return {} if speaker(self.account, chosen) else {"par": ("speaker_missing",)}

    def speaking(self, chosen: str, lacking: Lacking = MappingProxyType({})) -> str:
        """Name who sends a form, as chosen in it.

        Raises `FieldsRefused` where several may and it does not say, with what else lacks in the form.
        """
        if refused := self.unsaid(chosen):
            raise FieldsRefused({**lacking, **refused})
        return speaker(self.account, chosen)


Beside = Callable[[AccountRef], tuple[Lookup[Any], ...]]
Speaks = Callable[[Account], str]  # names who says to be at the keyboard; nothing where nobody does


def nobody(_account: Account) -> str:
    """Name nobody: nothing was said."""
    return ""


def visit(  # noqa: PLR0913 - who asks, when, and for what
    services: Services,
    token: Token | None,
    client: Client,
    now: datetime,
    speaks: Speaks = nobody,
    *,
    to_change_password: bool = False,
) -> Visitor:
    """Find who shows this token: two reads. Raises `NotLoggedIn`, or `MustChange` if that must come first."""
    shown = _shown(services, token)
    visitor = _admit(services, shown, services.accounts.find(shown.session.account), client, now)
    visitor = _heard(services, visitor, speaks, now)
    if visitor.must_change and not to_change_password:
        raise MustChange
    return visitor


def visit_with(  # noqa: PLR0913, PLR0917 - who asks, when, and for what
    services: Services, token: Token | None, client: Client, now: datetime, beside: Beside, speaks: Speaks = nobody
) -> tuple[Visitor, tuple[Any, ...]]:
    """Find who shows this token, and what a page needs besides, in two reads too. Raises as `visit` does."""
    shown = _shown(services, token)
    ref = shown.session.account
    lookups: list[Lookup[Any]] = [services.accounts.one(ref), *beside(ref)]
    account, *found = services.database.read_together(*lookups)
    visitor = _heard(services, _admit(services, shown, account, client, now), speaks, now)
    if visitor.must_change:
        raise MustChange
    return visitor, tuple(found)


@dataclass(frozen=True)
class _Shown:
    token: Token
    session: Session
    site: Site


def _shown(services: Services, token: Token | None) -> _Shown:
    site = services.settings.network.site(token.site) if token else None
    session = services.sessions.find(token) if token and site else None
    if token is None or site is None or session is None:
        raise NotLoggedIn
    return _Shown(token, session, site)


def _admit(services: Services, shown: _Shown, account: Account | None, client: Client, now: datetime) -> Visitor:
    session = shown.session
    if account is None or not session.is_of(account, now):
        reason = session.why_over(account)
        services.record.write("session_ended", now, client.request, account=session.account, reason=reason)
        raise PasswordReplaced(session.account) if reason == "password_replaced" else NotLoggedIn
    return Visitor(shown.token, session, account, shown.site, _must_change(services, account))


def _heard(services: Services, visitor: Visitor, speaks: Speaks, now: datetime) -> Visitor:
    """Note in the session that somebody was seen, and who says to be at the keyboard: one write, or none."""
    session, said = visitor.session, speaks(visitor.account)
    if said and said != session.speaker:
        services.sessions.remember(session, said, now)
        return replace(visitor, session=replace(session, speaker=said))
    if session.needs_touch(now):
        services.sessions.touch(session, now)
    return visitor


def _must_change(services: Services, account: Account) -> bool:
    is_mailed = account.password is not None and account.password.origin == "mailed"
    return is_mailed and services.settings.network.passwords.mode == "must_change"
