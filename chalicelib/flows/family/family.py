"""« Famille »: correct the coordinates on file part by part, and confirm them, each in one write with its trace."""

from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import (
    PARTS,
    Lines,
    Part,
    emails_state,
    form_state,
    last_correction,
    part_of,
    record_corrections,
    with_part,
)
from chalicelib.domain.account.logins import opens
from chalicelib.domain.account.rate_limits import CORRECTIONS_OF_ACCOUNT
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.family.corrections import Actor, Confirmation, CorrectedField, Correction
from chalicelib.domain.refusals import NotLoggedIn, NotThere, SlowedDown, StepMoved
from chalicelib.flows.family.reenrolment import StepSubmission
from chalicelib.flows.family.visit import Visitor
from chalicelib.infra.dynamo.revise import Prepare, nothing
from chalicelib.infra.record import Event
from chalicelib.services.family import Services, Visit
from chalicelib.values import frozen, version_of

_WHOSE: dict[Part, tuple[CorrectedField, ...]] = {
    "telephones": ("telephones", "guardians"),
    "address": ("address", "guardians"),
    "payer": ("payer", "guardians"),
}


class CoordinatesMoved(StepMoved):
    """Another guardian or the office changed the same coordinates concurrently. `account`: its current state."""

    code = "coordinates_moved"

    def __init__(self, account: Account, author: SavedBy | None, version: str) -> None:
        super().__init__(author, version)
        self.account = account


class CorrectionsSlowedDown(SlowedDown):
    """Too many corrections of the family's file. The next one is accepted from `until`."""

    code = "corrections_slowed_down"


@frozen
class PartUpdate:
    """A part with its new values: a telephone for each guardian, the lines of an address, or a payer."""

    part: Part
    values: Lines = field(repr=False)


def version_of_part(account: Account, part: Part) -> str:
    """Compute the version of a part as a form shows it."""
    return version_of(form_state(account, part))


def version_of_all(account: Account) -> str:
    """Compute the version of all that is confirmed."""
    return version_of((form_state(account, *PARTS), emails_state(account)))


def correct(visit: Visit[Services], visitor: Visitor, update: PartUpdate, submission: StepSubmission) -> None:
    """Correct a part. Idempotent.

    Raises `CoordinatesMoved`, `FieldsRefused`, `NotThere` if the network allows no family to correct it, and
    `CorrectionsSlowedDown` after too many corrections.
    """
    if update.part not in visit.services.settings.network.family.may_correct:
        raise NotThere
    by = visitor.speaker_chosen(submission.by)

    def decide(current: Account) -> Account:
        visible = visitor.see(current)
        if part_of(visible.household, update.part) == update.values:
            return current
        check_version(visible, version_of_part(visible, update.part), submission.version, *_WHOSE[update.part])
        after = replace(current, household=with_part(current.household, update.part, update.values, visible.view))
        return _count_correction(record_corrections(current, after, Actor("family", by), visit.now), visit.now)

    _save(visit, visitor, decide, "family_corrected")


def _count_correction(account: Account, now: datetime) -> Account:
    """Count a correction, so that a session cannot flood the trail. Raises `CorrectionsSlowedDown`."""
    until = CORRECTIONS_OF_ACCOUNT.waits_until(account.correction_times, now)
    if until is not None:
        raise CorrectionsSlowedDown(until)
    return replace(account, correction_times=(*CORRECTIONS_OF_ACCOUNT.recent(account.correction_times, now), now))


def confirm(visit: Visit[Services], visitor: Visitor, submission: StepSubmission) -> None:
    """Confirm that all coordinates are exact, as shown. Raises `CoordinatesMoved`, `FieldsRefused`."""
    by = visitor.speaker_chosen(submission.by)

    def decide(current: Account) -> Account:
        visible = visitor.see(current)
        check_version(visible, version_of_all(visible), submission.version)
        return replace(current, confirmed=Confirmation(by, visit.now))

    _save(visit, visitor, decide, "family_confirmed")


def check_version(account: Account, version: str, shown_version: str, *fields: CorrectedField) -> None:
    """Refuse an outdated form, with the author and time of the last change. Raises `CoordinatesMoved`."""
    if version != shown_version:
        last = last_correction(account, *fields)
        raise CoordinatesMoved(account, corrected_by(last) if last else None, version)


def corrected_by(correction: Correction) -> SavedBy:
    """Return the author of a correction as a family reads it, and its time."""
    return SavedBy(correction.by_for_family, correction.at)


def revise_account(
    visit: Visit[Services], visitor: Visitor, decide: Callable[[Account], Account], prepare: Prepare[Account] = nothing
) -> tuple[Account, Account]:
    """Change the visitor's account while its session is valid. Return it before and after. Raises `NotLoggedIn`."""

    def decide_inside(current: Account) -> Account:
        is_open = opens(current, visitor.login) if visitor.is_guardians else visitor.session.is_of(current, visit.now)
        if not is_open:
            raise NotLoggedIn
        return decide(current)

    states = visit.services.accounts.revise(visitor.on_file.ref, decide_inside, visitor.on_file, prepare)
    if states is None:
        raise NotLoggedIn
    return states


def _save(visit: Visit[Services], visitor: Visitor, decide: Callable[[Account], Account], event: Event) -> None:
    before, after = revise_account(visit, visitor, decide)
    if after is not before:
        visit.record(event, account=after.ref)
