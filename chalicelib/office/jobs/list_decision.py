"""A decision on all the pupils of a list's filters, as a job: a summary, then, once confirmed, the decisions.

It decides only on pupils that are as the summary counted them. The request, the versions and the names are stored in
the bucket, never in the job's item.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.infra.batches import batches
from chalicelib.office.dossiers.decisions import check_input
from chalicelib.office.dossiers.worklist import AT_ONCE
from chalicelib.office.enrolment.decide import (
    EnrolmentDecisionInput,
    PupilOutcome,
    PupilVersion,
    SelectedPupil,
    decide_selection,
    preview,
    preview_selected,
)
from chalicelib.office.enrolment.reenrolments import PupilQuery, pupils
from chalicelib.office.jobs.job_run import JobOutcome, JobRun
from chalicelib.office.jobs.jobs import Report, start
from chalicelib.office.jobs.uploads import folder_of, read_report, report_so_far, save_progress, store_report
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.settings.environment import Network

KIND: Final = "list_decision"
_REQUEST: Final = "request"
_SAVED_EVERY: Final = 200  # pupils, during the summary

TextOf = Callable[[OfficeRefusal, Network], str]


def start_list_decision(
    services: Services, query: PupilQuery, decision_input: EnrolmentDecisionInput, now: datetime
) -> DeskJob:
    """Start a job that sums up a decision on the pupils of a query. Raises `OfficeRefusal`."""
    decision_input = check_input(decision_input)
    subject = {"sites": [query.site], "season": query.season, "verdict": decision_input.verdict}
    job = DeskJob.ask(KIND, decision_input.who, now, subject)
    request = {
        "query": {name: value for name, value in asdict(query).items() if value},
        "decision": asdict(decision_input),
    }
    content = json.dumps(request, ensure_ascii=False).encode()
    services.documents.put(folder_of(job) + _REQUEST, content, "application/json")
    return start(services, job)


def work_on_list(run: JobRun, text_of: TextOf) -> JobOutcome | None:
    """Sum the decision up, or make it. Raises `Unavailable`."""
    return (_decide if run.job.state == "applying" else _sum_up)(run, text_of)


def _read(run: JobRun) -> tuple[PupilQuery, EnrolmentDecisionInput]:
    content = run.services.documents.read(folder_of(run.job) + _REQUEST)
    if content is None:
        raise OfficeRefusal("import_file_gone")
    request = json.loads(content)
    return PupilQuery(**request["query"]), EnrolmentDecisionInput(**request["decision"])


def _sum_up(run: JobRun, text_of: TextOf) -> JobOutcome:
    """Preview the decision on each pupil. It writes nothing, so another turn begins again."""
    (query, decision_input), report, selection = _read(run), Report(), list[list[str]]()
    for number, pupil in enumerate(pupils(run.services, query, run.now), 1):
        choice = SelectedPupil(pupil.family.account.ref, PupilVersion.of(pupil))
        outcome = preview_selected({choice.family: pupil.family}, choice, decision_input, run.now)
        _note(run, report, outcome, text_of)
        if outcome.outcome == "waiting":
            selection.append([choice.family.identifier, choice.version.key, choice.version.text])
        if number % _SAVED_EVERY == 0:
            run.save({}, number, 0)
    report.facts = {"words": decision_input.words, "selection": selection}
    store_report(run.services, run.job, report)
    return JobOutcome("ready", dict(report.kinds))


def _decide(run: JobRun, text_of: TextOf) -> JobOutcome | None:
    """Decide on the pupils of the summary, fifty at a time. A batch that the last turn began may be decided already."""
    summary = read_report(run.services, run.job)
    if summary is None:
        raise OfficeRefusal("import_file_gone")
    _, decision_input = _read(run)
    decision_input = replace(decision_input, who=run.job.confirmed_by)
    report, (site,) = report_so_far(run), run.job.subject["sites"]
    report.facts = {"words": decision_input.words}
    selection = summary.facts.get("selection", ())  # of a finished report, left when its last write failed
    for number, batch in enumerate(batches(selection, AT_ONCE), 1):
        if number <= run.job.cursor.get("batch", 0):
            continue
        if number > 1 and not run.has_time():
            return None
        choices = [SelectedPupil(AccountRef(site, one), PupilVersion.parse(key, text)) for one, key, text in batch]
        now = run.clock()
        foreseen = preview(run.services, run.job.subject["season"], choices, decision_input, now)
        outcomes = decide_selection(run.services, foreseen, decision_input, now)
        if any(outcome.outcome in {"unsure", "left"} for outcome in outcomes):
            raise Unavailable("a decision may or may not be written")
        for outcome in outcomes:
            _note(run, report, outcome, text_of)
        save_progress(run, report, number, min(number * AT_ONCE, len(selection)), len(selection))
    store_report(run.services, run.job, report)
    return JobOutcome("done", dict(report.kinds))


def _note(run: JobRun, report: Report, outcome: PupilOutcome, text_of: TextOf) -> None:
    """Count an outcome, or the code of a refusal. A decision by the member who confirmed was made by this job."""
    pupil, refusal = outcome.pupil, outcome.refusal
    kind = refusal.code if refusal else outcome.outcome
    decision = pupil.file.sent.decision if pupil and pupil.file.sent else None
    if run.job.confirmed_by and kind == "already" and decision and decision.by == run.job.confirmed_by:
        kind = "done"
    names = (pupil.file.name, pupil.family.account.name) if pupil else ("", "")
    lines = [(*names, text_of(refusal, run.services.settings.network))] if refusal else ()
    report.note(kind, "", lines)
