"""POST /extranet/bureau/demandes/decisions: decide on the candidates ticked on the list, after a summary."""

from typing import Final

from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.web.office.acts import ActBlueprint, Outcome
from chalicelib.web.office.edge import DeskRequest, desk_page, redirect
from chalicelib.web.office.list_decision import serve_list_decision
from chalicelib.web.office.lists import FilteredList, selection_values
from chalicelib.web.responses import Response
from chalicelib.wings.admission.office.applications import is_number
from chalicelib.wings.admission.office.decide import AdmissionDecisionInput, CandidateVersion
from chalicelib.wings.admission.office.list_decision import KIND, start_request_list
from chalicelib.wings.admission.office.selection import (
    CandidateOutcome,
    SelectedCandidate,
    decide_selection,
    preview,
    undo_selection,
)
from chalicelib.wings.admission.office.undo import UNDOS, seal_undo
from chalicelib.wings.admission.presentation.office import applications
from chalicelib.wings.admission.web.office.application import read_decision
from chalicelib.wings.admission.web.office.applications import (
    APPLICATIONS,
    APPLICATIONS_PAGE,
    FILTERS,
    application_path,
    query_of,
    tick,
    undo_offer,
)

routes = ActBlueprint(__name__)

_PATH: Final = f"{APPLICATIONS_PAGE}/decisions"
_FIELDS: Final = ("decision", "texte", "raison", "echeance")
_PARTS: Final = 4


@routes.post(_PATH, right="secretary", filters=FILTERS)
def decide_together(request: DeskRequest) -> Response:
    """Show the summary of a decision. Once it is confirmed, decide, and show the outcome."""
    choices, listing, sites = _read_selection(request), APPLICATIONS.find(request), request.staff.site_codes
    if (action := request.choice("action", "", "modifier", "tous", "annuler")) == "modifier":
        return APPLICATIONS.show(request, listing, Outcome())
    if action == "annuler":
        undos, author = UNDOS.open(request.services, request.field("annuler")), request.staff.member.known_as
        return _summary(request, undo_selection(request.services, undos, author, sites, request.now), None, listing)
    try:
        request.check_lengths()
        if not choices and action != "tous":
            raise FieldsRefused({"eleves": ("nobody_ticked",)})
        decision = read_decision(request)
        if action == "tous":
            query = query_of(listing, request.staff.member.email)
            job = start_request_list(request.services, query, listing.codes, decision, request.now)
            return redirect(request.services, f"{_PATH}/{job.id}")
        foreseen = preview(request.services, choices, decision, sites, request.now)
        is_confirmed = bool(request.field("envoyer"))
        outcomes = decide_selection(request.services, foreseen, decision, request.now) if is_confirmed else foreseen[0]
    except (FormRefusal, OfficeRefusal) as refusal:
        return APPLICATIONS.show(request, listing, APPLICATIONS.refused(request, refusal))
    return _summary(request, outcomes, decision, listing)


def _read_selection(request: DeskRequest) -> tuple[SelectedCandidate, ...]:
    """Read the ticks: `DEMANDE/ELEVE/VU/VŒU`. Raises `NotThere` for values that no list offers."""
    ticks = [value.split("/") for value in selection_values(request)]
    if any(len(parts) != _PARTS or not is_number(parts[0]) for parts in ticks):
        raise NotThere
    return tuple(SelectedCandidate(number, CandidateVersion.parse(key, vu), wish) for number, key, vu, wish in ticks)


def _summary(
    request: DeskRequest,
    outcomes: tuple[CandidateOutcome, ...],
    decision: AdmissionDecisionInput | None,
    listing: FilteredList,
) -> Response:
    pairs = [(one.pupil.application, one.entry) for one in outcomes if one.pupil and one.entry]
    return desk_page(
        request,
        "selection",
        "requests",
        outcomes=outcomes,
        decision=decision,
        fields={name: request.field(name) for name in _FIELDS if decision},
        listing=listing,
        is_done=bool(request.field("envoyer")) or decision is None,
        is_final=decision is not None and decision.verdict == "accepted",
        undo=undo_offer(request, seal_undo(request.services, pairs)),
        path=_PATH,
        words=applications,
        sentence_of=sentence_of,
        path_of=lambda one: f"{application_path(one.choice.number)}#eleve-{one.choice.version.key}",
        line_of=lambda one: _line_of(request, one),
        tick_of=_tick_of,
    )


def _line_of(request: DeskRequest, outcome: CandidateOutcome) -> tuple[str, str]:
    """Write the name of a candidate, and the rest of their line: before a decision, the wish to accept, or all."""
    row = outcome.pupil
    if row is None or row.application.sent is None:
        return "Un élève d'une demande effacée", ""
    wishes = [
        applications.wish(wish, request.staff.network) for wish in ([row.wish] if row.wish else row.candidate.wishes)
    ]
    about = f" : {' ; '.join(wishes)}" if outcome.outcome == "waiting" else ""
    return row.candidate.name, f", {row.application.sent.answers.guardian}{about}"


def _tick_of(outcome: CandidateOutcome) -> str:
    """Write a candidate's tick again, with the wish that the page now shows, which is accepted or left out."""
    choice, row = outcome.choice, outcome.pupil
    return tick(choice.number, choice.version, (row.rank if row else "") or choice.wish)


serve_list_decision(routes, _PATH, "requests", KIND, applications)
