"""The files of a dossier's documents for the office: the recorded one, the sent one, and any newer one, by links."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Protocol
from urllib.parse import urlsplit

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import AuditAction, Author
from chalicelib.domain.dossiers.documents import (
    DocumentCheck,
    Finding,
    HasDocuments,
    ProvidedDocument,
    RequiredDocument,
    SavedBy,
    Slot,
)
from chalicelib.domain.dossiers.uploads import DocumentStatus, Kind, UploadedFile, document_statuses, kind_of, slot_of
from chalicelib.domain.family.corrections import OFFICE
from chalicelib.office.account import audit, check_author
from chalicelib.office.dossiers.decisions import digest
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen

Role = Literal["noted", "sent", "newest", "unasked"]


class Sending(Protocol):
    """A sending: a receipt of the re-enrolment, or the last one of an application."""

    @property
    def number(self) -> str:
        """The number given to the family."""

    @property
    def at(self) -> datetime:
        """The moment of the sending."""

    @property
    def provided(self) -> tuple[ProvidedDocument, ...]:
        """The documents sent along."""


Decide = Callable[[Any], Any]
_CHECKED: Final[dict[Finding, AuditAction]] = {
    "received": "document_received",
    "accepted": "document_accepted",
    "refused": "document_refused",
}
Sent = tuple[Sending, ProvidedDocument]


@frozen
class Dossier:
    """A dossier with its required documents, and its files' folder. `ref`: its name in the audit trail.

    `sendings`: newest first. `names`: of the owners of documents, by key.
    """

    ref: AccountRef
    whole: HasDocuments
    documents: tuple[RequiredDocument, ...]
    folder: str
    sendings: tuple[Sending, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def entries(self) -> "tuple[ListedDocument, ...]":
        """The required documents with those provided, without looking into the bucket."""
        return tuple(
            ListedDocument(doc.rule.title, doc.name, self.whole.document(*doc.slot), doc.slot) for doc in self.documents
        )


@frozen
class ListedDocument:
    """A required document: its title, its owner (empty for the household), and how it is provided, if it is."""

    title: str
    of: str
    record: ProvidedDocument | None
    slot: Slot

    @property
    def version(self) -> str:
        """Digest the document as provided and checked. Empty for none."""
        return digest(repr(astuple(self.record))) if self.record else ""


@frozen
class CheckInput:
    """A document to check, as the page showed it, and the finding. The words for the family are its author's reason."""

    slot: Slot
    version: str
    finding: Finding
    author: Author = field(repr=False)


def check_document(
    services: Services, dossier: Dossier, new: CheckInput, revise: Callable[[Decide], Any], now: datetime
) -> bool:
    """Record the finding on one required document, apart from the decision. Returns whether it is new. Idempotent.

    `revise`: writes the dossier. Raises `OfficeRefusal` for a document that changed since the page.
    """
    document = next((one for one in dossier.documents if one.slot == new.slot), None)
    if document is None or (new.finding == "refused" and not new.author.why):
        raise OfficeRefusal("document_words" if document else "document_moved")
    check = DocumentCheck(new.finding, new.author.who, now, new.author.why)

    def decide(current: HasDocuments) -> HasDocuments:
        former = current.document(*new.slot)
        if former and former.check and replace(former.check, at=now) == check:
            return current
        line = ListedDocument(document.rule.title, document.name, former, new.slot)
        if line.version != new.version:
            raise OfficeRefusal("document_moved")
        return current.with_document(replace(former or ProvidedDocument(*new.slot, SavedBy(OFFICE, now)), check=check))

    if decide(dossier.whole) is dossier.whole:
        return False
    why = f"{document.label} : {new.author.why}" if new.author.why else document.label
    audit(services, dossier.ref, _CHECKED[new.finding], Author(new.author.who, why), now)
    revise(decide)
    return True


@frozen
class DossierDocuments:
    """Each required document with its status, and files of those no longer required."""

    dossier: Dossier
    statuses: tuple[DocumentStatus, ...]
    extras: tuple[UploadedFile, ...]

    def last_sent(self, slot: Slot) -> Sent | None:
        """Find the last sending that included a file of a document, and its entry for that file."""
        pairs = ((sending, document) for sending in self.dossier.sendings for document in sending.provided)
        return next(((sending, one) for sending, one in pairs if one.object_key and one.slot == slot), None)


def read_documents(services: Services, dossier: Dossier, author: Author, now: datetime) -> DossierDocuments:
    """Read the documents of a dossier. The consultation is audited before: they may be about health.

    Raises `OfficeRefusal`.
    """
    audit(services, dossier.ref, "documents_read", check_author(author), now)
    files = services.documents.files(dossier.folder)
    slots = {document.slot for document in dossier.documents}
    return DossierDocuments(
        dossier,
        document_statuses(dossier.documents, dossier.whole, files, services.documents.read_signature),
        tuple(file for file in files if slot_of(file.key) not in slots),
    )


@frozen
class FileLine:
    """A line for one file of a document, or for its absence: its role, and its readable content.

    `file`: None if there is none, or if its content has changed since it was recorded as `etag`, where known.
    """

    role: Role
    code: str
    title: str
    of: str
    file: UploadedFile | None = None
    etag: str = ""
    status: DocumentStatus | None = None
    document: ProvidedDocument | None = None
    sending: Sent | None = None
    is_gone: bool = False


def file_lines(documents: DossierDocuments) -> Iterator[FileLine]:
    """List each document's recorded file, a different sent one, then a newer one. Documents not required come last."""
    for status in documents.statuses:
        yield from _lines(status, documents.last_sent(status.document.slot))
    for file in documents.extras:
        code, owner = slot_of(file.key)
        yield FileLine("unasked", code, code, documents.dossier.names.get(owner, ""), file)


def _lines(status: DocumentStatus, sending: Sent | None) -> Iterator[FileLine]:
    record = status.noted if status.noted and status.noted.object_key else None
    if record:
        yield _of_provided("noted", status, record, sending)
    if sending and not (status.noted and _is_same(sending[1], status.noted)):
        yield _of_provided("sent", status, sending[1], sending)
    if not record or _is_newer(status):
        rule, newest = status.document.rule, status.newest if status.kind else None
        yield FileLine("newest", rule.code, rule.title, status.document.name, newest, status=status)


def _of_provided(role: Role, status: DocumentStatus, document: ProvidedDocument, sending: Sent | None) -> FileLine:
    file = next((file for file in status.files if file.key == document.object_key), None)
    readable = None if file is None or _is_replaced(file, document) else file
    rule, of = status.document.rule, status.document.name
    return FileLine(
        role, rule.code, rule.title, of, readable, document.etag, status, document, sending, is_gone=file is None
    )


def _is_same(document: ProvidedDocument, other: ProvidedDocument) -> bool:
    return (document.object_key, document.etag) == (other.object_key, other.etag)


def _is_replaced(file: UploadedFile, document: ProvidedDocument) -> bool:
    """Whether the recorded content was replaced under its key. Old records without `etag` compare only the time."""
    return file.etag != document.etag if document.etag else file.at > document.saved.at


def _is_newer(status: DocumentStatus) -> bool:
    """Whether the newest file came after the recorded one."""
    newest, record = status.newest, status.noted
    return newest is not None and record is not None and newest.key != record.object_key and newest.etag != record.etag


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


def linked_files(services: Services, documents: DossierDocuments) -> tuple[LinkedFile, ...]:
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
