"""Where a job of a file keeps it and its report in the bucket, and what its page reads of it."""

from typing import Final

from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.jobs.report import Report
from chalicelib.services.family import Services

FOLDER: Final = "imports/"
FILE: Final = "file"
REPORT: Final = "report"


def folder_of(job: DeskJob) -> str:
    """Begin the keys of all that a job keeps."""
    return f"{FOLDER}{job.id}/"


def read_report(services: Services, job: DeskJob) -> Report | None:
    """Read what a job found or did; None before it has, or where it was erased."""
    content = services.documents.read(folder_of(job) + REPORT)
    return Report.from_json(content) if content else None
