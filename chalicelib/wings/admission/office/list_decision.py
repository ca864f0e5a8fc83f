"""A decision on all the candidates of a list's filters, as a job: each for its wish, the refused left out by name."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Final

from chalicelib.domain.dossiers.decisions import Decision
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.infra.batches import batches
from chalicelib.office.dossiers.worklist import AT_ONCE
from chalicelib.office.jobs.list_decision import DecidedList, Request, Row, start_list
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.wings.admission.office.applications import ApplicationQuery, matching_candidates, season_asked
from chalicelib.wings.admission.office.decide import AdmissionDecisionInput, CandidateVersion, check
from chalicelib.wings.admission.office.selection import CandidateOutcome, SelectedCandidate, decide_selection, preview

KIND: Final = "request_list"


def start_request_list(
    services: Services,
    query: ApplicationQuery,
    sites: Sequence[str],
    decision_input: AdmissionDecisionInput,
    now: datetime,
) -> DeskJob:
    """Start a job that sums up a decision on the candidates of a query at some sites. Raises `OfficeRefusal`."""
    decision_input = check(decision_input, now)
    query = replace(query, season=season_asked(services, query, now))
    return start_list(services, KIND, sites, {"query": asdict(query), "decision": asdict(decision_input)}, now)


def _decision(request: Request) -> AdmissionDecisionInput:
    facts = request["decision"]
    return AdmissionDecisionInput(**{**facts, "until": facts["until"] and date.fromisoformat(facts["until"])})


def _foresee(
    services: Services, job: DeskJob, request: Request, now: datetime
) -> Iterator[tuple[Row, CandidateOutcome]]:
    sites, decision_input = job.subject["sites"], _decision(request)
    pairs = (
        (pupil.application, pupil.candidate.key)
        for pupil in matching_candidates(services, ApplicationQuery(**request["query"]), sites, now)
    )
    choices = [SelectedCandidate(one.number, CandidateVersion.of(one, key)) for one, key in pairs]
    for batch in batches(choices, AT_ONCE):
        for outcome in preview(services, batch, decision_input, sites, now)[0]:
            number, version = outcome.choice.number, outcome.choice.version
            yield [number, version.key, version.text, outcome.pupil.rank if outcome.pupil else ""], outcome


def _decide_on(
    services: Services, job: DeskJob, request: Request, rows: Sequence[Row], now: datetime
) -> tuple[CandidateOutcome, ...]:
    decision_input = replace(_decision(request), who=job.confirmed_by)
    choices = [SelectedCandidate(number, CandidateVersion.parse(key, text), rank) for number, key, text, rank in rows]
    foreseen = preview(services, choices, decision_input, job.subject["sites"], now)
    return decide_selection(services, foreseen, decision_input, now)


def _about(outcome: CandidateOutcome) -> tuple[tuple[str, str], Decision | None]:
    row = outcome.pupil
    if row is None or row.application.sent is None:
        return ("", ""), None
    name, guardian = row.candidate.name, row.application.sent.answers.guardian
    return (name, guardian), row.application.standing(row.candidate.key).decision


REQUESTED: Final = DecidedList(KIND, _foresee, _decide_on, _about)
