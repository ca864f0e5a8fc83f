"""Files uploaded by a member: each kind waits in its own place until a job surveys it, or another replaces it."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, Literal

from chalicelib.domain.dossiers.uploads import FORM_LIFETIME, MOST_RECEIVED, UploadedFile, UploadForm
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.domain.staff.members import Member
from chalicelib.office.jobs.job_run import JobRun
from chalicelib.office.jobs.jobs import Report, cancel, forget, start
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.settings.wings import WINGS
from chalicelib.values import frozen

FOLDER: Final = "imports/"
FILE: Final = "file"
REPORT: Final = "report"


def folder_of(job: DeskJob) -> str:
    """Make the prefix of all keys of a job."""
    return f"{FOLDER}{job.id}/"


def read_report(services: Services, job: DeskJob) -> Report | None:
    """Read a job's report. None before it is written, or after it is erased."""
    content = services.documents.read(folder_of(job) + REPORT)
    return Report.from_json(content) if content else None


def store_report(services: Services, job: DeskJob, report: Report, name: str = REPORT) -> None:
    """Store a report beside the file."""
    services.documents.put(folder_of(job) + name, report.to_json(), "application/json")


def save_progress(run: JobRun, report: Report, batch: int, count: int, of: int, **more: int) -> None:
    """Save the job's progress: first the report so far, then the cursor. Raises `JobLost`."""
    store_report(run.services, run.job, report, _progress_name(run.job, batch))
    run.save({"batch": batch, **more}, count, of)


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


FileKind = Literal["families", "invoices", "places"]
_LIST: Final = 20 * 1024 * 1024
LARGEST: Final[dict[FileKind, int]] = {"families": _LIST, "invoices": 50 * 1024 * 1024, "places": _LIST}  # bytes
_DROPPED: Final = f"{FOLDER}dropped/"


@frozen
class ImportUpload:
    """The upload of a kind of file: its form, and the file that waits, if any."""

    kind: FileKind
    form: UploadForm
    file: UploadedFile | None


def kinds_of(member: Member) -> tuple[FileKind, ...]:
    """List the kinds of file that a member may have studied: of places and invoices, a manager alone."""
    job_kinds = {"families", *(kind for wing in WINGS for kind in wing.jobs)}
    return tuple(kind for kind in LARGEST if kind in job_kinds) if member.role == "manager" else ("families",)


def import_uploads(services: Services, member: Member, then: str) -> tuple[ImportUpload, ...]:
    """List a member's possible uploads and waiting files. A form then redirects to `then`. Raises `Unavailable`.

    Each kind has one key, so repeated uploads cannot fill the bucket.
    """
    folder = _folder_of(services, member)
    there = services.documents.files(folder)
    return tuple(
        ImportUpload(
            kind,
            services.documents.form(folder + kind, MOST_RECEIVED, FORM_LIFETIME, then),
            _of_kind(there, folder, kind),
        )
        for kind in kinds_of(member)
    )


def study(services: Services, member: Member, kind: FileKind, etag: str, now: datetime) -> DeskJob:
    """Start a job that surveys the file as shown, and remove it from the waiting place. Raises `OfficeRefusal`.

    A manager's job covers all sites, another member's only their own. Two clicks, or two windows, make one job.
    """
    folder = _folder_of(services, member)
    file = _of_kind(services.documents.files(folder), folder, kind)
    if file is None or file.etag != etag:
        raise OfficeRefusal("drop_moved")
    if file.size > LARGEST[kind]:
        raise OfficeRefusal("zip_too_heavy" if kind == "invoices" else "drop_too_large")
    subject: dict[str, Any] = {"etag": etag, "size": file.size}
    if member.role != "manager":
        subject["sites"] = [site.code for site in services.settings.network.sites if site.code in member.sites]
    sites = subject.get("sites", ())
    name = services.record.pseudonyms.of("job of a file", folder, kind, etag, file.at.isoformat(), *sites)
    job = DeskJob.ask(kind, member.known_as, now, subject, name)
    services.documents.copy(file, folder_of(job) + FILE)
    start(services, job)
    with suppress(Unavailable):  # deleted with the folder, in thirty days
        services.documents.delete((file.key,))
    return job


def abandon(services: Services, job: DeskJob, now: datetime) -> None:
    """Give up a job, and delete its file and the data read from it. Raises `OfficeRefusal`."""
    cancel(services, job, now)
    services.documents.delete_under(folder_of(job))


def erase(services: Services, job: DeskJob) -> None:
    """Erase a finished job with its report, which names families. Raises `OfficeRefusal`."""
    if job.is_over:
        services.documents.delete_under(folder_of(job))
    forget(services, job)


def _folder_of(services: Services, member: Member) -> str:
    return f"{_DROPPED}{services.record.pseudonyms.of('member', member.email)}/"


def _of_kind(there: Sequence[UploadedFile], folder: str, kind: FileKind) -> UploadedFile | None:
    return next((file for file in there if file.key == folder + kind), None)
