"""POST /extranet/bureau/reinscriptions/decisions: decide on the pupils ticked on the list, after a summary.

Below it, the job of a decision on all the pupils of the list's filters: its summary, and its report.
"""

from dataclasses import replace
from typing import Any, Final

from chalicelib.domain.enrolment.periods import seasons_kept
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.enrolment.decide import (
    EnrolmentDecisionInput,
    PupilOutcome,
    PupilVersion,
    SelectedPupil,
    decide_selection,
    preview,
)
from chalicelib.office.enrolment.undo import UNDOS, seal_undo, subject_of, undo_selection
from chalicelib.office.jobs.jobs import cancel, confirm, find_job, wake
from chalicelib.office.jobs.list_decision import KIND, start_list_decision
from chalicelib.office.jobs.uploads import read_report
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office import enrolments
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.presentation.texts import sentence
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DeskRequest, desk_page, family_path, redirect
from chalicelib.web.office.file_job import refresh_header
from chalicelib.web.office.files import may_read, site_names
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


_JOB: Final = f"{_PATH}/{{travail}}"


def _job(request: DeskRequest) -> DeskJob:
    job = find_job(request.services, request.parts["travail"])
    if job is None or job.kind != KIND or not may_read(request.staff, job):
        raise NotThere
    return job


def _job_facts(request: DeskRequest, job: DeskJob, outcome: Outcome) -> dict[str, Any]:
    refusal = OfficeRefusal(job.result["refused"], **job.result["facts"]) if "refused" in job.result else None
    return {
        "job": job,
        "report": None if job.state in {"waiting", "running"} else read_report(request.services, job),
        "feedback": replace(outcome.feedback, headers={**outcome.feedback.headers, **refresh_header(request, job)}),
        "follows": bool(refresh_header(request, job)),
        "is_still": job.is_still(request.now),
        "refused": sentence_of(refusal, request.staff.network) if refusal else "",
        "path": f"{_PATH}/{job.id}",
        "site_names": site_names(request, job),
        "words": enrolments,
    }


DECISION_JOB: Final = ActPage(
    "list_decision",
    "reenrolments",
    _job_facts,
    _job,
    back=lambda request: f"{_PATH}/{request.parts['travail']}",
    sentences={
        "confirme": "C'est confirmé : les décisions s'écrivent, un mail part vers chaque famille. Vous pouvez quitter "
        "cette page, le travail continue.",
        "repris": "Le travail va reprendre là où il en était.",
        "abandon": "Ce travail est abandonné : rien d'autre ne sera décidé.",
    },
)
routes.page(_JOB, "secretary", DECISION_JOB)


@routes.act(f"{_JOB}/confirmation", "secretary", DECISION_JOB, is_proven_again=True)
def confirm_for_all(request: DeskRequest, job: DeskJob) -> str:
    """Decide on the pupils of the summary."""
    confirm(request.services, job, request.staff.member.known_as, {}, request.now)
    return "confirme"


@routes.act(f"{_JOB}/reprise", "secretary", DECISION_JOB)
def resume(request: DeskRequest, job: DeskJob) -> str:
    """Wake a job that has stalled."""
    wake(request.services, job)
    return "repris"


@routes.act(f"{_JOB}/abandon", "secretary", DECISION_JOB)
def drop(request: DeskRequest, job: DeskJob) -> str:
    """Give the job up. The decisions made so far stay, and the report with them."""
    cancel(request.services, job, request.now)
    return "abandon"
