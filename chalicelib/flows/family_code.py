"""The code that proves an address: typed in time, the address counts; those on file before are told."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import shown_emails, traced, trail
from chalicelib.domain.account.email_addresses import Readdressing, check_pace, readdressed
from chalicelib.domain.account.email_proof import TRIES_AT_MOST, Unproven, code_from, digest
from chalicelib.domain.account.sessions import Session, Token
from chalicelib.domain.family.corrections import Hand, is_decision_of, new_decision
from chalicelib.domain.refusals import CodeGone, FieldsRefused, NotLoggedIn, NotThere
from chalicelib.flows.family import Inside, check_mark, revised
from chalicelib.flows.reenrolment import mark_of
from chalicelib.flows.security_notices import post_email_changed
from chalicelib.services import Services
from chalicelib.stores.attempts import Tries


def mark_of_emails(account: Account) -> str:
    """Mark what a form shows of the addresses."""
    return mark_of(shown_emails(account))


def check_allowed(services: Services) -> None:
    """Refuse where the network lets no family change addresses. Raises `NotThere`."""
    if "emails" not in services.settings.network.family.may_correct:
        raise NotThere


def prove(services: Services, inside: Inside, typed: str, asked: str) -> Token | None:
    """Let an address count if this is its code; `asked`: the name under which it waits.

    Gives the token of the session that goes on where the others ended. Each wrong code is counted by the write that
    the next one must see, so that five in all are looked at, however many come at once. Raises `FieldsRefused`,
    `CodeGone`, `AddressesSlowedDown`, `CoordinatesMoved`, `NotThere`, `NotLoggedIn`.
    """
    check_allowed(services)
    code = code_from(typed)
    if not code:
        raise FieldsRefused({"code": ("code_wrong" if typed else "code_missing",)})
    change = Readdressed(services, inside)

    def decide(found: Account) -> Account:
        if _is_done(found, asked):
            return found  # the same form sent twice
        unproven = _waiting(found, asked, inside.now)
        if not _is_code(found, unproven, code):
            return replace(found, unproven=unproven.tried())
        return change.apply(found, _wish(unproven), unproven.by, asked)

    try:
        before, after = revised(services, inside, decide)
    except NotLoggedIn:
        return _repeat(services, inside, change, (asked, code))
    if after.unproven is not None and after.unproven.name == asked:
        _refuse(services, inside, after.unproven)
    return change.done(after) if after is not before else None


def _repeat(services: Services, inside: Inside, change: "Readdressed", given: tuple[str, str]) -> Token:
    """Answer the form sent twice whose first sending ended a mailed password, and every session with it.

    It came with a session that was open, and with the code. Raises `NotLoggedIn` where that is not what happened.
    """
    asked, code = given
    known, found = inside.visitor.account, services.accounts.find(inside.visitor.account.ref)
    is_known = known.unproven is not None and known.unproven.name == asked and _is_code(known, known.unproven, code)
    if found is None or found.disabled or found.password or not (is_known and _is_done(found, asked)):
        raise NotLoggedIn
    return change.keep_inside(found)


def _is_done(account: Account, asked: str) -> bool:
    return any(is_decision_of(asked, each) for each in trail(account))


def _is_code(account: Account, unproven: Unproven, code: str) -> bool:
    return unproven.is_proven_by(digest(account.ref.site, account.ref.identifier, unproven.email, code))


def _waiting(account: Account, asked: str, now: datetime) -> Unproven:
    """Give what waits for the code, as it was asked for: an address that it replaces must still be there."""
    unproven = account.unproven
    if unproven is None or unproven.name != asked or not unproven.is_open(now):
        raise CodeGone
    if unproven.replaced and unproven.replaced not in account.emails:
        check_mark(account, mark_of_emails(account), "", "emails", "guardians")
    return unproven


def _wish(unproven: Unproven) -> Readdressing:
    return Readdressing(unproven.email, unproven.replaced or None, unproven.guardian)


def _refuse(services: Services, inside: Inside, unproven: Unproven) -> None:
    ref = inside.visitor.account.ref
    services.record.write("email_code_refused", inside.now, inside.client.request, account=ref)
    if len(unproven.tries) >= TRIES_AT_MOST:
        raise CodeGone
    raise FieldsRefused({"code": ("code_wrong",)})


class Readdressed:
    """A change of addresses about to be written: first those on file are told, and the session that goes on is opened.

    If the write then fails, a notice of what never was is dropped, and a session under a stamp that never was opens
    nothing.
    """

    def __init__(self, services: Services, inside: Inside) -> None:
        self._services = services
        self._inside = inside
        self._token = Token.new(inside.visitor.account.ref.site)

    def apply(self, found: Account, wish: Readdressing, by: str, of: str = "") -> Account:
        """Give the account as it shall be, with the trace; `of`: the name of what was asked for before.

        Raises `AddressesSlowedDown`.
        """
        services, now = self._services, self._inside.now
        check_pace(found, now)
        decision = new_decision(of)
        after = readdressed(found, wish, services.record.pseudonyms)
        after = traced(found, after, Hand("family", by), now, decision)
        post_email_changed(services, found, decision, self._inside.client, now)
        if self._is_renewed(after):
            self.keep_inside(after)
        return after

    def done(self, after: Account) -> Token | None:
        """Note that it is written; give the token of the new session, where there is one."""
        request = self._inside.client.request
        self._services.record.write("email_changed", self._inside.now, request, account=after.ref)
        return self._token if self._is_renewed(after) else None

    def keep_inside(self, after: Account) -> Token:
        """Open a session under the account's new stamp: a mailed password ended with its mailbox, not who is here."""
        session = Session.go_on(self._token, after, self._inside.now, self._inside.visitor.session, by="login")
        self._services.database.write_together(
            self._services.sessions.put(session), self._services.attempts.clear(Tries.on_account(after.ref))
        )
        return self._token

    def _is_renewed(self, after: Account) -> bool:
        return after.stamp != self._inside.visitor.session.stamp
