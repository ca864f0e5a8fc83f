"""The report of a job of the desk, stored in the bucket: of each step, and at its end."""

from typing import Any

from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.jobs.job_run import JobRun
from chalicelib.office.jobs.jobs import Report
from chalicelib.office.jobs.uploads import REPORT, folder_of
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services


def store_report(services: Services, job: DeskJob, report: Report, name: str = REPORT) -> None:
    """Store a report beside the file."""
    services.documents.put(folder_of(job) + name, report.to_json(), "application/json")


def save_progress(run: JobRun, report: Report, batch: int, done: int, of: int, **more: int) -> None:
    """Save the job's progress: first the report so far, then the cursor. Raises `JobLost`."""
    store_report(run.services, run.job, report, _progress_name(run.job, batch))
    run.save({"batch": batch, **more}, done, of)


def report_so_far(run: JobRun) -> Report:
    """Read the report at the cursor. Empty at the beginning."""
    batch: Any = run.job.cursor.get("batch")
    if batch is None:
        return Report()
    content = run.services.documents.read(folder_of(run.job) + _progress_name(run.job, batch))
    if content is None:
        raise OfficeRefusal("import_file_gone")
    return Report.from_json(content)


def _progress_name(job: DeskJob, batch: int) -> str:
    return f"{job.state}-{batch}"
