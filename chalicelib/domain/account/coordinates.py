"""A family's coordinates: the parts it may correct, the trace of changes of them or its password, and its freezes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Literal, get_args

from chalicelib.domain.account.accounts import Account, View
from chalicelib.domain.account.logins import opening_emails
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
from chalicelib.domain.family.households import Household, Pupil
from chalicelib.domain.family.redaction import unhide_text
from chalicelib.domain.text import plain_name

Part = Literal["telephones", "address", "payer"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)
Lines = tuple[str, ...]
_DIGITS: Final = 4  # in a place number of a list
_ACCESS: Final = tuple(ACCESS_AT_MOST.items())
COORDINATES: Final = frozenset(get_args(CorrectedField)) - {
    *("password", "sign_in", "access", "logins", "pupil", "emergency", "identifier", "merged")
}


def record_corrections(
    before: Account, after: Account, actor: Actor, now: datetime, decision: str | None = None
) -> Account:
    """Record the changes of coordinates and login methods, field by field, within the change itself."""
    name = decision or new_decision()
    old, new = _coordinates(before), _coordinates(after)
    corrections = tuple(
        Correction(field, old.get((field, of), ()), new.get((field, of), ()), actor, now, name, of)
        for field, of in dict.fromkeys((*old, *new))
        if old.get((field, of), ()) != new.get((field, of), ())
    )
    trace = Correction("password", (), (), actor, now, name)
    pupils = _pupil_corrections(before.household, after.household, replace(trace, what="pupil"))
    methods = _method_corrections(before, after, trace)
    return _add_to_trails(after, (*corrections, *pupils, *_password_corrections(before, after, trace), *methods))


def identity_of(pupil: Pupil) -> Lines:
    """List the name and birth date of a pupil."""
    return (pupil.name, *((pupil.born_on.isoformat(),) if pupil.born_on else ()))


def _pupil_corrections(before: Household, after: Household, trace: Correction) -> Iterator[Correction]:
    """List the pupils corrected, added and taken back by the office. The yearly file's changes leave no trace."""
    pupils, pupils_now = before.pupils_by_key, after.pupils_by_key
    for key, pupil in (pupils_now | pupils).items():
        old, new = (identity_of(group[key]) if key in group else () for group in (pupils, pupils_now))
        is_office_s = pupils_now[key].key if old and new else pupil.is_added
        if is_office_s and old != new:
            yield replace(trace, old=old, new=new, of=pupil.name)


def record_password_change(before: Account, after: Account, session: SessionKind, now: datetime) -> Account:
    """Record the family's new password within the change itself. The decision is named by the new stamp."""
    trace = Correction("password", (), (), Actor("family"), now, after.stamp, session=session)
    return _add_to_trails(after, _password_corrections(before, after, trace))


def record_methods_change(before: Account, after: Account, trace: Correction) -> Account:
    """Record the passkeys and links that came, went, or were first used, within the change itself.

    `trace`: its author and moment. The same account if none did.
    """
    return _add_to_trails(after, _method_corrections(before, after, trace))


def _method_corrections(before: Account, after: Account, trace: Correction) -> tuple[Correction, ...]:
    old = tuple(_new_methods(before, after))
    new = (*_new_methods(after, before), *_first_used(before, after))
    return (replace(trace, what="sign_in", old=old, new=new),) if old or new else ()


def _new_methods(account: Account, other: Account) -> Iterator[str]:
    """Describe the passkeys and links that the other does not have, as a notice names them."""
    ids, subjects = {passkey.id for passkey in other.passkeys}, {link.subject for link in other.links}
    yield from (f"passkey:{plain_name(passkey.name)}" for passkey in account.passkeys if passkey.id not in ids)
    yield from ("franceconnect" for link in account.links if link.subject not in subjects)


def _first_used(before: Account, after: Account) -> Iterator[str]:
    subjects = {link.subject for link in before.links if not link.used_at}
    yield from ("franceconnect_used" for link in after.links if link.used_at and link.subject in subjects)


def record_freeze(before: Account, after: Account, actor: Actor, now: datetime, decision: str) -> Account:
    """Record that a change was disowned, and everything that this changes."""
    account = record_corrections(before, after, actor, now, decision)
    return _add_to_trails(account, (Correction("access", (), (FROZEN,), actor, now, decision),))


def _password_corrections(before: Account, after: Account, trace: Correction) -> tuple[Correction, ...]:
    """List the correction if the password changed. A rehash of the same password is no change."""
    old, new = before.password, after.password
    if before.stamp == after.stamp or (old and old.hash) == (new and new.hash):
        return ()
    return (replace(trace, old=(old.origin,) if old else (), new=(new.origin,) if new else ()),)


def _add_to_trails(account: Account, corrections: tuple[Correction, ...]) -> Account:
    if not corrections:
        return account
    now = corrections[0].at
    access = (
        *account.access_corrections,
        *(correction for correction in corrections if correction.what in ACCESS_AT_MOST),
    )
    staying = (
        limit_trail(tuple(correction for correction in access if correction.what == field), limit, now)
        for field, limit in _ACCESS
    )
    foreign = tuple(correction for correction in access if correction.what not in ACCESS_AT_MOST)
    coordinates = tuple(correction for correction in corrections if correction.what not in ACCESS_AT_MOST)
    # Moments are whole seconds: a confirmation of the same second was before this change, and does not count for it.
    is_confirmed_now = bool(coordinates) and account.confirmed is not None and account.confirmed.at == now
    return replace(
        account,
        confirmed=None if is_confirmed_now else account.confirmed,
        corrections=limit_trail((*account.corrections, *coordinates), KEPT_AT_MOST, now),
        access_corrections=_in_order(*staying, foreign),
    )


def _in_order(*trails: tuple[Correction, ...]) -> tuple[Correction, ...]:
    return tuple(
        sorted((correction for changes in trails for correction in changes), key=lambda correction: correction.at)
    )


def trail(account: Account) -> tuple[Correction, ...]:
    """List all recorded changes, oldest first. Before record 36, address changes were stored with the others."""
    return _in_order(account.corrections, account.access_corrections)


def freezes(account: Account) -> tuple[Correction, ...]:
    """List the account's freezes, oldest first."""
    return tuple(correction for correction in account.access_corrections if correction.what == "access")


def current_freeze(account: Account) -> Correction | None:
    """Find the last freeze, unless a password was used since, or another login method added."""
    last = next(reversed(freezes(account)), None)
    if last is None or account.password or account.passkeys or account.links:
        return None
    used = any(
        correction.what == "password" and correction.new and correction.at > last.at
        for correction in account.access_corrections
    )
    return None if used else last


def frozen_at(account: Account) -> datetime | None:
    """Return since when its family has frozen it. None if it is not frozen."""
    freeze = current_freeze(account)
    return freeze.at if freeze else None


def ended_facts(account: Account, change: Correction, email: str) -> dict[str, Any]:
    """List the other ends of a change of addresses or login methods, and the account if the reader's address opens it.

    A former address may be a stranger's: it learns of no login method.
    """
    kinds = {one.what for one in account.access_corrections if one.at == change.at and not one.new}
    staying = account if email in opening_emails(account) else None
    return {"password_ended": "password" in kinds, "methods_ended": "sign_in" in kinds, "staying": staying}


def last_correction(account: Account, *fields: CorrectedField) -> Correction | None:
    """Find the last change of some fields, or of any coordinate if none is named."""
    wanted_fields = fields or COORDINATES
    return next((correction for correction in reversed(trail(account)) if correction.what in wanted_fields), None)


def unrestored(before: Account, after: Account, since: datetime) -> Iterator[tuple[Correction, Lines]]:
    """List the fields that files changed since a moment, and that a further file does not bring back.

    With each field, its first correction since then, which has the value of before, and its value after the file.
    """
    stands, then = _coordinates(before), _coordinates(after)
    first: dict[tuple[CorrectedField, str], Correction] = {}
    last: dict[tuple[CorrectedField, str], Correction] = {}
    for change in trail(before):
        if change.at >= since and change.what in COORDINATES:
            first.setdefault((change.what, change.of), change)
            last[change.what, change.of] = change
    for name, change in first.items():
        value = then.get(name, ())
        if value != change.old and (last[name].actor.side == "file" or value != stands.get(name, ())):
            yield change, value


def is_confirmed(account: Account) -> bool:
    """Whether someone confirmed the coordinates and none has changed since."""
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
    """Replace the values of a part, as one login saw it, with one telephone per guardian.

    The telephones of hidden guardians stay. A postal address goes to the login's own guardian if there is one.
    """
    match part:
        case "telephones":
            return _with_telephones(household, values, view.hidden if view else ())
        case "address":
            return _with_address(household, values, view.login if view and view.own_address else "")
        case "payer":
            return replace(household, payer=unhide_text("".join(values), household.payer, view.secrets if view else ()))


def _with_telephones(household: Household, values: Lines, hidden_places: tuple[int, ...]) -> Household:
    pairs = enumerate(zip(household.guardians, values, strict=True))
    return replace(
        household,
        guardians=tuple(
            guardian if place in hidden_places else replace(guardian, telephone=value)
            for place, (guardian, value) in pairs
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
    """Name the possible speakers: the guardians of this login, or else the family."""
    present = account.view.present if account.view else tuple(one.name for one in account.household.guardians)
    return present or (account.name,)


def speaker(account: Account, choice: str) -> str:
    """Name the speaker chosen by number on a form, or the only one. Empty if none was chosen."""
    names = speakers(account)
    return names[0] if len(names) == 1 else _chosen(names, choice)


def chosen_speaker(account: Account, choice: str) -> str:
    """Name the chosen speaker if there are several to choose from. Empty if none was chosen or asked for."""
    names = speakers(account)
    return _chosen(names, choice) if len(names) > 1 else ""


def _chosen(names: Lines, choice: str) -> str:
    number = int(choice) if choice.isascii() and choice.isdigit() and len(choice) < _DIGITS else 0
    return names[number - 1] if 0 < number <= len(names) else ""


def form_state(account: Account, *parts: Part) -> tuple[Lines, ...]:
    """List the values that a form shows of some parts, to detect later whether they have changed."""
    names = tuple(guardian.name for guardian in account.household.guardians)
    return (names, *(part_of(account.household, part) for part in parts))


def emails_state(account: Account) -> tuple[Lines, ...]:
    """List the addresses on file and their guardians, to detect later whether they have changed."""
    return (account.emails, *((guardian.name, guardian.email) for guardian in account.household.guardians))


def _coordinates(account: Account) -> dict[tuple[CorrectedField, str], Lines]:
    household = account.household
    values: dict[tuple[CorrectedField, str], Lines] = {
        ("name", ""): _lines_of(account.name),
        ("identifier", ""): _lines_of(account.display_identifier),
        ("guardians", ""): tuple(guardian.name for guardian in household.guardians),
        ("emails", ""): account.emails,
        ("logins", ""): tuple(guardian.name for guardian in household.guardians if guardian.login),
    }
    for guardian in household.guardians:
        if guardian.telephone:
            values["telephones", guardian.name] = (*values.get(("telephones", guardian.name), ()), guardian.telephone)
    for guardian in household.guardians:
        if guardian.address:
            values["address", guardian.name] = (*values.get(("address", guardian.name), ()), *guardian.address)
    return values | {("address", ""): household.address, ("payer", ""): _lines_of(household.payer)}


def _lines_of(words: str) -> Lines:
    return (words,) if words else ()
