"""« Ce n'est pas moi »: which changes a notified mailbox may take back (docs/decisions/0056)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.change_links import LIFETIME, ChangeLink, LinkGone
from chalicelib.domain.account.coordinates import freezes, record_freeze, trail
from chalicelib.domain.account.email_addresses import EmailChange, apply_email_change
from chalicelib.domain.account.logins import follow_guardian
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.corrections import Actor, Correction, is_decision_of
from chalicelib.domain.family.households import Guardian
from chalicelib.values import frozen

PUT_BACK_ONCE_IN: Final = timedelta(days=30)


@frozen
class DisownInput:
    """A press of the button, made or possible: the name of its freeze and the new stamp."""

    decision: str
    stamp: str
    at: datetime


def disown(account: Account, link: ChangeLink, press: DisownInput, pseudonyms: Pseudonyms) -> Account:
    """Freeze an account for a mailbox notified of a change. The same account if that is already done.

    Its password is removed, no address is pending, every session ends, and the addresses held before count again.
    Raises `LinkGone` if the account has no such change, or the mailbox has no say in it any longer.
    """
    change = next(filter(link.is_of, trail(account)), None)
    if account.disabled or (change is None and link.what == "emails"):
        raise LinkGone
    earlier = freeze_after(account, link)
    if earlier and is_decision_of(link.mark, earlier):
        return account
    undoing = _Undo(account, link, press, pseudonyms)
    after = undoing.undo()
    if earlier and after.emails == account.emails:
        return account
    if undoing.own not in after.emails and (change is None or change.actor.side == "family"):
        raise LinkGone
    actor = Actor("family", undoing.who(after))
    return record_freeze(account, _shut(after, press), actor, press.at, press.decision)


def _shut(account: Account, press: DisownInput) -> Account:
    """Remove every login method and session, and restart the count of letters, as a thief may have used it up."""
    return replace(
        account,
        password=None,
        passkeys=(),
        links=(),
        mailed_passwords=(),
        letters=(),
        pending_email=None,
        stamp=press.stamp,
    )


def freeze_login(login: Account, guardian: Guardian, press: DisownInput, actor: Actor) -> Account:
    """Freeze a guardian's login too, since its address is restored. Idempotent per decision."""
    follower = follow_guardian(login, guardian)
    if any(freeze.decision == press.decision for freeze in freezes(login)):
        return follower
    return record_freeze(follower, _shut(follower, press), actor, press.at, press.decision)


def freeze_after(account: Account, link: ChangeLink) -> Correction | None:
    """Find the freeze after a change: the one made by the change's own link, or else the first."""
    since = [freeze for freeze in freezes(account) if freeze.at >= link.at]
    return next((freeze for freeze in since if is_decision_of(link.mark, freeze)), since[0] if since else None)


def addresses_taken_off(account: Account, freeze: Correction) -> tuple[str, ...]:
    """List the addresses that a freeze removed from the file."""
    traces = [correction for correction in _email_changes(account) if correction.decision == freeze.decision]
    return tuple(email for trace in traces for email in trace.old if email not in account.emails)


def address_taken(account: Account, link: ChangeLink, pseudonyms: Pseudonyms) -> Correction | None:
    """Find the change by which a session removed a link's mailbox from the file, after the link's own change."""
    for change in _email_changes(account):
        old_emails = _gone_of(change.old, change.new) if change.at >= link.at and change.actor.side == "family" else ()
        if any(pseudonyms.is_mailbox(link.mailbox, email) for email in old_emails):
            return change
    return None


def _email_changes(account: Account) -> Iterator[Correction]:
    return (correction for correction in trail(account) if correction.what == "emails")


def _settled_logins(account: Account, now: datetime) -> frozenset[str]:
    """Name the guardians whose own login is older than a link's lifetime: a thief may have created a newer one.

    Once coordinates are separated, all logins count.
    """
    since = now if account.separated_at else now - LIFETIME
    changes = (change for change in trail(account) if change.what == "logins" and change.at > since)
    young = {name for change in changes for name in change.new if name not in change.old}
    return frozenset(guardian.name for guardian in account.household.guardians if guardian.login) - young


class _Undo:
    """The addresses as they were before a change, as far as a link may restore them.

    Removed: the addresses that the change added, and those that sessions of the same login added in the last seven
    days, as the author of this change may have made those too. A guardian's own login counts as a different one if it
    is older than that, or if coordinates are separated. Restored: the addresses that sessions removed since, once in
    thirty days. Changes by the office since then stay. After an earlier freeze, later changes are ignored, as the
    family is back in control.
    """

    def __init__(self, account: Account, link: ChangeLink, press: DisownInput, pseudonyms: Pseudonyms) -> None:
        self._account, self._link, self._pseudonyms = account, link, pseudonyms
        decisions = {freeze.decision for freeze in freezes(account)}
        self._own_logins = _settled_logins(account, press.at)
        link_change = next(filter(link.is_of, _email_changes(account)), None)
        # After an office change, review the changes of every login, unless coordinates are separated.
        by_office = link_change is not None and link_change.actor.side != "family" and account.separated_at is None
        earlier = freeze_after(account, link)
        until = earlier.at if earlier else press.at
        self._changes = [
            change
            for change in _email_changes(account)
            if press.at - LIFETIME < change.at <= until
            and change.decision not in decisions
            and (
                (change.actor.side == "family" and (by_office or self._login_of(change) == self._login_of(link_change)))
                or link.is_of(change)
            )
        ]
        self._put_back = {
            email
            for change in _email_changes(account)
            if change.decision in decisions and change.at > press.at - PUT_BACK_ONCE_IN
            for email in _gone_of(change.new, change.old)
        }
        known_emails = (*account.emails, *(email for change in self._changes for email in (*change.old, *change.new)))
        self.own = next((email for email in known_emails if pseudonyms.is_mailbox(link.mailbox, email)), "")

    def _login_of(self, change: Correction | None) -> str:
        """Name the guardian whose own login made a change. Empty for the first login."""
        author = change.actor.who if change and change.actor.side == "family" else ""
        return author if author in self._own_logins else ""

    def undo(self) -> Account:
        """Restore the addresses and their guardians, each in the place of its replacement."""
        new_emails = set(self._new_emails())
        off = [email for email in self._account.emails if email in new_emails and email != self.own]
        back = [email for email in self._lost() if email not in new_emails]
        if not back and len(off) == len(self._account.emails) and self.own in self._lost():
            back = [self.own]  # no other address is left
        after, former = self._account, self._former()
        for email in off:
            origin = _origin(email, former, back)
            back = [other for other in back if other != origin]
            after = apply_email_change(after, EmailChange(origin, email), self._pseudonyms)
        for email in back:
            after = apply_email_change(after, EmailChange(email), self._pseudonyms)
        return after

    def who(self, after: Account) -> str:
        """Name the guardian whose mailbox was notified."""
        guardians = (*after.household.guardians, *self._account.household.guardians)
        return next((guardian.name for guardian in guardians if self.own and guardian.email == self.own), "")

    def _new_emails(self) -> Iterator[str]:
        """List the addresses that only these changes put on file."""
        seen_emails: set[str] = set()
        for change in self._changes:
            yield from _gone_of(change.new, (*change.old, *seen_emails))
            seen_emails |= {*change.old, *change.new}

    def _lost(self) -> list[str]:
        """List the addresses that sessions removed since the change, and that no freeze has restored yet."""
        since = [change for change in self._changes if change.at >= self._link.at and change.actor.side == "family"]
        lost_emails = dict.fromkeys(email for change in since for email in _gone_of(change.old, change.new))
        return [email for email in lost_emails if email not in {*self._account.emails, *self._put_back}]

    def _former(self) -> dict[str, str]:
        """Map each address to the one it replaced."""
        return {
            new: old
            for change in self._changes
            if len(change.old) == len(change.new)
            for old, new in zip(change.old, change.new, strict=True)
            if old != new
        }


def _gone_of(old: Iterable[str], new: Iterable[str]) -> list[str]:
    remaining = set(new)
    return [email for email in old if email not in remaining]


def _origin(email: str, former: dict[str, str], waiting: list[str]) -> str | None:
    """Find the address to restore in the place of another, across repeated replacements."""
    seen_emails = {email}
    while (email := former.get(email, "")) and email not in seen_emails:
        if email in waiting:
            return email
        seen_emails.add(email)
    return None
