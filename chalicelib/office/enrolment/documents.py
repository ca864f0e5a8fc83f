"""A family's re-enrolment documents in the bucket, for the office to read."""

from collections.abc import Iterable
from dataclasses import field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from chalicelib.domain.account.audit import Author
from chalicelib.domain.dossiers.documents import ProvidedDocument, Slot
from chalicelib.domain.dossiers.uploads import (
    DocumentStatus,
    Kind,
    UploadedFile,
    document_statuses,
    family_folder,
    files_of,
    kind_of,
    slot_of,
)
from chalicelib.domain.enrolment.enrolments import Enrolment, Receipt
from chalicelib.domain.enrolment.paperwork import required_documents
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.office.account import audit, check_author, pseudonym
from chalicelib.office.enrolment.files import FileLine, ProvidedFiles, file_lines
from chalicelib.office.enrolment.reenrolments import EnrolledFamily
from chalicelib.services.family import Services
from chalicelib.values import frozen

LINK_LIFETIME: Final = timedelta(minutes=5)
# The content type that the bucket serves: by the file's content, never by the browser's header.
_TYPES: Final[dict[Kind, tuple[str, str]]] = {
    "pdf": ("application/pdf", ".pdf"),
    "jpeg": ("image/jpeg", ".jpg"),
    "png": ("image/png", ".png"),
}


@frozen
class LinkedFile:
    """A file of a line, with its kind and link if it may be opened."""

    line: FileLine = field(repr=False)
    kind: Kind | None = None
    link: str = field(default="", repr=False)

    @property
    def is_image(self) -> bool:
        """Whether a page shows it inline. A PDF is opened instead."""
        return self.kind in {"jpeg", "png"}


def linked_files(services: Services, documents: ProvidedFiles) -> tuple[LinkedFile, ...]:
    """Sign a link to each file that may be opened. A file of no accepted kind has none."""
    return tuple(_linked(services, line) for line in file_lines(documents))


def origins_of(files: Iterable[LinkedFile]) -> tuple[str, ...]:
    """List the origins of a page's images: the bucket's, or none."""
    addresses = (urlsplit(file.link) for file in files if file.is_image)
    return tuple(dict.fromkeys(f"{address.scheme}://{address.netloc}" for address in addresses))


def _linked(services: Services, line: FileLine) -> LinkedFile:
    kind = _kind(services, line, line.file) if line.file else None
    if line.file is None or kind is None:
        return LinkedFile(line)
    content_type, ending = _TYPES[kind]
    name = f"{line.code}{ending}"  # addresses do not name the owner
    link = services.documents.link(line.file.key, LINK_LIFETIME, name, content_type, "inline")
    return LinkedFile(line, kind, link)


def _kind(services: Services, line: FileLine, file: UploadedFile) -> Kind | None:
    """Recognise a file. The newest of its document was already checked."""
    if line.status and line.status.newest == file:
        return line.status.kind
    return kind_of(services.documents.read_signature(file), file.size)


@frozen
class FamilyDocuments:
    """Each required document with its status. Of those no longer required, the file on record, else the newest."""

    family: EnrolledFamily
    statuses: tuple[DocumentStatus, ...]
    others: tuple[UploadedFile, ...]

    def last_sent(self, slot: Slot) -> tuple[Receipt, ProvidedDocument] | None:
        """Find the last receipt that included a file of a document, and its entry for that file."""
        receipts = reversed(self.family.enrolment.receipts)
        sent = ((receipt, document) for receipt in receipts for document in receipt.provided if document.object_key)
        return next(
            ((receipt, document) for receipt, document in sent if (document.code, document.owner) == slot), None
        )

    def name_of(self, owner: str) -> str:
        """Name the owner of a document. Empty for the household."""
        pupil = self.family.enrolment.pupil(owner)
        return pupil.name if pupil else ""


def documents_of(services: Services, family: EnrolledFamily, author: Author, now: datetime) -> FamilyDocuments:
    """List the documents of a family. The consultation is audited before: they may be about health.

    Raises `OfficeRefusal`.
    """
    account, enrolment = family.account, family.enrolment
    audit(services, account.ref, "documents_read", check_author(author), now)
    today = now.astimezone(PARIS).date()
    wanted = required_documents(
        services.settings.network.enrolment.document_rules, account.household.pupils_by_key, enrolment, today
    )
    folder = family_folder(enrolment.ref.season, account.ref.site, pseudonym(services, account.ref))
    stored = services.documents.files(folder)
    others = sorted({slot_of(file.key) for file in stored} - {document.slot for document in wanted})
    return FamilyDocuments(
        family,
        document_statuses(wanted, enrolment, stored, services.documents.read_signature),
        tuple(_noted_or_newest(enrolment, stored, slot) for slot in others),
    )


def _noted_or_newest(enrolment: Enrolment, stored: tuple[UploadedFile, ...], slot: Slot) -> UploadedFile:
    own, noted = files_of(stored, slot), enrolment.document(*slot)
    return next((file for file in own if noted and file.key == noted.object_key), own[-1])
