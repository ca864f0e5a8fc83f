"""A family's coordinates: what the family itself may correct of them, and each change with its trace, in one value."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal, get_args

from chalicelib.domain.accounts import Account
from chalicelib.domain.corrections import KEPT_AT_MOST, Correction, Hand, What, new_decision
from chalicelib.domain.households import Household

Part = Literal["telephones", "address", "payer"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)
Lines = tuple[str, ...]
_DIGITS: Final = 4  # of a place in a list


def traced(before: Account, after: Account, hand: Hand, now: datetime, decision: str | None = None) -> Account:
    """Keep what changes of the coordinates with the change itself, field by field; the oldest give way."""
    name = decision or new_decision()
    old, new = _coordinates(before), _coordinates(after)
    found = tuple(
        Correction(what, old.get((what, of), ()), new.get((what, of), ()), hand, now, name, of)
        for what, of in dict.fromkeys((*old, *new))
        if old.get((what, of), ()) != new.get((what, of), ())
    )
    return replace(after, corrections=(*after.corrections, *found)[-KEPT_AT_MOST:]) if found else after


def last_correction(account: Account, *fields: What) -> Correction | None:
    """Find the last change of some fields; of any where none is named."""
    return next((each for each in reversed(account.corrections) if not fields or each.what in fields), None)


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
    """Name who is, by the number that a form shows beside a name; the first where nothing else was said."""
    names = speakers(account)
    number = int(chosen) - 1 if chosen.isascii() and chosen.isdigit() and len(chosen) < _DIGITS else 0
    return names[number if 0 <= number < len(names) else 0]


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
