"""POST /extranet/bureau/reinscriptions/decisions: what is ticked on the list, summed up, then decided of."""

from typing import Final

from chalice.app import Response

from chalicelib.domain.enrolment.periods import seasons_kept
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.office.enrolment import labels
from chalicelib.office.enrolment.decide import DecisionRequest
from chalicelib.office.enrolment.decide_selection import TickedOutcome, TickedPupil, decide_ticked, preview
from chalicelib.office.enrolment.show import PupilAsShown
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.texts import sentence
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import DeskBlueprint, StaffRequest, desk_page, family_path
from chalicelib.web.office.reenrolment import decision_request
from chalicelib.web.office.reenrolments import FILTERS, LIST_PATH, filters_of, list_page
from chalicelib.web.office.selection import tick_of, ticked
from chalicelib.web.office.sentences import sentence_of
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = DeskBlueprint(__name__)

_PATH: Final = f"{LIST_PATH}/decisions"


@routes.post(_PATH, right="secretary", filters=FILTERS)
def decide_together(request: StaffRequest) -> Response:
    """Show what would be decided; once that is confirmed, decide, and show what was."""
    found, season = ticked(request), _season(request)
    if request.field("action") == "modifier":
        return _list_again(request)
    try:
        request.check_lengths()
        decision = _decision(request, found)
        if not request.field("envoyer"):
            return _summary(request, preview(request.services, season, found, decision, request.now), decision)
        return _summary(request, decide_ticked(request.services, season, found, decision, request.now), decision)
    except FormRefusal as refusal:
        return _list_again(request, feedback_on(refusal, request))
    except OfficeRefusal as refusal:
        told = {"texte": [sentence_of(refusal)]}
        return _list_again(request, FormFeedback(422, sentence("fields_refused"), told))


def _decision(request: StaffRequest, found: tuple[TickedPupil, ...]) -> DecisionRequest:
    if not found:
        raise FieldsRefused({"eleves": ("nobody_ticked",)})
    return decision_request(request)


def _season(request: StaffRequest) -> str:
    season = request.field("saison")
    if season not in seasons_kept(request.now):
        raise NotThere
    return season


def _list_again(request: StaffRequest, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    return list_page(request, filters_of(request, request.field), request.field("page"), feedback)


def _summary(request: StaffRequest, outcomes: tuple[TickedOutcome, ...], decision: DecisionRequest) -> Response:
    return desk_page(
        request,
        "reenrolment_decisions",
        "reenrolments",
        outcomes=outcomes,
        decision=decision,
        season=request.field("saison"),
        filters=filters_of(request, request.field),
        cursor=request.field("page"),
        is_done=bool(request.field("envoyer")),
        path=_PATH,
        words=labels,
        sentence_of=sentence_of,
        path_of=lambda one: family_path(one.ticked.family, "reinscriptions"),
        tick_of=_tick_of,
    )


def _tick_of(one: TickedOutcome) -> str:
    """Carry on what the page shows of a pupil now: that is what is decided on next."""
    shown = PupilAsShown.of(one.pupil) if one.pupil and one.outcome == "waiting" else one.ticked.shown
    return tick_of(one.ticked.family, shown)
