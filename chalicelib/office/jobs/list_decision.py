"""A decision on all the rows of a list's filters, as a job: a summary, then, once confirmed, the decisions.

It decides only on those that are as the summary counted them. The request, the versions and the names are stored in
the bucket, never in the job's item.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.dossiers.decisions import Decision
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.infra.batches import batches
from chalicelib.office.dossiers.decisions import check_input
from chalicelib.office.dossiers.selection import SelectionOutcome
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
from chalicelib.services.office import OfficeServices
from chalicelib.services.staff import StaffServices as Services
from chalicelib.settings.environment import Network
from chalicelib.values import frozen

KIND: Final = "list_decision"
_REQUEST: Final = "request"
_SAVED_EVERY: Final = 200  # rows, during the summary

TextOf = Callable[[OfficeRefusal, Network], str]
Request = Mapping[str, Mapping[str, Any]]  # the fields of the query and of the decision
AnyOutcome = SelectionOutcome[Any, Any, Any]
Row = Sequence[str]  # names a pupil or candidate, and the version that the summary read


@frozen
class DecidedList:
    """A kind of list that is decided on: its pupils or candidates with the outcome of each, and the decisions on some.

    `about`: the names of an outcome's pupil and family, and the decision now stored.
    """

    kind: str
    foresee: Callable[[OfficeServices, DeskJob, Request, datetime], Iterable[tuple[Row, AnyOutcome]]]
    decide: Callable[[OfficeServices, DeskJob, Request, Sequence[Row], datetime], Sequence[AnyOutcome]]
    about: Callable[[Any], tuple[tuple[str, str], Decision | None]]


def start_list(services: Services, kind: str, sites: Sequence[str], request: Request, now: datetime) -> DeskJob:
    """Start a job that sums up a decision on the rows of a query."""
    query, decision_input = request["query"], request["decision"]
    subject = {"sites": sites, "season": query["season"], "verdict": decision_input["verdict"]}
    job = DeskJob.ask(kind, decision_input["who"], now, subject)
    content = json.dumps(request, ensure_ascii=False, default=str).encode()
    services.documents.put(folder_of(job) + _REQUEST, content, "application/json")
    return start(services, job)


def start_list_decision(
    services: Services, query: PupilQuery, decision_input: EnrolmentDecisionInput, now: datetime
) -> DeskJob:
    """Start a job that sums up a decision on the pupils of a query. Raises `OfficeRefusal`."""
    request = {"query": asdict(query), "decision": asdict(check_input(decision_input))}
    return start_list(services, KIND, [query.site or ""], request, now)


def _foresee(
    services: OfficeServices, _job: DeskJob, request: Request, now: datetime
) -> Iterator[tuple[Row, PupilOutcome]]:
    decision_input = EnrolmentDecisionInput(**request["decision"])
    for pupil in pupils(services, PupilQuery(**request["query"]), now):
        choice = SelectedPupil(pupil.family.account.ref, PupilVersion.of(pupil))
        outcome = preview_selected({choice.family: pupil.family}, choice, decision_input, now)
        yield [choice.family.identifier, choice.version.key, choice.version.text], outcome


def _decide_on(
    services: OfficeServices, job: DeskJob, request: Request, rows: Sequence[Row], now: datetime
) -> tuple[PupilOutcome, ...]:
    (site,) = job.subject["sites"]
    decision_input = replace(EnrolmentDecisionInput(**request["decision"]), who=job.confirmed_by)
    choices = [SelectedPupil(AccountRef(site, one), PupilVersion.parse(key, text)) for one, key, text in rows]
    foreseen = preview(services, job.subject["season"], choices, decision_input, now)
    return decide_selection(services, foreseen, decision_input, now)


def _about(outcome: PupilOutcome) -> tuple[tuple[str, str], Decision | None]:
    pupil = outcome.pupil
    names = (pupil.file.name, pupil.family.account.name) if pupil else ("", "")
    return names, pupil.file.sent.decision if pupil and pupil.file.sent else None


REENROLLED: Final = DecidedList(KIND, _foresee, _decide_on, _about)


def work_on_list(of_list: DecidedList, run: JobRun, text_of: TextOf) -> JobOutcome | None:
    """Sum the decision up, or make it. Raises `Unavailable`."""
    return (_decide if run.job.state == "applying" else _sum_up)(of_list, run, text_of)


def _read(run: JobRun) -> Request:
    content = run.services.documents.read(folder_of(run.job) + _REQUEST)
    if content is None:
        raise OfficeRefusal("import_file_gone")
    request: Request = json.loads(content)
    return request


def _sum_up(of_list: DecidedList, run: JobRun, text_of: TextOf) -> JobOutcome:
    """Preview the decision on each row. It writes nothing, so another turn begins again."""
    request, report, selection = _read(run), Report(), list[Row]()
    for number, (row, outcome) in enumerate(of_list.foresee(run.services, run.job, request, run.now), 1):
        _note(of_list, run, report, outcome, text_of)
        if outcome.outcome == "waiting":
            selection.append(row)
        if number % _SAVED_EVERY == 0:
            run.save({}, number, 0)
    report.facts = {"words": request["decision"]["words"], "selection": selection}
    store_report(run.services, run.job, report)
    return JobOutcome("ready", dict(report.kinds))


def _decide(of_list: DecidedList, run: JobRun, text_of: TextOf) -> JobOutcome | None:
    """Decide on the rows of the summary, fifty at a time. A batch that the last turn began may be decided already."""
    summary = read_report(run.services, run.job)
    if summary is None:
        raise OfficeRefusal("import_file_gone")
    request, report = _read(run), report_so_far(run)
    report.facts = {"words": request["decision"]["words"]}
    selection = summary.facts.get("selection", ())  # of a finished report, left when its last write failed
    for number, batch in enumerate(batches(selection, AT_ONCE), 1):
        if number <= run.job.cursor.get("batch", 0):
            continue
        if number > 1 and not run.has_time():
            return None
        outcomes = of_list.decide(run.services, run.job, request, batch, run.clock())
        if any(outcome.outcome in {"unsure", "left"} for outcome in outcomes):
            raise Unavailable("a decision may or may not be written")
        for outcome in outcomes:
            _note(of_list, run, report, outcome, text_of)
        save_progress(run, report, number, min(number * AT_ONCE, len(selection)), len(selection))
    store_report(run.services, run.job, report)
    return JobOutcome("done", dict(report.kinds))


def _note(of_list: DecidedList, run: JobRun, report: Report, outcome: AnyOutcome, text_of: TextOf) -> None:
    """Count an outcome, or the code of a refusal. A decision by the member who confirmed was made by this job."""
    (names, decision), refusal = of_list.about(outcome), outcome.refusal
    kind = refusal.code if refusal else outcome.outcome
    if run.job.confirmed_by and kind == "already" and decision and decision.by == run.job.confirmed_by:
        kind = "done"
    lines = [(*names, text_of(refusal, run.services.settings.network))] if refusal else ()
    report.note(kind, "", lines)
