"""One decision on many pupils selected in a list: one conditional write for each family (record 72)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.office.enrolment.decide import (
    EnrolmentDecisionInput,
    PupilDecision,
    check_input,
    decide_as_shown,
    preview_decision,
)
from chalicelib.office.enrolment.reenrolments import EnrolledFamily, EnrolledPupil
from chalicelib.office.enrolment.show import PupilVersion
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.family import Services
from chalicelib.values import frozen

# « unsure »: the table did not answer, so it may be written. « left »: not tried after that.
Outcome = Literal["waiting", "done", "already", "refused", "unsure", "left"]


@frozen
class SelectedPupil:
    """A selected pupil, with its family and its state in the list."""

    family: AccountRef
    shown: PupilVersion


@frozen
class SelectionOutcome:
    """The outcome for a selected pupil, as now read. None if its family no longer exists."""

    ticked: SelectedPupil
    outcome: Outcome
    pupil: EnrolledPupil | None = None
    refusal: OfficeRefusal | None = None


def preview(
    services: Services,
    season: str,
    ticked: Sequence[SelectedPupil],
    decision_input: EnrolmentDecisionInput,
    now: datetime,
) -> tuple[SelectionOutcome, ...]:
    """Preview a decision on a selection, without writing: one read for all. Raises `OfficeRefusal` for the request."""
    decision_input = check_input(decision_input)
    families = _read(services, season, ticked)
    return tuple(_preview_decision(families, one, decision_input, now) for one in ticked)


def decide_selection(
    services: Services,
    season: str,
    ticked: Sequence[SelectedPupil],
    decision_input: EnrolmentDecisionInput,
    now: datetime,
) -> tuple[SelectionOutcome, ...]:
    """Decide on the unchanged pupils, family by family. Raises `OfficeRefusal` for the request.

    If the tables do not answer, no other family is tried. The outcomes so far are returned, and the same form may be
    sent again: existing decisions are idempotent.
    """
    decision_input = check_input(decision_input)
    foreseen = preview(services, season, ticked, decision_input, now)
    families = dict.fromkeys(one.ticked.family for one in foreseen if one.outcome == "waiting")
    decided: dict[SelectedPupil, SelectionOutcome] = {}
    answers = True
    for ref in families:
        waiting = [one for one in foreseen if one.ticked.family == ref and one.outcome == "waiting"]
        outcome, refusal = _decide(services, waiting, decision_input, now) if answers else ("left", None)
        answers = answers and outcome != "unsure"
        decided |= {one.ticked: SelectionOutcome(one.ticked, outcome, one.pupil, refusal) for one in waiting}
    return tuple(decided.get(one.ticked, one) for one in foreseen)


def _decide(
    services: Services, waiting: Sequence[SelectionOutcome], decision_input: EnrolmentDecisionInput, now: datetime
) -> tuple[Outcome, OfficeRefusal | None]:
    family = next(one.pupil.family for one in waiting if one.pupil)
    try:
        decide_as_shown(services, family, [one.ticked.shown for one in waiting], decision_input, now)
    except OfficeRefusal as refusal:
        return "refused", refusal
    except Unavailable:
        return "unsure", None
    return "done", None


def _preview_decision(
    families: Mapping[AccountRef, EnrolledFamily],
    ticked: SelectedPupil,
    decision_input: EnrolmentDecisionInput,
    now: datetime,
) -> SelectionOutcome:
    family = families.get(ticked.family)
    if family is None:
        return SelectionOutcome(ticked, "refused", None, OfficeRefusal("decide_vanished"))
    pupil = next((pupil for pupil in family.pupils if pupil.file.key == ticked.shown.key), None)
    try:
        decision: PupilDecision = preview_decision(family, ticked.shown, decision_input, now)
    except OfficeRefusal as refusal:
        return SelectionOutcome(ticked, "refused", pupil, refusal)
    return SelectionOutcome(ticked, "waiting" if decision.is_new else "already", pupil)


def _read(services: Services, season: str, ticked: Sequence[SelectedPupil]) -> dict[AccountRef, EnrolledFamily]:
    return {family.account.ref: family for family in _families(services, season, ticked)}


def _families(services: Services, season: str, ticked: Sequence[SelectedPupil]) -> Iterator[EnrolledFamily]:
    refs = list(dict.fromkeys(one.family for one in ticked))
    lookups: list[Lookup[Any]] = [services.accounts.lookup(ref) for ref in refs]
    lookups += [services.enrolments.lookup(EnrolmentRef(ref, season)) for ref in refs]
    read = services.database.read_together(*lookups)
    for account, enrolment in zip(read, read[len(refs) :], strict=False):
        if account:
            yield EnrolledFamily(account, enrolment)
