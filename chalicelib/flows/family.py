"""« Famille »: what is on file is corrected part by part, and confirmed; each in one write, with its trace."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import (
    PARTS,
    Lines,
    Part,
    last_correction,
    part_of,
    shown,
    shown_emails,
    traced,
    with_part,
)
from chalicelib.domain.account.rate_limits import CORRECTIONS_OF_ACCOUNT
from chalicelib.domain.enrolment.enrolments import Saved
from chalicelib.domain.family.corrections import Confirmation, Correction, Hand, What
from chalicelib.domain.refusals import CoordinatesMoved, CorrectionsSlowedDown, NotLoggedIn, NotThere
from chalicelib.flows.reenrolment import Said, mark_of
from chalicelib.flows.visit import Visitor
from chalicelib.record import Event
from chalicelib.services import Client, Services

_OFFICE = "l'administration"  # whoever of it: no family is told an agent's name
_WHOSE: dict[Part, tuple[What, ...]] = {
    "telephones": ("telephones", "guardians"),
    "address": ("address", "guardians"),
    "payer": ("payer", "guardians"),
}


@dataclass(frozen=True)
class Inside:
    """A visitor at one moment, and where from."""

    visitor: Visitor
    client: Client
    now: datetime


@dataclass(frozen=True)
class Given:
    """A part as it shall be: as many telephones as there are guardians, the lines of an address, a payer."""

    part: Part
    values: Lines = field(repr=False)


def mark_of_part(account: Account, part: Part) -> str:
    """Mark what a form shows of a part."""
    return mark_of(shown(account, part))


def mark_of_all(account: Account) -> str:
    """Mark all that is confirmed."""
    return mark_of((shown(account, *PARTS), shown_emails(account)))


def correct(services: Services, inside: Inside, given: Given, said: Said) -> None:
    """Correct a part. Raises `CoordinatesMoved`, `FieldsRefused`, `NotThere` where the network lets no family.

    The same form sent twice finds its own work, and is content. Raises `CorrectionsSlowedDown` where there are many.
    """
    if given.part not in services.settings.network.family.may_correct:
        raise NotThere
    by = inside.visitor.speaking(said.by)

    def decide(found: Account) -> Account:
        if part_of(found.household, given.part) == given.values:
            return found
        check_mark(found, mark_of_part(found, given.part), said.shown, *_WHOSE[given.part])
        after = replace(found, household=with_part(found.household, given.part, given.values))
        return _paced(traced(found, after, Hand("family", by), inside.now), inside.now)

    _save(services, inside, decide, "family_corrected")


def _paced(account: Account, now: datetime) -> Account:
    """Count one more correction: a session alone floods no trail. Raises `CorrectionsSlowedDown`."""
    until = CORRECTIONS_OF_ACCOUNT.waits_until(account.corrected, now)
    if until is not None:
        raise CorrectionsSlowedDown(until)
    return replace(account, corrected=(*CORRECTIONS_OF_ACCOUNT.recent(account.corrected, now), now))


def confirm(services: Services, inside: Inside, said: Said) -> None:
    """Say that all coordinates are exact, as they were shown. Raises `CoordinatesMoved`, `FieldsRefused`."""
    by = inside.visitor.speaking(said.by)

    def decide(found: Account) -> Account:
        check_mark(found, mark_of_all(found), said.shown)
        return replace(found, confirmed=Confirmation(by, inside.now))

    _save(services, inside, decide, "family_confirmed")


def check_mark(account: Account, mark: str, shown_mark: str, *fields: What) -> None:
    """Refuse to write over what was not shown: it says who changed it, and when. Raises `CoordinatesMoved`."""
    if mark != shown_mark:
        last = last_correction(account, *fields)
        raise CoordinatesMoved(account, _saved(last) if last else None, mark)


def _saved(correction: Correction) -> Saved:
    hand = correction.hand
    return Saved(hand.who if hand.side == "family" else _OFFICE, correction.at)


def revised(services: Services, inside: Inside, decide: Callable[[Account], Account]) -> tuple[Account, Account]:
    """Change the visitor's account, as long as its session is not over; before and after. Raises `NotLoggedIn`."""
    visitor = inside.visitor

    def decide_inside(found: Account) -> Account:
        if not visitor.session.is_of(found, inside.now):
            raise NotLoggedIn
        return decide(found)

    changed = services.accounts.revise(visitor.account.ref, decide_inside, visitor.account)
    if changed is None:
        raise NotLoggedIn
    return changed


def _save(services: Services, inside: Inside, decide: Callable[[Account], Account], event: Event) -> None:
    before, after = revised(services, inside, decide)
    if after is not before:
        services.record.write(event, inside.now, inside.client.request, account=after.ref)
