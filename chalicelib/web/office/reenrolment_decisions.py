"""POST /extranet/bureau/reinscriptions/decisions: decide on the pupils ticked on the list, after a summary."""

from dataclasses import replace
from typing import Final

from chalicelib.domain.enrolment.periods import seasons_kept
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.office.enrolment.decide import (
    EnrolmentDecisionInput,
    PupilOutcome,
    PupilVersion,
    SelectedPupil,
    decide_selection,
    preview,
)
from chalicelib.office.enrolment.undo import UNDOS, seal_undo, subject_of, undo_selection
from chalicelib.office.jobs.list_decision import KIND, start_list_decision
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office import enrolments
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.presentation.texts import sentence
from chalicelib.web.office.acts import ActBlueprint, Outcome
from chalicelib.web.office.edge import DeskRequest, desk_page, family_path, redirect
from chalicelib.web.office.list_decision import serve_list_decision
from chalicelib.web.office.lists import FilteredList, read_selection, selection_value
from chalicelib.web.office.reenrolment import decision_input
from chalicelib.web.office.reenrolments import FILTERS, LIST_PATH, REENROLMENTS, query_of, undo_offer
from chalicelib.web.responses import FormFeedback, Response, feedback_on

routes = ActBlueprint(__name__)

_PATH: Final = f"{LIST_PATH}/decisions"
_FIELDS: Final = ("saison", "decision", "texte", "raison")


@routes.post(_PATH, right="secretary", filters=FILTERS)
def decide_together(request: DeskRequest) -> Response:
    """Show the summary of a decision. Once it is confirmed, decide, and show the outcome."""
    selected_pupils, season = read_selection(request), _season(request)
    listing = REENROLMENTS.find(request)
    if (action := request.choice("action", "", "modifier", "tous", "annuler")) == "modifier":
        return REENROLMENTS.show(request, listing, Outcome())
    if action == "annuler":
        return _undo(request, listing)
    is_for_all = action == "tous"
    try:
        request.check_lengths()
        decision = decision_input(request) if is_for_all else _decision(request, selected_pupils)
        if is_for_all:
            query = replace(query_of(listing, request.staff.member.email), season=season)
            job = start_list_decision(request.services, query, decision, request.now)
            return redirect(request.services, f"{_PATH}/{job.id}")
        outcomes = preview(request.services, season, selected_pupils, decision, request.now)
        if request.field("envoyer"):
            outcomes = decide_selection(request.services, outcomes, decision, request.now)
    except FormRefusal as refusal:
        return REENROLMENTS.show(request, listing, Outcome(feedback_on(refusal, request)))
    except OfficeRefusal as refusal:
        errors = {"texte": [sentence_of(refusal, request.staff.network)]}
        return REENROLMENTS.show(request, listing, Outcome(FormFeedback(422, sentence("fields_refused"), errors)))
    return _summary(request, outcomes, decision, listing)


def _undo(request: DeskRequest, listing: FilteredList) -> Response:
    """Take back the decisions that the page confirmed, within thirty seconds, and show the outcome."""
    undos = UNDOS.open(request.services, request.field("annuler"))
    if not all(request.staff.sees(subject_of(undo)[0].account.site) for undo in undos):
        raise NotThere
    outcomes = undo_selection(request.services, undos, request.staff.member.known_as, request.now)
    return _summary(request, outcomes, None, listing)


def _decision(request: DeskRequest, selected_pupils: tuple[SelectedPupil, ...]) -> EnrolmentDecisionInput:
    if not selected_pupils:
        raise FieldsRefused({"eleves": ("nobody_ticked",)})
    return decision_input(request)


def _season(request: DeskRequest) -> str:
    season = request.field("saison")
    if season not in seasons_kept(request.now):
        raise NotThere
    return season


def _summary(
    request: DeskRequest,
    outcomes: tuple[PupilOutcome, ...],
    decision: EnrolmentDecisionInput | None,
    listing: FilteredList,
) -> Response:
    seal = seal_undo(request.services, (one.entry for one in outcomes if one.entry))
    return desk_page(
        request,
        "selection",
        "reenrolments",
        outcomes=outcomes,
        decision=decision,
        fields={name: request.field(name) for name in _FIELDS if decision or name == "saison"},
        listing=listing,
        is_done=bool(request.field("envoyer")) or decision is None,
        is_final=False,
        undo=undo_offer(request, seal),
        path=_PATH,
        words=enrolments,
        sentence_of=sentence_of,
        path_of=lambda one: family_path(one.choice.family, "reinscriptions"),
        line_of=_line_of,
        tick_of=_tick_of,
    )


def _line_of(outcome: PupilOutcome) -> tuple[str, str]:
    """Write the name of a pupil, and the rest of their line."""
    pupil = outcome.pupil
    if pupil is None:
        return "Un élève d'une famille effacée", ""
    about = f" : {enrolments.list_answers(pupil)}" if outcome.outcome == "waiting" else ""
    if outcome.outcome == "done" and not pupil.family.account.emails:
        about = " : aucune adresse au dossier, prévenez la famille par téléphone"
    return pupil.file.name, f", {pupil.family.account.name}{about}"


def _tick_of(outcome: PupilOutcome) -> str:
    """Write a pupil's tick with the version that the page now shows, on which the next decision is made."""
    mark = PupilVersion.of(outcome.pupil) if outcome.pupil and outcome.outcome == "waiting" else outcome.choice.version
    return selection_value(outcome.choice.family, mark)


serve_list_decision(routes, _PATH, "reenrolments", KIND, enrolments)
