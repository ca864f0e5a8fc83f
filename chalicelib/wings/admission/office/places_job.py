"""Jobs of the desk on places: import a list, or offer the free ones. Both are surveyed, then carried out as shown.

The report is stored before anything is written: a worker that resumes finishes the work, and keeps that report.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from chalicelib.domain.account.audit import AuditAction
from chalicelib.domain.roster.yearly_file import Column
from chalicelib.office.files.open_file import open_file
from chalicelib.office.jobs.imports import audit_job, shown_report, work_on_file, work_on_plan
from chalicelib.office.jobs.job_run import JobOutcome, JobRun
from chalicelib.office.jobs.jobs import Report
from chalicelib.office.jobs.uploads import report_so_far, save_progress
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.settings.environment import Network
from chalicelib.wings.admission.office.import_places import PlacesSurvey, carry_out, survey_places
from chalicelib.wings.admission.office.offers import PoolChange, advance
from chalicelib.wings.admission.office.place_columns import PLACES
from chalicelib.wings.admission.office.places import PoolOverview, places_overview

Findings = Iterable[tuple[str, str, Sequence[tuple[int | str, ...]]]]  # the kind, site and lines of each
# Describe a survey, with the file's headings, or planned offers.
DescribeSurvey = Callable[[PlacesSurvey, Mapping[Column, str], Network], Findings]
DescribeOffers = Callable[[Sequence[PoolChange], Sequence[PoolOverview], Network], Findings]


def work_on_places(findings_of: DescribeSurvey, run: JobRun) -> JobOutcome | None:
    """Survey a list of places, or import it."""
    return work_on_file(run, partial(_import, findings_of))


def _import(findings_of: DescribeSurvey, run: JobRun, path: Path) -> Report:
    services = run.services
    file = open_file(path, services.settings.network, layout=PLACES)
    survey = survey_places(services, file, run.now)
    pools = [change.pool for change in survey.pools if change.kind in {"new", "changed", "unchanged"}]
    facts = {
        "rows": survey.rows,
        "ignored": file.ignored,
        "places": sum(pool.capacity for pool in pools),
        "is_counted": survey.returning is not None,
        "wrong": len(survey.anomalies),
        "seen": _digest(*((one.kind, one.pool.ref, one.pool.total, one.pool.returning) for one in survey.pools)),
    }
    report = _as_shown(run, findings_of(survey, file.headings, services.settings.network), facts, "places_imported")
    if run.job.state == "applying":
        carry_out(services, survey)
    return report


def work_on_offers(findings_of: DescribeOffers, run: JobRun) -> JobOutcome | None:
    """Plan the offers of free places, or make them. A change since then is refused, before anything is written."""
    return work_on_plan(run, partial(_offer, findings_of))


def _offer(findings_of: DescribeOffers, run: JobRun) -> Report:
    services = run.services
    changes = advance(services, run.now, apply=False)
    codes = [site.code for site in services.settings.network.sites]
    overviews = () if run.job.state == "applying" else places_overview(services, codes, run.now, recounts=True).pools
    facts = {"is_empty": not changes, "seen": _digest(*map(_offer_of, changes))}
    report = _as_shown(run, findings_of(changes, overviews, services.settings.network), facts, "places_offered")
    if run.job.state == "applying":
        advance(services, run.now)
    return report


def _offer_of(change: PoolChange) -> tuple[object, ...]:
    return change.place.ref, change.offers, change.lapses, change.freed


def _as_shown(run: JobRun, findings: Findings, facts: dict[str, Any], kind: AuditAction) -> Report:
    """Make the report. Raises `OfficeRefusal` if it is to be carried out and differs from the confirmed one."""
    if run.job.cursor:
        return report_so_far(run)
    report = Report()
    for finding in findings:
        report.note(*finding)
    report.facts = facts
    if run.job.state == "applying":
        if shown_report(run).facts.get("seen") != facts["seen"]:
            raise OfficeRefusal("plan_moved")
        audit_job(run, kind)
        save_progress(run, report, 1, 0, 1)
    return report


def _digest(*values: object) -> str:
    return hashlib.blake2b(repr(values).encode(), digest_size=16).hexdigest()
