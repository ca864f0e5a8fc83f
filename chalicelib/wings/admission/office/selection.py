"""A decision on candidates ticked in the list of applications, each as the list showed them, and for its wish."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.office.dossiers.selection import SelectionOutcome, attempt, try_each
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import Application, Candidate, CandidateRef, Wish
from chalicelib.wings.admission.office import accounts
from chalicelib.wings.admission.office.accept import AccountChoice, accept, check_mailbox, check_wish
from chalicelib.wings.admission.office.decide import (
    AdmissionDecisionInput,
    CandidateDecision,
    CandidateVersion,
    check,
    check_holds_nothing,
    decide,
    preview_decision,
)
from chalicelib.wings.admission.office.places import SeasonPlaces, places_of
from chalicelib.wings.admission.office.undo import AdmissionUndo, undo_decision


@frozen
class SelectedCandidate:
    """A ticked candidate, as shown. `wish`: the rank of the wish that a summary named, from 1. Empty before."""

    number: str
    version: CandidateVersion
    wish: str = ""


@frozen
class CandidateRow:
    """A candidate of an application, and the wish that would be accepted, if any."""

    application: Application
    candidate: Candidate
    wish: Wish | None = None

    @property
    def rank(self) -> str:
        """The rank of the wish, from 1. Empty without one."""
        return str(self.candidate.wishes.index(self.wish) + 1) if self.wish else ""


CandidateOutcome = SelectionOutcome[SelectedCandidate, CandidateRow, CandidateDecision]
SelectionPreview = tuple[tuple[CandidateOutcome, ...], Mapping[str, SeasonPlaces]]  # the places of each season


def preview(
    services: Services,
    choices: Sequence[SelectedCandidate],
    decision_input: AdmissionDecisionInput,
    sites: Collection[str],
    now: datetime,
) -> SelectionPreview:
    """Preview a decision on a selection, without writing. Raises `OfficeRefusal` for the request.

    A candidate without a wish at one of these sites is refused like one that does not exist.
    """
    decision_input = check(decision_input, now)
    rows = _rows(services, choices, sites)
    seasons = {row.application.ref.season for row in rows.values()}
    places = {season: places_of(services, season, now) for season in seasons}

    def foresee(outcome: CandidateOutcome) -> CandidateOutcome:
        row = _existing(outcome)
        entry = preview_decision(row.application, outcome.choice.version, decision_input, now)
        if not entry.is_new:
            return replace(outcome, outcome="already")
        row = _check(services, outcome.choice, row, entry, places[row.application.ref.season])
        if row.wish and row.wish.site not in sites:
            raise OfficeRefusal("request_wish_away", name=row.candidate.name, site=row.wish.site)
        return replace(outcome, pupil=row)

    return tuple(attempt(CandidateOutcome(one, "waiting", rows.get(one)), foresee) for one in choices), places


def _existing(outcome: CandidateOutcome) -> CandidateRow:
    if outcome.pupil is None:
        raise OfficeRefusal("request_vanished", number=outcome.choice.number)
    return outcome.pupil


def _rows(
    services: Services, choices: Sequence[SelectedCandidate], sites: Collection[str]
) -> dict[SelectedCandidate, CandidateRow]:
    """Read the candidates that still exist, and have a wish at one of these sites."""
    applications = services.admission.applications.find_by_numbers(one.number for one in choices)
    rows = {}
    for choice in choices:
        application = applications.get(choice.number)
        candidate = application.sent.answers.candidate(choice.version.key) if application and application.sent else None
        if application and candidate and any(wish.site in sites for wish in candidate.wishes):
            rows[choice] = CandidateRow(application, candidate)
    return rows


def _check(
    services: Services, choice: SelectedCandidate, row: CandidateRow, entry: CandidateDecision, places: SeasonPlaces
) -> CandidateRow:
    """Check a new decision against the places, and find the wish to accept. Raises `OfficeRefusal`."""
    application, candidate = row.application, row.candidate
    if entry.decision.verdict == "waiting":
        check_holds_nothing(application, candidate, places)
    if entry.decision.verdict != "accepted":
        return row
    wish = _wish(row, choice, places)
    check_wish(application, candidate, wish, places)
    if accounts.account_at(application, wish.site) is None:
        check_mailbox(services, application, wish.site)
    return replace(row, wish=wish)


def _wish(row: CandidateRow, choice: SelectedCandidate, places: SeasonPlaces) -> Wish:
    """Find the wish to accept: the one named before, the one whose place they took, or their only one.

    Raises `OfficeRefusal` if there is none such: a secretary chooses.
    """
    wishes = row.candidate.wishes
    hold = places.hold_of(CandidateRef(row.application.number, row.candidate.key), row.candidate)
    wish = hold.wish if hold else wishes[0] if len(wishes) == 1 else None
    if choice.wish:
        wish = next((one for rank, one in enumerate(wishes, 1) if str(rank) == choice.wish), None)
    if wish is None:
        raise OfficeRefusal("request_wish_open", name=row.candidate.name)
    return wish


def decide_selection(
    services: Services, foreseen: SelectionPreview, decision_input: AdmissionDecisionInput, now: datetime
) -> tuple[CandidateOutcome, ...]:
    """Decide on the unchanged candidates of a preview, one by one.

    If the tables do not answer, no other is tried. The same form may be sent again: a decision made before is repeated,
    as a fault may have left its account or its place.
    """
    outcomes, places_by_season = foreseen

    def act(outcome: CandidateOutcome) -> CandidateOutcome:
        row, version = _existing(outcome), outcome.choice.version
        application = services.admission.applications.find(row.application.ref)  # a sibling may have got the account
        places = places_by_season[application.ref.season]
        if decision_input.verdict == "accepted":
            choice = AccountChoice(row.wish.slot if row.wish else ("", "", ""))
            entry = accept(services, application, version, decision_input, now, choice=choice, places=places)
        else:
            entry = decide(services, application, version, decision_input, now, places=places)
        return replace(outcome, outcome="done" if entry.is_new else "already", entry=entry)

    return try_each(outcomes, act)


def undo_selection(
    services: Services, undos: Sequence[AdmissionUndo], author: str, sites: Collection[str], now: datetime
) -> tuple[CandidateOutcome, ...]:
    """Undo decisions made together, each that still stands. If the tables do not answer, no other is tried."""
    choices = {
        SelectedCandidate(number, CandidateVersion(key)): undo for undo in undos for number, key, _ in [undo.subject]
    }
    rows = _rows(services, tuple(choices), sites)

    def act(outcome: CandidateOutcome) -> CandidateOutcome:
        undo_decision(services, _existing(outcome).application, choices[outcome.choice], author, now)
        return outcome

    return try_each((CandidateOutcome(one, "undone", rows.get(one)) for one in choices), act)
