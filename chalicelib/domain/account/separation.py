"""The view of a family for one login: its speakers and, if coordinates are separated, only its own guardian's."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from chalicelib.domain.account.accounts import GUARDIAN, Account, AccountRef, View
from chalicelib.domain.account.logins import display_identifier, first_guardians, guardian_of, login_refs
from chalicelib.domain.family.corrections import CorrectedField, Correction
from chalicelib.domain.family.households import Guardian
from chalicelib.domain.family.redaction import hide, patterns_of

_LOGIN: Final[frozenset[CorrectedField]] = frozenset({"password", "sign_in"})  # of the first login


def as_seen(family: Account, login: AccountRef) -> Account:
    """Restrict a family's account to the view of one login. The same account if it has one login and shares everything.

    The view is read-only: a write starts from the account on file. Idempotent.
    """
    reader = guardian_of(family, login)
    if family.view or (reader is None and not family.separated_at and not login_refs(family)):
        return family
    present = (reader,) if reader else first_guardians(family)
    if reader:
        family = replace(family, passkeys=(), links=())  # those of the first login
    view = View(reader.login if reader else "", tuple(guardian.name for guardian in present), own_address=_name(reader))
    if family.separated_at:
        return _separated(family, present[0] if present else None, view)
    return _with_own_address(replace(family, view=view), reader)


def _name(reader: Guardian | None) -> str:
    return reader.name if reader else ""


def _with_own_address(account: Account, reader: Guardian | None) -> Account:
    """Replace the family's postal address with the guardian's own, if they have one."""
    view = account if reader is None else replace(account, access_corrections=_without_methods(account))
    if reader is None or not reader.address:
        return view
    return replace(view, household=replace(account.household, address=reader.address), item={})


def _without_methods(account: Account) -> tuple[Correction, ...]:
    return tuple(change for change in account.access_corrections if change.what not in _LOGIN)


def _separated(family: Account, viewer: Guardian | None, view: View) -> Account:
    """Keep only one guardian's coordinates, or none if there is no viewer."""
    household = family.household
    speakers = tuple(guardian for guardian in household.guardians if guardian is not viewer)
    other_emails = {guardian.email for guardian in speakers} - {viewer.email if viewer else ""}
    emails = tuple(email for email in family.emails if _is_shown(email, other_emails, view, viewer))
    address = () if viewer is None else viewer.address if view.own_address else household.address
    guardians = tuple(
        guardian if guardian is viewer else Guardian(guardian.name, login=guardian.login)
        for guardian in household.guardians
    )
    hidden_places = tuple(place for place, guardian in enumerate(household.guardians) if guardian is not viewer)
    alike = {viewer.name for other in speakers if viewer and viewer.name == other.name}
    view = replace(view, hidden=hidden_places, shared_names=frozenset(alike))
    secrets = _secrets(family, speakers, viewer, address, view)
    family_view = replace(
        family,
        emails=emails,
        household=replace(household, guardians=guardians, address=address, payer=hide(household.payer, secrets)),
        pending_email=family.pending_email if _is_by(family, viewer) else None,
        view=replace(view, secrets=secrets),
        item={},
    )
    return replace(
        family_view,
        corrections=tuple(_seen_changes(family.corrections, family_view)),
        access_corrections=tuple(_seen_changes(family.access_corrections, family_view)),
    )


def _is_shown(email: str, emails: set[str], view: View, viewer: Guardian | None) -> bool:
    """Whether an address is the viewer's. One of no guardian belongs to the first login."""
    if view.own_address:
        return viewer is not None and email == viewer.email
    return viewer is not None and email not in emails


def _is_by(family: Account, viewer: Guardian | None) -> bool:
    return family.pending_email is not None and viewer is not None and family.pending_email.by == viewer.name


def _secrets(
    family: Account, speakers: tuple[Guardian, ...], viewer: Guardian | None, address: tuple[str, ...], view: View
) -> tuple[str, ...]:
    """List the patterns to hide: the others' coordinates, current and former as far as recorded."""
    visible = {*address, *(viewer.address if viewer else ()), *(viewer.telephone.split(" / ") if viewer else ())}
    former = [change for change in family.corrections if _is_another_s(change, view)]

    def was(field: str) -> Iterator[str]:
        return (value for change in former if change.what == field for value in (*change.old, *change.new))

    lines = (*family.household.address, *(line for guardian in speakers for line in guardian.address), *was("address"))
    telephones = (*(guardian.telephone for guardian in speakers), *was("telephones"))
    numbers = {number for telephone in telephones for number in telephone.split(" / ")}
    return patterns_of(
        (guardian.email for guardian in speakers if viewer is None or guardian.email != viewer.email),
        sorted(numbers - visible),
        (line for line in dict.fromkeys(lines) if line not in visible),
    )


def _seen_changes(changes: tuple[Correction, ...], account: Account) -> Iterator[Correction]:
    """Keep the changes of the viewer's own coordinates, without the other guardians' and the other logins' methods."""
    assert account.view  # noqa: S101 - it is seen
    for change in changes:
        if change.what == "emails":
            old, new = (tuple(e for e in emails if e in account.emails) for emails in (change.old, change.new))
            if old != new:
                yield replace(change, old=old, new=new)
        elif not _is_another_s(change, account.view):
            yield hide(change, account.view.secrets) if change.what == "payer" else change


def _is_another_s(change: Correction, view: View) -> bool:
    if change.what in _LOGIN:
        return bool(view.login)
    if change.what == "address" and not change.of:
        return bool(view.own_address)
    is_of_guardian = change.what == "telephones" or (change.of and change.what != "pupil")
    return bool(is_of_guardian) and (change.of not in view.present or change.of in view.shared_names)


def as_addressed(account: Account, email: str) -> Account:
    """Restrict an account to the part that a mail to one address may show, with the identifier used by this mailbox."""
    if account.role == GUARDIAN:
        return account
    owners = [one for one in account.household.guardians if one.email == email]
    first = first_guardians(account)
    if account.separated_at and owners and not any(one.login or one in first for one in owners):
        return _separated(account, owners[0], View("", (owners[0].name,), own_address=owners[0].name))
    owner = next((one for one in owners if one.login), None)
    ref = AccountRef(account.ref.site, owner.login) if owner else account.ref
    view = as_seen(account, ref)
    return replace(view, display_identifier=display_identifier(account, ref)) if owner else view
