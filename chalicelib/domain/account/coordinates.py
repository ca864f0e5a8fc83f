"""A family's coordinates: what it may correct of them; each change of them, or of its password, with its trace."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal, get_args

from chalicelib.domain.account.accounts import Account, View
from chalicelib.domain.family.corrections import (
    ACCESS_AT_MOST,
    FROZEN,
    KEPT_AT_MOST,
    Actor,
    CorrectedField,
    Correction,
    SessionKind,
    limit_trail,
    new_decision,
)
from chalicelib.domain.family.hiding import unhide_text
from chalicelib.domain.family.households import Household

Part = Literal["telephones", "address", "payer"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)
Lines = tuple[str, ...]
_DIGITS: Final = 4  # of a place in a list
_ACCESS: Final = tuple(ACCESS_AT_MOST.items())
COORDINATES: Final = frozenset(get_args(CorrectedField)) - {"password", "access", "logins"}


def record_corrections(
    before: Account, after: Account, actor: Actor, now: datetime, decision: str | None = None
) -> Account:
    """Keep what changes of the coordinates, and of the password, with the change itself, field by field."""
    name = decision or new_decision()
    old, new = _coordinates(before), _coordinates(after)
    found = tuple(
        Correction(what, old.get((what, of), ()), new.get((what, of), ()), actor, now, name, of)
        for what, of in dict.fromkeys((*old, *new))
        if old.get((what, of), ()) != new.get((what, of), ())
    )
    return _add_to_trails(
        after, (*found, *_password_corrections(before, after, Correction("password", (), (), actor, now, name)))
    )


def record_password_change(before: Account, after: Account, session: SessionKind, now: datetime) -> Account:
    """Keep a new password of the family's with the change itself, under the name of the stamp that it brings."""
    trace = Correction("password", (), (), Actor("family"), now, after.stamp, session=session)
    return _add_to_trails(after, _password_corrections(before, after, trace))


def record_freeze(before: Account, after: Account, actor: Actor, now: datetime, decision: str) -> Account:
    """Keep that somebody disowned a change, and all that this changes."""
    recorded = record_corrections(before, after, actor, now, decision)
    return _add_to_trails(recorded, (Correction("access", (), (FROZEN,), actor, now, decision),))


def _password_corrections(before: Account, after: Account, trace: Correction) -> tuple[Correction, ...]:
    """List the correction of another password; the same one hashed anew is no other."""
    old, new = before.password, after.password
    if before.stamp == after.stamp or (old and old.hash) == (new and new.hash):
        return ()
    return (replace(trace, old=(old.origin,) if old else (), new=(new.origin,) if new else ()),)


def _add_to_trails(account: Account, found: tuple[Correction, ...]) -> Account:
    if not found:
        return account
    now = found[0].at
    access = (*account.access_corrections, *(correction for correction in found if correction.what in ACCESS_AT_MOST))
    staying = (
        limit_trail(tuple(correction for correction in access if correction.what == what), most, now)
        for what, most in _ACCESS
    )
    foreign = tuple(correction for correction in access if correction.what not in ACCESS_AT_MOST)
    coordinates = (*account.corrections, *(correction for correction in found if correction.what not in ACCESS_AT_MOST))
    return replace(
        account,
        corrections=limit_trail(coordinates, KEPT_AT_MOST, now),
        access_corrections=_in_order(*staying, foreign),
    )


def _in_order(*trails: tuple[Correction, ...]) -> tuple[Correction, ...]:
    return tuple(
        sorted((correction for changes in trails for correction in changes), key=lambda correction: correction.at)
    )


def trail(account: Account) -> tuple[Correction, ...]:
    """List all the changes that are kept, oldest first; before record 36 those of addresses stood with the others."""
    return _in_order(account.corrections, account.access_corrections)


def last_correction(account: Account, *fields: CorrectedField) -> Correction | None:
    """Find the last change of some fields; of any coordinate where none is named."""
    wanted = fields or COORDINATES
    return next((correction for correction in reversed(trail(account)) if correction.what in wanted), None)


def is_confirmed(account: Account) -> bool:
    """Whether somebody said that the coordinates are exact, and nothing of them has changed since."""
    last = last_correction(account)
    return account.confirmed is not None and (last is None or last.at <= account.confirmed.at)


def part_of(household: Household, part: Part) -> Lines:
    """List the values of a part: telephones in the order of the guardians, lines of the address, the payer."""
    match part:
        case "telephones":
            return tuple(guardian.telephone for guardian in household.guardians)
        case "address":
            return household.address
        case "payer":
            return _lines_of(household.payer)


def with_part(household: Household, part: Part, values: Lines, view: View | None = None) -> Household:
    """Replace the values of a part, as one login saw it; as many telephones as there are guardians.

    Of a guardian that it did not see nothing is replaced; of the postal address, its own guardian's.
    """
    match part:
        case "telephones":
            return _with_telephones(household, values, view.hidden if view else ())
        case "address":
            return _with_address(household, values, view.login if view and view.own_address else "")
        case "payer":
            return replace(household, payer=unhide_text("".join(values), household.payer, view.secrets if view else ()))


def _with_telephones(household: Household, values: Lines, hidden: tuple[int, ...]) -> Household:
    pairs = enumerate(zip(household.guardians, values, strict=True))
    return replace(
        household,
        guardians=tuple(
            guardian if place in hidden else replace(guardian, telephone=value) for place, (guardian, value) in pairs
        ),
    )


def _with_address(household: Household, lines: Lines, login: str) -> Household:
    if not login:
        return replace(household, address=lines)
    guardians = (
        replace(guardian, address=lines) if guardian.login == login else guardian for guardian in household.guardians
    )
    return replace(household, guardians=tuple(guardians))


def speakers(account: Account) -> Lines:
    """Name those who may be at the keyboard: the guardians of this login, else the family."""
    present = account.view.present if account.view else tuple(one.name for one in account.household.guardians)
    return present or (account.name,)


def speaker(account: Account, chosen: str) -> str:
    """Name who is, by the number that a form shows beside a name, or the only one; empty where nobody said."""
    names = speakers(account)
    return names[0] if len(names) == 1 else _chosen(names, chosen)


def chosen_speaker(account: Account, chosen: str) -> str:
    """Name who says to be at the keyboard where several may be; empty where that is nobody, or not asked."""
    names = speakers(account)
    return _chosen(names, chosen) if len(names) > 1 else ""


def _chosen(names: Lines, chosen: str) -> str:
    number = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < _DIGITS else 0
    return names[number - 1] if 0 < number <= len(names) else ""


def form_state(account: Account, *parts: Part) -> tuple[Lines, ...]:
    """List the values that a form shows of some parts, in plain words: to find out later whether they still stand."""
    names = tuple(guardian.name for guardian in account.household.guardians)
    return (names, *(part_of(account.household, part) for part in parts))


def emails_state(account: Account) -> tuple[Lines, ...]:
    """List the addresses on file and whose they are, to the same end."""
    return (account.emails, *((guardian.name, guardian.email) for guardian in account.household.guardians))


def _coordinates(account: Account) -> dict[tuple[CorrectedField, str], Lines]:
    household = account.household
    found: dict[tuple[CorrectedField, str], Lines] = {
        ("name", ""): _lines_of(account.name),
        ("guardians", ""): tuple(guardian.name for guardian in household.guardians),
        ("emails", ""): account.emails,
        ("logins", ""): tuple(guardian.name for guardian in household.guardians if guardian.login),
    }
    for name, telephone in _telephones(household):
        found["telephones", name] = (*found.get(("telephones", name), ()), telephone)
    for guardian in household.guardians:
        if guardian.address:
            found["address", guardian.name] = (*found.get(("address", guardian.name), ()), *guardian.address)
    return found | {("address", ""): household.address, ("payer", ""): _lines_of(household.payer)}


def _telephones(household: Household) -> Iterator[tuple[str, str]]:
    yield from ((guardian.name, guardian.telephone) for guardian in household.guardians if guardian.telephone)


def _lines_of(words: str) -> Lines:
    return (words,) if words else ()
