"""A family as the yearly file lists it, and what that makes of its account: the file, what it last said, and ours."""

import hashlib
from collections.abc import Iterable
from dataclasses import field, replace
from datetime import datetime
from typing import Any, Final, Literal, get_args

from chalicelib.domain.account.accounts import Account, AccountRef, FailingMailbox, new_stamp
from chalicelib.domain.account.coordinates import trail
from chalicelib.domain.account.logins import first_guardians
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.domain.family.pairing import (
    unlisted_logins,
    with_addresses,
    with_emails_on_file,
    with_logins,
    with_postal_addresses,
    with_telephones,
)
from chalicelib.domain.text import fold
from chalicelib.values import frozen

ListedField = Literal[
    "name", "written", "emails", "guardians", "address", "pupils", "telephones", "payer", "guardian_addresses"
]
FIELDS: Final[tuple[ListedField, ...]] = get_args(ListedField)
# Of the fields that an account has itself, the attribute of each.
_OWN: Final[dict[ListedField, str]] = {"name": "name", "written": "display_identifier", "emails": "emails"}
_DISABLED: Final = "disabled"  # in `imported`: the stamp under which an import disabled a family that was gone
_SHORT: Final = 8  # bytes: nobody chooses these values to collide


@frozen
class ListedFamily:
    """What the file says of one family; `listed_fields` have columns in it and could be read whole."""

    ref: AccountRef
    line: int
    display_identifier: str
    name: str
    guardians: tuple[Guardian, ...] = ()
    emails: tuple[str, ...] = field(default=(), repr=False)
    address: tuple[str, ...] = field(default=(), repr=False)
    pupils: tuple[Pupil, ...] = ()
    payer: str = field(default="", repr=False)
    listed_fields: frozenset[ListedField] = frozenset(FIELDS)

    @property
    def telephones(self) -> tuple[str, ...]:
        """The guardians' telephones, in their order."""
        return _telephones(self.guardians)

    @property
    def guardian_addresses(self) -> tuple[tuple[str, ...], ...]:
        """The guardians' own postal addresses, in their order."""
        return tuple(guardian.address for guardian in self.guardians)


@frozen
class Difference:
    """A field of which we and the file say two things; also « gone » and « disabled », which are ours alone."""

    what: ListedField | Literal["gone", "disabled"]
    ours: object = field(repr=False)
    file: object = field(repr=False)


@frozen
class AccountUpdate:
    """The account as it shall be: what changes, and what was corrected here and stays so although the file differs."""

    after: Account
    changed: tuple[Difference, ...] = ()
    kept: tuple[Difference, ...] = ()


def digest(value: object) -> str:
    """Hash what the file says: 16 hexadecimal digits."""
    return hashlib.blake2b(_text(value).encode(), digest_size=_SHORT).hexdigest()


def _text(value: object) -> str:
    match value:
        case tuple():
            return "\n".join(map(_text, value))
        case Pupil():
            return "\n".join(
                f"{value.name}\t{value.born_on}\t{_text(course)}" for course in value.courses or (Course(""),)
            )
        case Course():
            added = (value.teacher, value.slot, value.place)  # a file without them says what it always said
            return "\t".join((value.discipline, value.level, *(added if any(added) else ())))
        case Guardian():
            return f"{value.name}\t{value.email}"
        case _:
            return str(value)


def new_account(family: ListedFamily) -> Account:
    """Make the account of a family that has none: nobody can log in to it before a password is asked for."""
    return Account(
        ref=family.ref,
        name=family.name,
        emails=family.emails,
        stamp=new_stamp(),
        display_identifier=family.display_identifier,
        household=Household(family.guardians, family.address, family.pupils, family.payer),
        imported=tuple((what, digest(_listed_value(family, what))) for what in FIELDS if what in family.listed_fields),
    )


def update_account(account: Account, family: ListedFamily, pseudonyms: Pseudonyms) -> AccountUpdate:
    """Bring an account up to the file: a field is written only when the file says something else than last time.

    Password, mailed passwords and letters are never touched; a family that is back is no longer gone, and what an
    import disabled for that is enabled, unless anybody switched it since.
    """
    last = dict(account.imported)
    listed = [what for what in FIELDS if what in family.listed_fields]
    differing = [Difference(what, _account_value(account, what), _listed_value(family, what)) for what in listed]
    differing = [difference for difference in differing if difference.ours != difference.file]
    kept = tuple(difference for difference in differing if _stays(account, difference, last.get(difference.what)))
    changed = tuple(difference for difference in differing if difference not in kept)
    imported = last | {what: digest(_listed_value(family, what)) for what in listed}
    after = _write_fields(
        replace(account, imported=tuple(imported.items())), family, {difference.what for difference in changed}
    )
    restored = _restore(replace(after, failing_mailboxes=_still_failing(after, pseudonyms)))
    return AccountUpdate(restored, (*changed, *_switches(account, restored)), (*kept, *_closed_here(account, restored)))


def _stays(account: Account, difference: Difference, last: str | None) -> bool:
    """Whether ours stands: the file says what it said, or tells for the first time what was corrected here."""
    if last is not None:
        return last == digest(difference.file)
    what = ("address", True) if difference.what == "guardian_addresses" else (difference.what, False)
    return any(
        (change.what, bool(change.of) and change.what == "address") == what and change.actor.side != "file"
        for change in trail(account)
    )


def mark_gone(account: Account, now: datetime, *, disable: bool) -> Account:
    """Note that the file lists a family no more, and disable it where that is asked for; what is so already stays."""
    after = replace(account, gone_at=account.gone_at or now)
    if not disable or account.disabled:
        return after
    closed = after.with_disabled(disabled=True)
    return replace(closed, imported=tuple((dict(closed.imported) | {_DISABLED: digest(closed.stamp)}).items()))


def is_same_family(family: ListedFamily, account: Account) -> bool:
    """Whether an account of the same identifier at another site is this family's, and not so by chance."""
    return fold(family.name) == fold(account.name) or not set(family.emails).isdisjoint(account.emails)


def _listed_value(family: ListedFamily, what: ListedField) -> Any:  # noqa: ANN401 - a field is a text or a tuple
    return _names(family.guardians) if what == "guardians" else getattr(family, _OWN.get(what, what))


def _account_value(account: Account, what: ListedField) -> Any:  # noqa: ANN401 - the same
    match what:
        case "guardians":
            return _names(account.household.guardians)
        case "telephones":
            return _telephones(account.household.guardians)
        case "guardian_addresses":
            return tuple(guardian.address for guardian in account.household.guardians)
        case "address" | "pupils" | "payer":
            return getattr(account.household, what)
        case _:
            return getattr(account, _OWN[what])


def _names(guardians: Iterable[Guardian]) -> tuple[str, ...]:
    return tuple(guardian.name for guardian in guardians)


def _telephones(guardians: Iterable[Guardian]) -> tuple[str, ...]:
    return tuple(guardian.telephone for guardian in guardians)


def _write_fields(account: Account, family: ListedFamily, fields: set[str]) -> Account:
    """Write some fields as the file says them."""
    own = {attribute: getattr(family, attribute) for what, attribute in _OWN.items() if what in fields}
    parts = {what: getattr(family, what) for what in ("address", "pupils", "payer") if what in fields}
    after = replace(account, household=replace(account.household, **parts), **own)
    if fields.isdisjoint({"guardians", "emails", "telephones", "guardian_addresses"}):
        return after
    on_file = _with_first_login(account)
    nobody_named = not on_file and "guardians" not in family.listed_fields
    named = family.guardians if nobody_named or "guardians" in fields else on_file
    if "emails" in family.listed_fields:
        guardians = with_addresses(named, family.guardians, on_file, after.emails)
    else:
        guardians = with_emails_on_file(named, on_file)
    guardians = with_telephones(guardians, family.guardians if "telephones" in fields else on_file)
    guardians = with_logins(guardians, family.guardians, on_file)
    if "guardian_addresses" in fields:
        guardians = with_postal_addresses(guardians, family.guardians)
    kept = (guardian.email for guardian in unlisted_logins(family.guardians, on_file))
    emails = tuple(dict.fromkeys((*after.emails, *filter(None, kept))))
    guardians = _without_first_login(account, guardians)
    return replace(after, emails=emails, household=replace(after.household, guardians=guardians))


def _with_first_login(account: Account) -> tuple[Guardian, ...]:
    """Name the first login too, where coordinates are separated: it is one guardian's, whatever the file's order."""
    first = first_guardians(account) if account.separated_at else ()
    return tuple(
        replace(guardian, login=account.ref.identifier) if guardian in first else guardian
        for guardian in account.household.guardians
    )


def _without_first_login(account: Account, guardians: tuple[Guardian, ...]) -> tuple[Guardian, ...]:
    own = account.ref.identifier
    first = (replace(guardian, login="") for guardian in guardians if guardian.login == own)
    return (*first, *(guardian for guardian in guardians if guardian.login != own))


def _still_failing(account: Account, pseudonyms: Pseudonyms) -> tuple[FailingMailbox, ...]:
    if not account.failing_mailboxes:
        return ()
    on_file = {pseudonyms.of_mailbox(email) for email in account.emails}
    return tuple(failure for failure in account.failing_mailboxes if failure.mailbox in on_file)


def _restore(account: Account) -> Account:
    """Take back what was done to a family because the file listed it no more."""
    imported = dict(account.imported)
    stamp = imported.pop(_DISABLED, None)
    after = replace(account, gone_at=None, imported=tuple(imported.items()))
    return after.with_disabled(disabled=False) if account.disabled and stamp == digest(account.stamp) else after


def _switches(before: Account, after: Account) -> tuple[Difference, ...]:
    found = []
    if before.gone_at:
        found.append(Difference("gone", before.gone_at, None))
    if before.disabled != after.disabled:
        found.append(Difference("disabled", before.disabled, after.disabled))
    return tuple(found)


def _closed_here(before: Account, after: Account) -> tuple[Difference, ...]:
    return (Difference("disabled", ours=True, file=False),) if before.disabled and after.disabled else ()
