"""A family of the yearly file, merged into its account from the file, its last values, and ours."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any, Final, Literal, get_args

from chalicelib.domain.account.accounts import Account, AccountRef, FailingMailbox, new_stamp
from chalicelib.domain.account.coordinates import trail
from chalicelib.domain.account.logins import end_mailed_proofs, first_guardians
from chalicelib.domain.account.mergers import AWAITS_FILE
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.corrections import CorrectedField
from chalicelib.domain.family.guardian_match import Attribute, Guardians, Pairing, Sign, pair_guardians
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil, count_as_listed, keep_corrections
from chalicelib.domain.roster.listed_fields import (
    NOTED,
    ListedField,
    loses_guardians,
    lost_words,
    partial_fields,
    with_lost_values,
)
from chalicelib.domain.text import fold
from chalicelib.values import frozen

FIELDS: Final[tuple[ListedField, ...]] = get_args(ListedField)
ComparedField = ListedField | Literal["guardian_emails"]  # the guardian of each address, listed with the addresses
_COMPARED: Final[tuple[ComparedField, ...]] = (*FIELDS, "guardian_emails")
# For each field of the account itself, its attribute.
_OWN: Final[dict[ComparedField, str]] = {"name": "name", "written": "display_identifier", "emails": "emails"}
# For each field with one value per guardian, its attribute.
_OF_GUARDIANS: Final[dict[ComparedField, Attribute]] = {
    "guardian_emails": "email",
    "telephones": "telephone",
    "guardian_addresses": "address",
}
_CORRECTED_AS: Final = {"guardian_addresses": ("address", True), "guardian_emails": ("emails", False),
                        "written": ("identifier", False)}  # fmt: skip
_SIGNS: Final[dict[ComparedField, Sign]] = {"guardian_emails": "email", "telephones": "telephone"}
_DISABLED: Final = "disabled"  # in `imported`: the stamp under which an import disabled a gone family
_SHORT: Final = 8  # bytes: these values are not chosen to collide


@frozen
class ListedFamily:
    """A family in the file. `listed_fields`: those with columns that could be read completely.

    `absent`: the columns that the file does not have. `filled`: those with a value for this family.
    `lacks_guardians`: a column of their names is gone, so that no field of theirs is compared.
    """

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
    absent: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()
    lacks_guardians: bool = False

    @property
    def guardian_emails(self) -> tuple[str, ...]:
        """The guardians' own e-mail addresses, in order."""
        return tuple(guardian.email for guardian in self.guardians)

    @property
    def telephones(self) -> tuple[str, ...]:
        """The guardians' telephones, in order."""
        return tuple(guardian.telephone for guardian in self.guardians)

    @property
    def guardian_addresses(self) -> tuple[tuple[str, ...], ...]:
        """The guardians' own postal addresses, in order."""
        return tuple(guardian.address for guardian in self.guardians)


@frozen
class Difference:
    """A field whose value here differs from the file's. « gone » and « disabled » exist only here.

    `is_partial`: the file no longer has all columns of the value, which stays.
    """

    what: ComparedField | CorrectedField | Literal["gone", "disabled"]
    ours: object = field(repr=False)
    file: object = field(repr=False)
    is_partial: bool = False


@frozen
class AccountUpdate:
    """An account after an import, its changes, and the values kept here although the file differs."""

    after: Account
    changed: tuple[Difference, ...] = ()
    kept: tuple[Difference, ...] = ()


def digest(value: object) -> str:
    """Hash a value of the file: 16 hexadecimal digits."""
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
            # Without the later ones, the digest stays as before they existed.
            later_fields = (value.teacher, value.slot, value.place)
            return "\t".join((value.discipline, value.level, *(later_fields if any(later_fields) else ())))
        case Guardian():
            return f"{value.name}\t{value.email}"
        case _:
            return str(value)


def new_account(family: ListedFamily) -> Account:
    """Make the account of a new family. It stays closed until a password is requested."""
    return Account(
        ref=family.ref,
        name=family.name,
        emails=family.emails,
        stamp=new_stamp(),
        display_identifier=family.display_identifier,
        household=Household(family.guardians, family.address, family.pupils, family.payer),
        imported=(*_digests(family, _listed(family)).items(), (NOTED, _columns(family))),
    )


def update_account(
    account: Account, family: ListedFamily, pseudonyms: Pseudonyms, row: tuple[tuple[str, str], ...] = ()
) -> AccountUpdate:
    """Update an account from the file: a field is written only if its value in the file has changed since last time.

    One that needs a column of last time, which the file no longer has, stays. `row`: the digests of an alias's own row.
    All writes are in `changed`. The proofs of an address end if the file removes it. A family listed again is no longer
    gone, and is enabled again if an import disabled it, unless switched since.
    """
    gaps = lost_words(dict(account.imported), family.absent)
    partial = family.listed_fields & partial_fields(gaps, family.pupils, account.household.pupils)
    in_file = replace(
        family,
        guardians=() if loses_guardians(gaps) else family.guardians,
        lacks_guardians=loses_guardians(gaps),
        pupils=with_lost_values(family.pupils, account.household.pupils, gaps),
        listed_fields=family.listed_fields - partial,
    )
    digests = _digests(family, _listed(in_file)) | {NOTED: _columns(family, gaps)}
    after = end_mailed_proofs(account, _merge(account, in_file, digests, dict(row)))
    complete = _restore(replace(after, failing_mailboxes=_still_failing(after, pseudonyms)))
    changes = _differences((what, _account_value(account, what), _account_value(after, what)) for what in _COMPARED)
    staying = [what for what in _listed(in_file) if _account_value(account, what) == _account_value(after, what)]
    corrections = _differences((what, _account_value(after, what), _listed_value(in_file, what)) for what in staying)
    whole = _differences((what, _account_value(after, what), _listed_value(family, what)) for what in sorted(partial))
    staying_parts = (*corrections, *(replace(difference, is_partial=True) for difference in whole))
    return AccountUpdate(
        complete, (*changes, *_switches(account, complete)), (*staying_parts, *_closed_here(account, complete))
    )


def _differences(values: Iterable[tuple[ComparedField, Any, Any]]) -> Iterator[Difference]:
    """List the fields that differ, without the guardians' addresses if the family's show the same change."""
    differing = {what: (ours, file) for what, ours, file in values if ours != file}
    emails, of_guardians = differing.get("emails"), differing.get("guardian_emails")
    if emails and of_guardians and _is_repetition(emails, of_guardians):
        del differing["guardian_emails"]
    return (Difference(what, ours, file) for what, (ours, file) in differing.items())


def _is_repetition(emails: tuple[Any, Any], of_guardians: tuple[Any, Any]) -> bool:
    """Whether the guardians' addresses are the family's by place, or changed in the same way."""
    on_file, file = emails
    if all((*whole, *("" for _ in own))[: len(own)] == own for whole, own in zip(emails, of_guardians, strict=True)):
        return True
    pairs = dict(zip(on_file, file, strict=False))
    return len(on_file) == len(file) and tuple(pairs.get(email, email) for email in of_guardians[0]) == of_guardians[1]


def mark_gone(account: Account, now: datetime, *, disable: bool) -> Account:
    """Mark an account as gone from the file, and optionally disable it. Idempotent."""
    after = replace(account, gone_at=account.gone_at or now)
    if not disable or account.disabled:
        return after
    closed_account = after.with_disabled(is_disabled=True)
    return replace(
        closed_account,
        imported=tuple((dict(closed_account.imported) | {_DISABLED: digest(closed_account.stamp)}).items()),
    )


def is_same_family(family: ListedFamily, account: Account) -> bool:
    """Whether an account of this identifier at another site is this family's."""
    return fold(family.name) == fold(account.name) or not set(family.emails).isdisjoint(account.emails)


def _listed(family: ListedFamily) -> tuple[ComparedField, ...]:
    """List the fields to compare with the account, without guardians' fields if the file lists none."""
    is_named = family.guardians or "guardians" in family.listed_fields
    names = tuple(what for what in FIELDS if what in family.listed_fields and (is_named or what not in _OF_GUARDIANS))
    return (*names, "guardian_emails") if "emails" in names and not family.lacks_guardians else names


def _digests(family: ListedFamily, fields: Iterable[ComparedField]) -> dict[str, str]:
    return {what: digest(_listed_value(family, what)) for what in fields}


def _columns(family: ListedFamily, gaps: Iterable[str] = ()) -> str:
    return " ".join(sorted(family.filled.union(gaps)))


def _listed_value(family: ListedFamily, name: ComparedField) -> Any:  # noqa: ANN401 - a field is a text or a tuple
    return _names(family.guardians) if name == "guardians" else getattr(family, _OWN.get(name, name))


def _account_value(account: Account, name: ComparedField) -> Any:  # noqa: ANN401 - the same
    guardians = account.household.guardians
    if name == "guardians":
        return _names(guardians)
    if name == "pupils":
        return tuple(replace(pupil, is_added=False) for pupil in account.household.pupils)
    if name in _OF_GUARDIANS:
        return tuple(getattr(guardian, _OF_GUARDIANS[name]) for guardian in guardians)
    return getattr(account, _OWN[name]) if name in _OWN else getattr(account.household, name)


def _names(guardians: Iterable[Guardian]) -> tuple[str, ...]:
    return tuple(guardian.name for guardian in guardians)


def _merge(account: Account, family: ListedFamily, now_imported: dict[str, str], row: Mapping[str, str]) -> Account:
    """Write the fields whose values are new in the file, and guardians' values to the right guardian."""
    last, on_file, values = dict(account.imported), _with_first_login(account), _listed(family)
    repeats = {what for what in values if now_imported[what] in {last.get(what), row.get(what)}}
    pairing = _pair(family, on_file, repeats, is_as_imported=last.get("guardians") == digest(_names(on_file)))
    is_same = pairing.is_in_order or _repeats_guardians(family, repeats)
    fields = {what for what in values if not _stays(account, what, last, repeats, is_same=is_same)}
    own_values = {attribute: getattr(family, attribute) for what, attribute in _OWN.items() if what in fields}
    parts = {what: getattr(family, what) for what in ("address", "pupils", "payer") if what in fields}
    emails = (*own_values.get("emails", account.emails), *(guardian.email for guardian in pairing.unlisted))
    as_listed = _is_as_listed(family, on_file, fields)
    guardians = pairing.merge(
        [attribute for what, attribute in _OF_GUARDIANS.items() if what in fields],
        emails if "emails" in fields else (*emails, *(guardian.email for guardian in on_file)),
        as_listed=as_listed,
    )
    join = keep_corrections if "pupils" in parts else count_as_listed
    parts["pupils"] = join(family.pupils, account.household.pupils)
    household = replace(account.household, guardians=_without_first_login(account, guardians), **parts)
    own_values["emails"] = tuple(dict.fromkeys(filter(None, emails)))
    of_others = {"guardians", *_OF_GUARDIANS} if as_listed and not pairing.is_in_order else set()
    if family.lacks_guardians and "emails" in fields:  # of whom they are is for a file with names to say again
        of_others = {"guardian_emails"}
    digests = {what: value for what, value in last.items() if what not in {*of_others, AWAITS_FILE}} | now_imported
    return replace(account, imported=tuple(digests.items()), household=household, **own_values)


def _pair(family: ListedFamily, on_file: Guardians, repeats: set[ComparedField], *, is_as_imported: bool) -> Pairing:
    """Pair guardians, by place if the file repeats its last values or has no names."""
    guardians = family.guardians
    is_named = "guardians" in family.listed_fields
    if len(guardians) == len(on_file) and (not is_named or (is_as_imported and _repeats_guardians(family, repeats))):
        return Pairing(guardians, on_file, tuple(range(len(guardians))))
    signs = [sign for what, sign in _SIGNS.items() if is_as_imported and what in repeats]
    return pair_guardians(guardians, on_file, signs)


def _repeats_guardians(family: ListedFamily, repeats: set[ComparedField]) -> bool:
    """Whether the file lists the same guardians as last time: by name, or by address and telephone if two share one."""
    names = [fold(guardian.name) for guardian in family.guardians]
    if "guardians" in family.listed_fields and "guardians" not in repeats:
        return False
    return len(set(names)) == len(names) or {what for what in _SIGNS if what in _listed(family)} <= repeats


def _is_as_listed(family: ListedFamily, on_file: Guardians, fields: set[ComparedField]) -> bool:
    """Whether the file's guardians replace ours, in its order. Without names, only if there are none on file."""
    if "guardians" not in family.listed_fields:
        return not on_file and not fields.isdisjoint({"emails", *_OF_GUARDIANS})
    return "guardians" in fields or _names(family.guardians) == _names(on_file)


def _stays(
    account: Account, name: ComparedField, last: Mapping[str, str], repeats: set[ComparedField], *, is_same: bool
) -> bool:
    """Whether our value stays: the file repeats itself, or has its first value for a field corrected here."""
    if name in last:
        return name in repeats and (is_same or name not in _OF_GUARDIANS)
    mark = _CORRECTED_AS.get(name, (name, False))
    return any(
        (change.what, bool(change.of) and change.what == "address") == mark and change.actor.side != "file"
        for change in trail(account)
    )


def _with_first_login(account: Account) -> Guardians:
    """Mark the first login's guardian too if coordinates are separated, in any order of the file."""
    first = next(iter(first_guardians(account)), None) if account.separated_at else None
    return tuple(
        replace(guardian, login=account.ref.identifier) if guardian is first else guardian
        for guardian in account.household.guardians
    )


def _without_first_login(account: Account, guardians: Guardians) -> Guardians:
    """Move the guardian of the first login before all others without their own login."""
    login = account.ref.identifier
    without = [guardian.login for guardian in guardians if guardian.login in {"", login}]
    first = () if without[:1] == [login] else tuple(guardian for guardian in guardians if guardian.login == login)
    in_order = (*first, *(guardian for guardian in guardians if guardian not in first))
    return tuple(replace(guardian, login="") if guardian.login == login else guardian for guardian in in_order)


def _still_failing(account: Account, pseudonyms: Pseudonyms) -> tuple[FailingMailbox, ...]:
    if not account.failing_mailboxes:
        return ()
    on_file = {pseudonyms.of_mailbox(email) for email in account.emails}
    return tuple(failure for failure in account.failing_mailboxes if failure.mailbox in on_file)


def _restore(account: Account) -> Account:
    """Undo the disabling of a family that was gone from the file."""
    digests = dict(account.imported)
    stamp = digests.pop(_DISABLED, None)
    after = replace(account, gone_at=None, imported=tuple(digests.items()))
    return after.with_disabled(is_disabled=False) if account.disabled and stamp == digest(account.stamp) else after


def _switches(before: Account, after: Account) -> tuple[Difference, ...]:
    differences = []
    if before.gone_at:
        differences.append(Difference("gone", before.gone_at, None))
    if before.disabled != after.disabled:
        differences.append(Difference("disabled", before.disabled, after.disabled))
    return tuple(differences)


def _closed_here(before: Account, after: Account) -> tuple[Difference, ...]:
    return (Difference("disabled", ours=True, file=False),) if before.disabled and after.disabled else ()
