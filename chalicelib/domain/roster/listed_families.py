"""A family as the yearly file lists it, and what that makes of its account: the file, what it last said, and ours."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal, get_args

from chalicelib.domain.account.accounts import Account, AccountRef, FailingMailbox, new_stamp
from chalicelib.domain.account.coordinates import trail
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.domain.family.pairing import with_addresses, with_telephones
from chalicelib.domain.text import folded

Field = Literal["name", "written", "emails", "guardians", "address", "pupils", "telephones", "payer"]
FIELDS: Final[tuple[Field, ...]] = get_args(Field)
_DISABLED: Final = "disabled"  # in `imported`: the stamp under which an import disabled a family that was gone
_SHORT: Final = 8  # bytes: nobody chooses these values to collide


@dataclass(frozen=True)
class ListedFamily:
    """What the file says of one family; `told` are the fields that it has columns for and that could be read whole."""

    ref: AccountRef
    line: int
    written: str
    name: str
    guardians: tuple[Guardian, ...] = ()
    emails: tuple[str, ...] = field(default=(), repr=False)
    address: tuple[str, ...] = field(default=(), repr=False)
    pupils: tuple[Pupil, ...] = ()
    payer: str = field(default="", repr=False)
    told: frozenset[Field] = frozenset(FIELDS)

    @property
    def telephones(self) -> tuple[str, ...]:
        """Give the guardians' telephones, in their order."""
        return _telephones(self.guardians)


@dataclass(frozen=True)
class Difference:
    """A field of which we and the file say two things; also « gone » and « disabled », which are ours alone."""

    what: Field | Literal["gone", "disabled"]
    ours: object = field(repr=False)
    file: object = field(repr=False)


@dataclass(frozen=True)
class Decision:
    """The account as it shall be: what changes, and what was corrected here and stays so although the file differs."""

    after: Account
    changed: tuple[Difference, ...] = ()
    kept: tuple[Difference, ...] = ()


def digest(value: object) -> str:
    """Give a short digest of what the file says: 16 hexadecimal digits."""
    return hashlib.blake2b(_text(value).encode(), digest_size=_SHORT).hexdigest()


def _text(value: object) -> str:
    match value:
        case tuple():
            return "\n".join(map(_text, value))
        case Pupil():
            return "\n".join(f"{value.name}\t{value.born_on}\t{_text(each)}" for each in value.courses or (Course(""),))
        case Course():
            told_since = (value.teacher, value.slot, value.place)  # a file without them says what it always said
            return "\t".join((value.discipline, value.level, *(told_since if any(told_since) else ())))
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
        written=family.written,
        household=Household(family.guardians, family.address, family.pupils, family.payer),
        imported=tuple((each, digest(_said(family, each))) for each in FIELDS if each in family.told),
    )


def decide(account: Account, family: ListedFamily, pseudonyms: Pseudonyms) -> Decision:
    """Bring an account up to the file: a field is written only when the file says something else than last time.

    Password, mailed passwords and letters are never touched; a family that is back is no longer gone, and what an
    import disabled for that is enabled, unless anybody switched it since.
    """
    last = dict(account.imported)
    told = [each for each in FIELDS if each in family.told]
    differing = [Difference(each, _held(account, each), _said(family, each)) for each in told]
    differing = [each for each in differing if each.ours != each.file]
    kept = tuple(each for each in differing if _stays(account, each, last.get(each.what)))
    changed = tuple(each for each in differing if each not in kept)
    noted = last | {each: digest(_said(family, each)) for each in told}
    after = _written(replace(account, imported=tuple(noted.items())), family, {each.what for each in changed})
    back = _back(replace(after, failing=_still_failing(after, pseudonyms)))
    return Decision(back, (*changed, *_switches(account, back)), (*kept, *_closed_here(account, back)))


def _stays(account: Account, found: Difference, last: str | None) -> bool:
    """Tell whether ours stands: the file says what it said, or tells for the first time what was corrected here."""
    if last is not None:
        return last == digest(found.file)
    return any(each.what == found.what and each.hand.side != "file" for each in trail(account))


def gone(account: Account, now: datetime, *, disable: bool) -> Account:
    """Note that the file lists a family no more, and disable it where that is asked for; what is so already stays."""
    after = replace(account, gone_at=account.gone_at or now)
    if not disable or account.disabled:
        return after
    closed = after.switched(disabled=True)
    return replace(closed, imported=tuple((dict(closed.imported) | {_DISABLED: digest(closed.stamp)}).items()))


def is_same_family(family: ListedFamily, account: Account) -> bool:
    """Tell whether an account of the same identifier at another site is this family's, and not so by chance."""
    return folded(family.name) == folded(account.name) or not set(family.emails).isdisjoint(account.emails)


def _said(family: ListedFamily, asked: Field) -> Any:  # noqa: ANN401 - a field is a text or a tuple
    return _names(family.guardians) if asked == "guardians" else getattr(family, asked)


def _held(account: Account, asked: Field) -> Any:  # noqa: ANN401 - the same
    match asked:
        case "guardians":
            return _names(account.household.guardians)
        case "telephones":
            return _telephones(account.household.guardians)
        case "address" | "pupils" | "payer":
            return getattr(account.household, asked)
        case _:
            return getattr(account, asked)


def _names(guardians: Iterable[Guardian]) -> tuple[str, ...]:
    return tuple(each.name for each in guardians)


def _telephones(guardians: Iterable[Guardian]) -> tuple[str, ...]:
    return tuple(each.telephone for each in guardians)


def _written(account: Account, family: ListedFamily, fields: set[str]) -> Account:
    """Write some fields as the file says them."""
    own = {each: getattr(family, each) for each in ("name", "written", "emails") if each in fields}
    parts = {each: getattr(family, each) for each in ("address", "pupils", "payer") if each in fields}
    after = replace(account, household=replace(account.household, **parts), **own)
    if fields.isdisjoint({"guardians", "emails", "telephones"}):
        return after
    held = account.household.guardians
    nobody_named = not held and "guardians" not in family.told
    named = family.guardians if nobody_named or "guardians" in fields else held
    guardians = with_addresses(named, family.guardians, held, after.emails)
    guardians = with_telephones(guardians, family.guardians if "telephones" in fields else held)
    return replace(after, household=replace(after.household, guardians=guardians))


def _still_failing(account: Account, pseudonyms: Pseudonyms) -> tuple[FailingMailbox, ...]:
    if not account.failing:
        return ()
    on_file = {pseudonyms.of_mailbox(email) for email in account.emails}
    return tuple(each for each in account.failing if each.mailbox in on_file)


def _back(account: Account) -> Account:
    """Take back what was done to a family because the file listed it no more."""
    imported = dict(account.imported)
    mark = imported.pop(_DISABLED, None)
    after = replace(account, gone_at=None, imported=tuple(imported.items()))
    return after.switched(disabled=False) if account.disabled and mark == digest(account.stamp) else after


def _switches(before: Account, after: Account) -> tuple[Difference, ...]:
    found = []
    if before.gone_at:
        found.append(Difference("gone", before.gone_at, None))
    if before.disabled != after.disabled:
        found.append(Difference("disabled", before.disabled, after.disabled))
    return tuple(found)


def _closed_here(before: Account, after: Account) -> tuple[Difference, ...]:
    return (Difference("disabled", ours=True, file=False),) if before.disabled and after.disabled else ()
