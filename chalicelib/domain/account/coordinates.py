"""A family's coordinates: what it may correct of them; each change of them, or of its password, with its trace."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal, get_args

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.family.corrections import (
    ACCESS_AT_MOST,
    KEPT_AT_MOST,
    Correction,
    Hand,
    SessionKind,
    What,
    kept,
    new_decision,
)
from chalicelib.domain.family.households import Household

Part = Literal["telephones", "address", "payer"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)
Lines = tuple[str, ...]
_DIGITS: Final = 4  # of a place in a list
_ACCESS: Final = tuple(ACCESS_AT_MOST.items())
_ALL: Final = frozenset(get_args(What)) - {"password"}


def traced(before: Account, after: Account, hand: Hand, now: datetime, decision: str | None = None) -> Account:
    """Keep what changes of the coordinates, and of the password, with the change itself, field by field."""
    name = decision or new_decision()
    old, new = _coordinates(before), _coordinates(after)
    found = tuple(
        Correction(what, old.get((what, of), ()), new.get((what, of), ()), hand, now, name, of)
        for what, of in dict.fromkeys((*old, *new))
        if old.get((what, of), ()) != new.get((what, of), ())
    )
    return _with_trail(after, (*found, *_of_password(before, after, Correction("password", (), (), hand, now, name))))


def password_traced(before: Account, after: Account, session: SessionKind, now: datetime) -> Account:
    """Keep a new password of the family's with the change itself, under the name of the stamp that it brings."""
    trace = Correction("password", (), (), Hand("family"), now, after.stamp, session=session)
    return _with_trail(after, _of_password(before, after, trace))


def _of_password(before: Account, after: Account, trace: Correction) -> tuple[Correction, ...]:
    """Give the trace of another password; the same one hashed anew is no other."""
    old, new = before.password, after.password
    if before.stamp == after.stamp or (old and old.hash) == (new and new.hash):
        return ()
    return (replace(trace, old=(old.origin,) if old else (), new=(new.origin,) if new else ()),)


def _with_trail(account: Account, found: tuple[Correction, ...]) -> Account:
    if not found:
        return account
    now = found[0].at
    access = (*account.access, *(each for each in found if each.what in ACCESS_AT_MOST))
    staying = (kept(tuple(each for each in access if each.what == what), most, now) for what, most in _ACCESS)
    coordinates = (*account.corrections, *(each for each in found if each.what not in ACCESS_AT_MOST))
    return replace(account, corrections=kept(coordinates, KEPT_AT_MOST, now), access=_in_order(*staying))


def _in_order(*trails: tuple[Correction, ...]) -> tuple[Correction, ...]:
    return tuple(sorted((each for changes in trails for each in changes), key=lambda each: each.at))


def trail(account: Account) -> tuple[Correction, ...]:
    """List all the changes that are kept, oldest first; before record 36 those of addresses stood with the others."""
    return _in_order(account.corrections, account.access)


def last_correction(account: Account, *fields: What) -> Correction | None:
    """Find the last change of some fields; of any coordinate where none is named."""
    wanted = fields or _ALL
    return next((each for each in reversed(trail(account)) if each.what in wanted), None)


def is_confirmed(account: Account) -> bool:
    """Tell whether somebody said that the coordinates are exact, and nothing of them has changed since."""
    last = last_correction(account)
    return account.confirmed is not None and (last is None or last.at <= account.confirmed.at)


def part_of(household: Household, part: Part) -> Lines:
    """Give what stands in a part: telephones in the order of the guardians, lines of the address, the payer."""
    match part:
        case "telephones":
            return tuple(each.telephone for each in household.guardians)
        case "address":
            return household.address
        case "payer":
            return _if_told(household.payer)


def with_part(household: Household, part: Part, values: Lines) -> Household:
    """Give the household with other values in a part; as many telephones as there are guardians."""
    match part:
        case "telephones":
            pairs = zip(household.guardians, values, strict=True)
            return replace(household, guardians=tuple(replace(each, telephone=value) for each, value in pairs))
        case "address":
            return replace(household, address=values)
        case "payer":
            return replace(household, payer="".join(values))


def speakers(account: Account) -> Lines:
    """Name those who may be at the keyboard: the guardians, else the family."""
    return tuple(each.name for each in account.household.guardians) or (account.name,)


def speaker(account: Account, chosen: str) -> str:
    """Name who is, by the number that a form shows beside a name, or the only one; empty where nobody said."""
    names = speakers(account)
    return names[0] if len(names) == 1 else _chosen(names, chosen)


def said_speaker(account: Account, chosen: str) -> str:
    """Name who says to be at the keyboard where several may be; empty where that is nobody, or not asked."""
    names = speakers(account)
    return _chosen(names, chosen) if len(names) > 1 else ""


def _chosen(names: Lines, chosen: str) -> str:
    number = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < _DIGITS else 0
    return names[number - 1] if 0 < number <= len(names) else ""


def shown(account: Account, *parts: Part) -> tuple[Lines, ...]:
    """Give what a form shows of some parts, in plain words: to tell later whether it still stands."""
    names = tuple(each.name for each in account.household.guardians)
    return (names, *(part_of(account.household, part) for part in parts))


def shown_emails(account: Account) -> tuple[Lines, ...]:
    """Give the addresses on file and whose they are, to the same end."""
    return (account.emails, *((each.name, each.email) for each in account.household.guardians))


def _coordinates(account: Account) -> dict[tuple[What, str], Lines]:
    household = account.household
    found: dict[tuple[What, str], Lines] = {
        ("name", ""): _if_told(account.name),
        ("guardians", ""): tuple(each.name for each in household.guardians),
        ("emails", ""): account.emails,
    }
    for name, telephone in _telephones(household):
        found["telephones", name] = (*found.get(("telephones", name), ()), telephone)
    return found | {("address", ""): household.address, ("payer", ""): _if_told(household.payer)}


def _telephones(household: Household) -> Iterator[tuple[str, str]]:
    yield from ((each.name, each.telephone) for each in household.guardians if each.telephone)


def _if_told(words: str) -> Lines:
    return (words,) if words else ()
