"""Changes of the addresses on file by the office or the family. Passwords mailed to a removed address stop working."""

from collections.abc import Iterator
from dataclasses import field, replace
from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.email_proof import PendingEmail
from chalicelib.domain.account.logins import end_mailed_proofs
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.account.rate_limits import ADDRESSES_OF_ACCOUNT, CODES_OF_ACCOUNT
from chalicelib.domain.family.households import Guardian
from chalicelib.domain.refusals import SlowedDown
from chalicelib.values import frozen

ADDRESSES_AT_MOST: Final = 8  # that a family may add by itself: each receives a notice of each change


class CodesSlowedDown(SlowedDown):
    """Too many codes were requested. The next one may be sent from `until`."""

    code = "codes_slowed_down"


class AddressesSlowedDown(SlowedDown):
    """Too many changes of the family's addresses. The next one is accepted from `until`."""

    code = "addresses_slowed_down"


@frozen
class EmailChange:
    """An address to add, one to remove, or both: then the first replaces the second.

    `guardian`: the name of the added address's guardian, if given.
    """

    added: str | None = field(default=None, repr=False)
    removed: str | None = field(default=None, repr=False)
    guardian: str = field(default="", repr=False)


@frozen
class AddressChoice:
    """A change that a family may make to its addresses: its code in the form, the address, and the guardian."""

    code: str
    kind: Literal["add", "replace", "remove"]
    email: str = field(default="", repr=False)
    names: tuple[str, ...] = field(default=(), repr=False)
    guardian: str = field(default="", repr=False)


def choices(account: Account) -> tuple[AddressChoice, ...]:
    """List the address changes a login may make. It cannot remove its last address, or change another login's."""
    return tuple(_choices(account))


def _choices(account: Account) -> Iterator[AddressChoice]:
    guardians, login = account.household.guardians, account.view.login if account.view else ""
    emails = [(number, email) for number, email in enumerate(account.emails, 1) if _is_of(account, email, login)]
    for number, email in emails:
        yield AddressChoice(f"remplacer-{number}", "replace", email, _names(guardians, email))
    if len(account.emails) < ADDRESSES_AT_MOST:
        hidden_places = account.view.hidden if account.view else ()
        own_guardians = [
            (n, guardian)
            for n, guardian in enumerate(guardians, 1)
            if guardian.login == login and n - 1 not in hidden_places
        ]
        wanting = [(place, guardian.name) for place, guardian in own_guardians if not _has_its_own(guardians, guardian)]
        for place, name in wanting:
            yield AddressChoice(f"ajouter-{place}", "add", guardian=name)
        if not wanting and not login:
            yield AddressChoice("ajouter", "add")
    if len(emails) > 1:
        for number, email in emails:
            yield AddressChoice(f"retirer-{number}", "remove", email, _names(guardians, email))


def _is_of(account: Account, email: str, login: str) -> bool:
    """Whether an address belongs to one login. Without a guardian it is the first login's, with an empty identifier."""
    owners = {guardian.login for guardian in account.household.guardians if guardian.email == email}
    return (owners or {""}) == {login}


def with_pending_email(account: Account, pending: PendingEmail, now: datetime) -> Account:
    """Make an address pending until its code is typed. Idempotent for a form sent twice. Raises `CodesSlowedDown`."""
    waiting = account.pending_email
    if waiting and waiting.is_open(now) and waiting.is_same(pending):
        return account
    until = CODES_OF_ACCOUNT.waits_until(account.code_times, now)
    if until is not None:
        raise CodesSlowedDown(until)
    return replace(account, pending_email=pending, code_times=(*CODES_OF_ACCOUNT.recent(account.code_times, now), now))


def check_rate(account: Account, now: datetime) -> None:
    """Refuse a family that has changed its addresses too often recently. Raises `AddressesSlowedDown`."""
    lately = tuple(
        correction.at
        for correction in account.access_corrections
        if correction.what == "emails" and correction.actor.side == "family"
    )
    until = ADDRESSES_OF_ACCOUNT.waits_until(lately, now)
    if until is not None:
        raise AddressesSlowedDown(until)


def _names(guardians: tuple[Guardian, ...], email: str) -> tuple[str, ...]:
    return tuple(guardian.name for guardian in guardians if guardian.email == email)


def _has_its_own(guardians: tuple[Guardian, ...], guardian: Guardian) -> bool:
    return bool(guardian.email) and len(_names(guardians, guardian.email)) == 1


def apply_email_change(account: Account, change: EmailChange, pseudonyms: Pseudonyms) -> Account:
    """Change the addresses of an account and of its guardians.

    The proofs of a removed address end (`end_mailed_proofs`). Failures are kept for addresses that stay. A pending
    address is dropped.
    """
    emails = tuple(dict.fromkeys(_change_emails(account.emails, change)))
    mailboxes = {pseudonyms.of_mailbox(email) for email in emails if email in account.emails}
    after = replace(
        account,
        emails=emails,
        household=replace(account.household, guardians=_change_guardians(account.household.guardians, change)),
        failing_mailboxes=tuple(failure for failure in account.failing_mailboxes if failure.mailbox in mailboxes),
        pending_email=None,
    )
    return end_mailed_proofs(account, after)


def _change_emails(emails: tuple[str, ...], change: EmailChange) -> tuple[str, ...]:
    if change.removed is None:
        return (*emails, change.added) if change.added else emails
    new_emails = (change.added if email == change.removed else email for email in emails)
    return tuple(email for email in new_emails if email)


def _change_guardians(guardians: tuple[Guardian, ...], change: EmailChange) -> tuple[Guardian, ...]:
    """Change the guardian of the removed address. An added one is the named guardian's, or the only one's without."""
    if change.removed is None:
        without = [guardian for guardian in guardians if not guardian.email]
        by_name = sorted(
            (guardian for guardian in guardians if guardian.name == change.guardian),
            key=lambda guardian: _has_its_own(guardians, guardian),
        )  # of two guardians with one name, the one without an address
        whose = next(iter(by_name), None) if change.guardian else without[0] if len(without) == 1 else None
        return tuple(
            replace(guardian, email=change.added or "") if guardian is whose else guardian for guardian in guardians
        )
    return tuple(
        replace(guardian, email=change.added or "") if guardian.email == change.removed else guardian
        for guardian in guardians
    )
