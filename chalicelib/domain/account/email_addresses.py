"""The addresses on file, as the office or the family changes them; what sits in a mailbox left behind opens nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account, new_stamp
from chalicelib.domain.account.email_proof import Unproven
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.account.rate_limits import ADDRESSES_OF_ACCOUNT, CODES_OF_ACCOUNT
from chalicelib.domain.family.households import Guardian
from chalicelib.domain.refusals import AddressesSlowedDown, CodesSlowedDown

ADDRESSES_AT_MOST: Final = 8  # that a family may reach by itself: each is told of each change


@dataclass(frozen=True)
class Readdressing:
    """An address to add, one to take away, or both: then the first takes the place of the second.

    `guardian`: the name of the one whose address the further one is, where that is said.
    """

    added: str | None = field(default=None, repr=False)
    removed: str | None = field(default=None, repr=False)
    guardian: str = field(default="", repr=False)


@dataclass(frozen=True)
class Choice:
    """Something that a family may do to its addresses: its code in the form, whose address, and for which guardian."""

    code: str
    kind: Literal["add", "replace", "remove"]
    email: str = field(default="", repr=False)
    names: tuple[str, ...] = field(default=(), repr=False)
    guardian: str = field(default="", repr=False)


def choices(account: Account) -> tuple[Choice, ...]:
    """List what a family may do to its addresses: never take away the last one."""
    return tuple(_choices(account))


def _choices(account: Account) -> Iterator[Choice]:
    guardians, emails = account.household.guardians, account.emails
    for number, email in enumerate(emails, 1):
        yield Choice(f"remplacer-{number}", "replace", email, _names(guardians, email))
    if len(emails) < ADDRESSES_AT_MOST:
        wanting = [place for place, each in enumerate(guardians) if not _has_its_own(guardians, each)]
        for place in wanting:
            yield Choice(f"ajouter-{place + 1}", "add", guardian=guardians[place].name)
        if not wanting:
            yield Choice("ajouter", "add")
    if len(emails) > 1:
        for number, email in enumerate(emails, 1):
            yield Choice(f"retirer-{number}", "remove", email, _names(guardians, email))


def with_unproven(account: Account, unproven: Unproven, now: datetime) -> Account:
    """Let an address wait for its code; the same form sent twice waits once. Raises `CodesSlowedDown`."""
    waiting = account.unproven
    if waiting and waiting.is_open(now) and waiting.is_same(unproven):
        return account
    until = CODES_OF_ACCOUNT.waits_until(account.codes, now)
    if until is not None:
        raise CodesSlowedDown(until)
    return replace(account, unproven=unproven, codes=(*CODES_OF_ACCOUNT.recent(account.codes, now), now))


def check_pace(account: Account, now: datetime) -> None:
    """Refuse a family that has changed its addresses many times of late. Raises `AddressesSlowedDown`."""
    lately = tuple(each.at for each in account.access if each.what == "emails" and each.hand.side == "family")
    until = ADDRESSES_OF_ACCOUNT.waits_until(lately, now)
    if until is not None:
        raise AddressesSlowedDown(until)


def _names(guardians: tuple[Guardian, ...], email: str) -> tuple[str, ...]:
    return tuple(each.name for each in guardians if each.email == email)


def _has_its_own(guardians: tuple[Guardian, ...], guardian: Guardian) -> bool:
    return bool(guardian.email) and len(_names(guardians, guardian.email)) == 1


def readdressed(account: Account, wish: Readdressing, pseudonyms: Pseudonyms) -> Account:
    """Give the account with its addresses changed, and those of its guardians.

    Where an address is left behind, mailed passwords end with it: those not used yet, and one that was used and kept,
    with the sessions it opened. A mark of a mailbox that fails stays with an address that stays. An address that waits
    for its code waits no more.
    """
    emails = tuple(dict.fromkeys(_moved(account.emails, wish)))
    staying = {pseudonyms.of_mailbox(email) for email in emails if email in account.emails}
    after = replace(
        account,
        emails=emails,
        household=replace(account.household, guardians=_guardians(account.household.guardians, wish)),
        failing=tuple(each for each in account.failing if each.mailbox in staying),
        unproven=None,
    )
    return _without_mailed_passwords(after) if wish.removed else after


def _moved(emails: tuple[str, ...], wish: Readdressing) -> tuple[str, ...]:
    if wish.removed is None:
        return (*emails, wish.added) if wish.added else emails
    changed = (wish.added if email == wish.removed else email for email in emails)
    return tuple(email for email in changed if email)


def _guardians(guardians: tuple[Guardian, ...], wish: Readdressing) -> tuple[Guardian, ...]:
    """Move the guardian whose address it was; a further one is the named guardian's, else the only one's without."""
    if wish.removed is None:
        without = [guardian for guardian in guardians if not guardian.email]
        named = [guardian for guardian in guardians if guardian.name == wish.guardian]
        whose = next(iter(named), None) if wish.guardian else without[0] if len(without) == 1 else None
        return tuple(replace(each, email=wish.added or "") if each is whose else each for each in guardians)
    return tuple(replace(each, email=wish.added or "") if each.email == wish.removed else each for each in guardians)


def _without_mailed_passwords(account: Account) -> Account:
    is_mailed = account.password is not None and account.password.origin == "mailed"
    after = replace(account, mailed=())
    return replace(after, password=None, stamp=new_stamp()) if is_mailed else after
