"""Let in a visitor: a token gives its session and its account, or redirects to the login form."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from chalicelib.domain.account.accounts import CANARY, GUARDIAN, Account, AccountRef
from chalicelib.domain.account.coordinates import speaker
from chalicelib.domain.account.logins import opens
from chalicelib.domain.account.separation import as_seen
from chalicelib.domain.account.sessions import Session, Token
from chalicelib.domain.refusals import FieldsRefused, NotLoggedIn, NotThere, Refusal
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.family import Services, Visit
from chalicelib.settings.environment import Site
from chalicelib.values import frozen

FieldErrors = Mapping[str, tuple[str, ...]]  # the codes of the errors in each field of a form


class PasswordReplaced(NotLoggedIn):
    """The session ended because the password was replaced, perhaps by this very form, sent twice."""

    def __init__(self, account: AccountRef) -> None:
        super().__init__(self.code)
        self.account = account


class MustChange(Refusal):
    """The network asks for a chosen password before anything else (mode `must_change`)."""

    code = "must_change"


class MergeAtWork(MustChange):
    """The account is being merged with another one of its family: until that is done, « Accueil » says so."""


@frozen
class Visitor:
    """A logged-in user: their token, session, family's account, login, and site.

    `account`: the family's as this login may see it, for pages. `login`: the account that the password opened, the
    family's or a guardian's own, with its password, stamp and notices. `on_file`: the family's account unhidden, for
    writes and never for a page.
    """

    token: Token
    session: Session
    account: Account
    site: Site
    must_change: bool  # no other page opens before the password is changed
    login: Account
    on_file: Account
    site_was_forgiven: bool = False  # a moment ago: a page names the account's site

    @property
    def is_guardians(self) -> bool:
        """Whether the login is a guardian's own, and not the family's first."""
        return self.login.role == GUARDIAN

    def may_omit_password(self, now: datetime) -> bool:
        """Whether a form needs no password: a proof was just given, or a login without one just came by a code."""
        session = self.session
        return session.is_proven(now) and (session.proven_at is not None or self.login.password is None)

    @property
    def author(self) -> str:
        """The name of the guardian who acts: the last one chosen in a form, or the only one. Empty if unknown."""
        return self.session.speaker or speaker(self.account, "")

    def see(self, account: Account) -> Account:
        """Return the family's account as it is now, as this login may see it."""
        return as_seen(account, self.login.ref)

    def speaker_refusals(self, choice: str) -> dict[str, tuple[str, ...]]:
        """Return the error of a form without its sender, if several are possible. Else nothing."""
        return {} if speaker(self.account, choice) else {"par": ("speaker_missing",)}

    def speaker_chosen(self, choice: str, lacking: FieldErrors = MappingProxyType({})) -> str:
        """Return the sender of a form, as chosen in it.

        Raises `FieldsRefused` with `lacking` if several are possible and none is chosen.
        """
        if refusals := self.speaker_refusals(choice):
            raise FieldsRefused({**lacking, **refusals})
        return speaker(self.account, choice)


MoreLookups = Callable[[AccountRef], Iterable[Lookup[Any]]]


@frozen
class HomePart:
    """A wing's part of « Accueil »: its lookups, and the value of their results that the template of its name shows."""

    name: str
    lookups: Callable[[Services, AccountRef], Sequence[Lookup[Any]]]
    value: Callable[[Sequence[Any]], Any]


Page = Literal["", "home", "change_password"]  # where some visitors are let in who see no other page
FindSpeaker = Callable[[Visitor], str]  # returns the name chosen at the keyboard, or nothing


def no_speaker(_visitor: Visitor) -> str:
    """Return no name: none was chosen."""
    return ""


def no_lookups(_account: AccountRef) -> tuple[Lookup[Any], ...]:
    """Look up nothing more."""
    return ()


def enter(visit: Visit[Services], find_speaker: FindSpeaker = no_speaker, page: Page = "") -> Visitor:
    """Find the visitor of a visit's token: two reads. Raises `NotLoggedIn`, or `MustChange` if that must come first."""
    visitor, _ = enter_with(visit, no_lookups, find_speaker, page)
    return visitor


def enter_with(
    visit: Visit[Services], more_lookups: MoreLookups, find_speaker: FindSpeaker = no_speaker, page: Page = ""
) -> tuple[Visitor, tuple[Any, ...]]:
    """Find the visitor of a visit's token, with more lookups in the same two reads. Raises as `enter` does.

    The canary sees « Accueil » only, `NotThere` elsewhere: its password can be read in the settings of its function.
    """
    session_shown = _open_session(visit.services, visit.token)
    refs = dict.fromkeys((session_shown.session.account, session_shown.session.family_ref))
    lookups: list[Lookup[Any]] = list(map(visit.services.accounts.lookup, refs))
    lookups += more_lookups(session_shown.session.family_ref)
    database = visit.services.database
    results = database.read_together(*lookups) if len(lookups) > 1 else (database.read(lookups[0]),)
    accounts, more = results[: len(refs)], results[len(refs) :]
    visitor = _admit(visit, session_shown, accounts[0], accounts[-1])
    if visitor.login.role == CANARY and page != "home":
        raise NotThere
    if visitor.on_file.is_merging and page != "home":
        raise MergeAtWork
    visitor = _record_visit(visit, visitor, find_speaker)
    if visitor.must_change and page != "change_password":
        raise MustChange
    return visitor, tuple(more)


@frozen
class _OpenSession:
    token: Token
    session: Session
    site: Site


def _open_session(services: Services, token: Token | None) -> _OpenSession:
    site = services.settings.network.site(token.site) if token else None
    session = services.sessions.find(token) if token and site else None
    if token is None or site is None or session is None:
        raise NotLoggedIn
    return _OpenSession(token, session, site)


def _admit(
    visit: Visit[Services], session_shown: _OpenSession, login: Account | None, family: Account | None
) -> Visitor:
    session = session_shown.session
    login = login if login and opens(family, login) else None
    if login is None or family is None or not session.is_of(login, visit.now):
        reason = session.end_reason(login)
        visit.record("session_ended", account=session.account, reason=reason)
        raise PasswordReplaced(session.account) if reason == "password_replaced" else NotLoggedIn
    return Visitor(
        token=session_shown.token,
        session=session,
        account=as_seen(family, login.ref),
        site=session_shown.site,
        must_change=_must_change(visit.services, login, session),
        login=login,
        on_file=family,
        site_was_forgiven=session.just_forgiven(visit.now),
    )


def _record_visit(visit: Visit[Services], visitor: Visitor, find_speaker: FindSpeaker) -> Visitor:
    """Record the visit and its speaker in the session: one write, or none."""
    session, speaker_name = visitor.session, find_speaker(visitor)
    if speaker_name and speaker_name != session.speaker:
        visit.services.sessions.remember(session, speaker_name, visit.now)
        return replace(visitor, session=replace(session, speaker=speaker_name))
    if session.needs_touch(visit.now):
        visit.services.sessions.touch(session, visit.now)
    return visitor


def _must_change(services: Services, account: Account, session: Session) -> bool:
    """Whether the session was opened by a mailed password that must be replaced. Other login methods need none."""
    is_mailed = account.password is not None and account.password.origin == "mailed"
    return (
        is_mailed
        and session.opened_by in {"login", "change"}
        and services.settings.network.passwords.mode == "must_change"
    )
