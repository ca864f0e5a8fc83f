"""A file given to the desk: surveyed, then imported once confirmed. Common to all kinds of file.

Data read from it is stored beside it in the bucket, never in the job's item: its folder is deleted with the job.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from chalicelib.domain.account.audit import AuditAction, AuditEntry, Author
from chalicelib.office.enrolment.period import NO_SITE, SEASON_TRAIL
from chalicelib.office.files.open_file import received
from chalicelib.office.jobs.job_run import JobLost, JobOutcome, JobRun
from chalicelib.office.jobs.jobs import Report, find_job
from chalicelib.office.jobs.uploads import FILE, REPORT, folder_of, read_report, store_report
from chalicelib.office.refusals import OfficeRefusal

_FINISHED: Final = "finished"  # in the cursor: the import is complete, and its working files may be deleted

# Goes on from the cursor, for a file with its path. Returns the outcome, or None if time was up.
CarryOn = Callable[[JobRun], Report | None]
CarryOnFile = Callable[[JobRun, Path], Report | None]


def work_on_file(run: JobRun, carry_on: CarryOnFile) -> JobOutcome | None:
    """Continue with a file: to be confirmed once it is surveyed, deleted once it is imported."""

    def carry_on_received(run: JobRun) -> Report | None:
        with received(_content(run)) as path:
            return carry_on(run, path)

    return work_on_plan(run, carry_on_received)


def work_on_plan(run: JobRun, carry_on: CarryOn) -> JobOutcome | None:
    """Continue with a plan: to be confirmed once it is made."""
    try:
        return _work_on_plan(run, carry_on)
    except JobLost:
        job = find_job(run.services, run.job.id)
        if job is None or job.state == "cancelled":  # when the job was given up, all but this last write was deleted
            run.services.documents.delete_under(folder_of(run.job))
        raise


def _work_on_plan(run: JobRun, carry_on: CarryOn) -> JobOutcome | None:
    if _FINISHED in run.job.cursor:
        return _finish(run)
    try:
        report = carry_on(run)
    except OfficeRefusal as refusal:
        report = Report()
        report.facts = {"refused": refusal.code, "about": dict(refusal.facts)}
        store_report(run.services, run.job, report)
        return JobOutcome("failed", {"refused": refusal.code})
    if report is None:
        return None
    store_report(run.services, run.job, report)
    if run.job.state != "applying":
        return JobOutcome("ready", _counts(report))
    run.save({_FINISHED: _counts(report)}, run.job.of, run.job.of)
    return _finish(run)


def _content(run: JobRun) -> bytes:
    content = run.services.documents.read(folder_of(run.job) + FILE, run.job.subject["etag"])
    if content is None:
        raise OfficeRefusal("import_file_gone")
    return content


def _finish(run: JobRun) -> JobOutcome:
    """Delete the file and the working files. The report stays with the job."""
    documents, folder = run.services.documents, folder_of(run.job)
    documents.delete(tuple(key for key in documents.keys(folder) if key != folder + REPORT))
    return JobOutcome("done", run.job.cursor[_FINISHED])


def _counts(report: Report) -> dict[str, int]:
    return {kind: count for kind, count in report.kinds.items() if count}


def shown_report(run: JobRun) -> Report:
    """Read the report of the confirmed survey. Raises `OfficeRefusal` if it is gone."""
    report = read_report(run.services, run.job)
    if report is None:
        raise OfficeRefusal("import_accounts_moved")
    return report


def audit_job(run: JobRun, kind: AuditAction) -> None:
    """Audit the work of a confirmed job under its member, before anything is written."""
    if run.job.state == "applying":
        author = Author(run.job.confirmed_by, run.job.id)
        run.services.audit_trail.add(AuditEntry(kind, NO_SITE, SEASON_TRAIL, author, run.now))
