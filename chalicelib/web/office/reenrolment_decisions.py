"""POST /extranet/bureau/reinscriptions/decisions: decide on the pupils ticked on the list, after a summary."""

from typing import Final

from chalicelib.domain.enrolment.periods import seasons_kept
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.office.enrolment.decide import (
    EnrolmentDecisionInput,
    PupilVersion,
    SelectedPupil,
    SelectionOutcome,
    decide_selection,
    preview,
)
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office import enrolments
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.presentation.texts import sentence
from chalicelib.web.office.acts import Outcome
from chalicelib.web.office.edge import STAFF, FormBlueprint, StaffRequest, desk_page, family_path
from chalicelib.web.office.lists import FilteredList, read_selection, selection_value
from chalicelib.web.office.reenrolment import decision_input
from chalicelib.web.office.reenrolments import FILTERS, LIST_PATH, REENROLMENTS
from chalicelib.web.responses import FormFeedback, Response, feedback_on

routes = FormBlueprint(__name__, STAFF)

_PATH: Final = f"{LIST_PATH}/decisions"


@routes.post(_PATH, right="secretary", filters=FILTERS)
def decide_together(request: StaffRequest) -> Response:
    """Show the summary of a decision. Once it is confirmed, decide, and show the outcome."""
    selected_pupils, season = read_selection(request), _season(request)
    listing = REENROLMENTS.find(request)
    if request.field("action") == "modifier":
        return REENROLMENTS.show(request, listing, Outcome())
    try:
        request.check_lengths()
        decision = _decision(request, selected_pupils)
        decide = decide_selection if request.field("envoyer") else preview
        outcomes = decide(request.services, season, selected_pupils, decision, request.now)
    except FormRefusal as refusal:
        return REENROLMENTS.show(request, listing, Outcome(feedback_on(refusal, request)))
    except OfficeRefusal as refusal:
        errors = {"texte": [sentence_of(refusal, request.staff.network)]}
        return REENROLMENTS.show(request, listing, Outcome(FormFeedback(422, sentence("fields_refused"), errors)))
    return _summary(request, outcomes, decision, listing)


def _decision(request: StaffRequest, selected_pupils: tuple[SelectedPupil, ...]) -> EnrolmentDecisionInput:
    if not selected_pupils:
        raise FieldsRefused({"eleves": ("nobody_ticked",)})
    return decision_input(request)


def _season(request: StaffRequest) -> str:
    season = request.field("saison")
    if season not in seasons_kept(request.now):
        raise NotThere
    return season


def _summary(
    request: StaffRequest,
    outcomes: tuple[SelectionOutcome, ...],
    decision: EnrolmentDecisionInput,
    listing: FilteredList,
) -> Response:
    return desk_page(
        request,
        "reenrolment_decisions",
        "reenrolments",
        outcomes=outcomes,
        decision=decision,
        season=request.field("saison"),
        listing=listing,
        is_done=bool(request.field("envoyer")),
        path=_PATH,
        words=enrolments,
        sentence_of=sentence_of,
        path_of=lambda one: family_path(one.ticked.family, "reinscriptions"),
        tick_of=_tick_of,
    )


def _tick_of(outcome: SelectionOutcome) -> str:
    """Carry the version of a pupil that the page now shows: the next decision is on that."""
    version = PupilVersion.of(outcome.pupil) if outcome.pupil and outcome.outcome == "waiting" else outcome.ticked.shown
    return selection_value(outcome.ticked.family, version)
