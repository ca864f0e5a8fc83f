"""A file given to the desk: first surveyed, then carried out once somebody has confirmed; what all kinds do alike.

What is read in it is kept beside it in the bucket, never in the job's own record: its folder goes with the job.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.files.open_file import received
from chalicelib.office.jobs.job_run import Ending, JobLost, Turn
from chalicelib.office.jobs.jobs import Report, find_job
from chalicelib.office.jobs.uploads import FILE, REPORT, folder_of
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.family import Services

_FINISHED: Final = "finished"  # in the cursor: all is done, and what was needed for it may go

# Reads the file, goes on where the cursor says, gives what it found or did; None where its time was up.
CarryOn = Callable[[Turn, Path], Report | None]


def work_on_file(turn: Turn, carry_on: CarryOn) -> Ending | None:
    """Go on with a file: it is ready to be confirmed once it is surveyed, and gone once it is carried out."""
    try:
        return _work_on_file(turn, carry_on)
    except JobLost:
        job = find_job(turn.services, turn.job.id)
        if job is None or job.state == "cancelled":  # whoever gave it up has erased all but what was written just now
            turn.services.documents.delete_under(folder_of(turn.job))
        raise


def _work_on_file(turn: Turn, carry_on: CarryOn) -> Ending | None:
    if _FINISHED in turn.job.cursor:
        return _finish(turn)
    try:
        with received(_content(turn)) as path:
            report = carry_on(turn, path)
    except OfficeRefusal as refusal:
        report = Report()
        report.facts = {"refused": refusal.code, "about": dict(refusal.facts)}
        store_report(turn.services, turn.job, report)
        return Ending("failed", {"refused": refusal.code})
    if report is None:
        return None
    store_report(turn.services, turn.job, report)
    if turn.job.state != "applying":
        return Ending("ready", _counts(report))
    turn.save({_FINISHED: _counts(report)}, turn.job.of, turn.job.of)
    return _finish(turn)


def _content(turn: Turn) -> bytes:
    content = turn.services.documents.read(folder_of(turn.job) + FILE, turn.job.subject["etag"])
    if content is None:
        raise OfficeRefusal("import_file_gone")
    return content


def _finish(turn: Turn) -> Ending:
    """Erase the file, and what was kept to go on; the report stays with the job."""
    documents, folder = turn.services.documents, folder_of(turn.job)
    documents.delete(tuple(key for key in documents.keys(folder) if key != folder + REPORT))
    return Ending("done", turn.job.cursor[_FINISHED])


def _counts(report: Report) -> dict[str, int]:
    return {kind: count for kind, count in report.kinds.items() if count}


def store_report(services: Services, job: DeskJob, report: Report, name: str = REPORT) -> None:
    """Keep a report beside the file."""
    services.documents.put(folder_of(job) + name, report.to_json(), "application/json")


def save_progress(turn: Turn, report: Report, batch: int, done: int, of: int, **more: int) -> None:
    """Write how far the job is: first the report up to there, then that it is there. Raises `JobLost`."""
    store_report(turn.services, turn.job, report, _progress_name(turn.job, batch))
    turn.save({"batch": batch, **more}, done, of)


def report_so_far(turn: Turn) -> Report:
    """Read the report that goes with the cursor; an empty one at the beginning."""
    batch: Any = turn.job.cursor.get("batch")
    if batch is None:
        return Report()
    content = turn.services.documents.read(folder_of(turn.job) + _progress_name(turn.job, batch))
    if content is None:
        raise OfficeRefusal("import_file_gone")
    return Report.from_json(content)


def _progress_name(job: DeskJob, batch: int) -> str:
    return f"{job.state}-{batch}"
