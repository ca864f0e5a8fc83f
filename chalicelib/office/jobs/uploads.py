"""Files that a manager drops: each kind waits in a place of its own until a job studies it, or another replaces it."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, Literal, get_args

from chalicelib.domain.enrolment.uploads import FORM_LIFETIME, MOST_RECEIVED, UploadedFile, UploadForm
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.domain.staff.members import Member
from chalicelib.office.jobs.jobs import Report, cancel, forget, start
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.family import Services
from chalicelib.values import frozen

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


FileKind = Literal["families"]
KINDS: Final[tuple[FileKind, ...]] = get_args(FileKind)
LARGEST: Final = 20 * 1024 * 1024  # bytes
_DROPPED: Final = f"{FOLDER}dropped/"


@frozen
class ImportUpload:
    """Where a file of a kind is dropped: the form that sends it, and what stands there, if anything."""

    kind: FileKind
    form: UploadForm
    file: UploadedFile | None


def import_uploads(services: Services, member: Member, then: str) -> tuple[ImportUpload, ...]:
    """List what a member may drop, and has dropped; a form leads to an address then. Raises `Unavailable`.

    Each kind has one key: nobody fills the bucket by sending again.
    """
    folder = _folder_of(services, member)
    there = services.documents.files(folder)
    return tuple(
        ImportUpload(
            kind,
            services.documents.form(folder + kind, MOST_RECEIVED, FORM_LIFETIME, then),
            _of_kind(there, folder, kind),
        )
        for kind in KINDS
    )


def study(services: Services, member: Member, kind: FileKind, etag: str, now: datetime) -> DeskJob:
    """Have a job survey the very file that was seen there; it waits there no more. Raises `OfficeRefusal`.

    A manager's is for all sites, another member's for its own only. Two clicks, or two windows, make one job of it.
    """
    folder = _folder_of(services, member)
    file = _of_kind(services.documents.files(folder), folder, kind)
    if file is None or file.etag != etag:
        raise OfficeRefusal("drop_moved")
    if file.size > LARGEST:
        raise OfficeRefusal("drop_too_large")
    subject: dict[str, Any] = {"etag": etag, "size": file.size}
    if member.role != "manager":
        subject["sites"] = [site.code for site in services.settings.network.sites if site.code in member.sites]
    sites = subject.get("sites", ())
    name = services.record.pseudonyms.of("job of a file", folder, kind, etag, file.at.isoformat(), *sites)
    job = DeskJob.ask(kind, member.known_as, now, subject, name)
    services.documents.copy(file, folder_of(job) + FILE)
    start(services, job)
    with suppress(Unavailable):  # it goes with the folder, in thirty days
        services.documents.delete((file.key,))
    return job


def abandon(services: Services, job: DeskJob, now: datetime) -> None:
    """Give a job up, and erase its file and all that was read in it. Raises `OfficeRefusal`."""
    cancel(services, job, now)
    services.documents.delete_under(folder_of(job))


def erase(services: Services, job: DeskJob) -> None:
    """Erase a job that is over, and its report, which names families. Raises `OfficeRefusal`."""
    if job.is_over:
        services.documents.delete_under(folder_of(job))
    forget(services, job)


def _folder_of(services: Services, member: Member) -> str:
    return f"{_DROPPED}{services.record.pseudonyms.of('member', member.email)}/"


def _of_kind(there: Sequence[UploadedFile], folder: str, kind: FileKind) -> UploadedFile | None:
    return next((file for file in there if file.key == folder + kind), None)
