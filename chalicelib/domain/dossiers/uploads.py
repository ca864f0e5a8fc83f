"""Uploaded files: their keys, the accepted kinds, and the status of each required document."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Final, Literal, TypeVar

from chalicelib.domain.dossiers.documents import NOTED, HasDocuments, ProvidedDocument, RequiredDocument, SavedBy, Slot
from chalicelib.values import frozen

Kind = Literal["pdf", "jpeg", "png"]
# Why a file is refused. « too_many »: the document's recorded file has been replaced too often.
Fault = Literal["empty", "too_large", "heic", "unknown", "too_many"]
# « unreadable »: the newest file is not accepted, even if an older one was.
DocumentState = Literal["received", "unreadable", "promised", "lacking", "refused"]

FOLDER: Final = "documents/"
LARGEST: Final = 10 * 1024 * 1024  # bytes
MOST_RECEIVED: Final = 60 * 1024 * 1024  # bytes accepted by S3, above the limit, so that our page shows the refusal
MOST_FILES: Final = 10  # of one document in a season, with replaced ones
MOST_FILES_OF_FAMILY: Final = 100
FORM_LIFETIME: Final = timedelta(hours=1)
SIGNATURE_BYTES: Final = 12  # the bytes that identify a kind

_SIGNATURES: Final[Mapping[Kind, bytes]] = {"pdf": b"%PDF-", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
_HEIC: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
# Prefix of uploaded names, which may be deleted (`.chalice/policy-family.json`). No form is signed for recorded
# files (`NOTED`). No document's code has this prefix.
UPLOADED: Final = "upload_"


D = TypeVar("D", bound=HasDocuments)


@frozen
class UploadedFile:
    """An object of the bucket, as listed. `size`: in bytes. `etag`: identifies its content."""

    key: str
    size: int
    at: datetime
    etag: str = ""

    @property
    def is_fixed(self) -> bool:
        """Whether its key can no longer be overwritten."""
        return self.key == self.fixed_copy.key

    @property
    def is_upload(self) -> bool:
        """Whether it was stored by a form."""
        return self.key.rpartition("/")[2].startswith(UPLOADED)

    @property
    def fixed_copy(self) -> "UploadedFile":
        """The same content under a key that no form is signed for."""
        return replace(self, key=f"{self.key.rpartition('/')[0]}/{NOTED}{self.etag}")


@frozen
class UploadForm:
    """The form data that uploads one file: its URL and origin, and the signed fields."""

    address: str
    origin: str
    fields: Mapping[str, str] = field(repr=False)
    lifetime: timedelta = FORM_LIFETIME


@frozen
class DocumentStatus:
    """A required document: its newest file with its kind by content, and its recorded state.

    `fault`: why its newest file is refused. `keeps_noted`: an older recorded file still exists. `files`: all of them,
    newest last. `is_full`: the maximum of files is reached.
    """

    document: RequiredDocument
    noted: ProvidedDocument | None = None
    newest: UploadedFile | None = None
    kind: Kind | None = None
    keeps_noted: bool = False
    fault: Fault | None = None
    files: tuple[UploadedFile, ...] = ()
    is_full: bool = False

    @property
    def state(self) -> DocumentState:
        """The state shown to the family."""
        if self.is_refused:
            return "refused"
        if self.newest:
            return "received" if self.kind else "unreadable"
        if self.noted and self.noted.check:
            return "received"
        return "promised" if self.is_promised else "lacking"

    @property
    def is_promised(self) -> bool:
        """Whether it is recorded as promised on paper."""
        return self.noted is not None and self.noted.is_promised

    @property
    def is_refused(self) -> bool:
        """Whether the office refused its recorded file or paper, and there is no newer file."""
        is_newest = self.noted is not None and (self.newest is None or self.newest.key == self.noted.object_key)
        return self.noted is not None and self.noted.is_refused and is_newest

    def lacks(self, promised_slots: Collection[Slot]) -> bool:
        """Whether it would be recorded as missing: no accepted file or paper, and no promise."""
        document = self.noted if self.noted and self.noted.is_received else None
        is_kept = document is not None and (self.keeps_noted or not document.object_key)
        has_file = self.kind is not None and not self.is_refused
        return not has_file and not is_kept and self.document.slot not in promised_slots

    def record_in(self, whole: D, promised_slots: Collection[Slot], saved_by: SavedBy) -> D:
        """Record the document: its newest file if accepted, else the one before, else a promise, else nothing."""
        code, owner = self.document.slot
        document = whole.document(code, owner)
        if self.keeps_noted and not self.kind:
            return whole
        file = self.newest if self.kind and not self.is_refused else None
        if not file and (code, owner) not in promised_slots:
            return whole if document and document.check else whole.without_document(code, owner)
        if document and not self.is_refused and document.object_key == (file.key if file else ""):
            return whole
        return whole.with_document(ProvidedDocument(code, owner, saved_by, file.key if file else ""))

    def next_key(self, folder: str, secret: Callable[..., str]) -> str | None:
        """Make the key of the next file, stable until it is uploaded. None if the maximum of files is reached.

        `secret`: a deterministic, unguessable hash of some words, so that opening the page again makes no new key.
        """
        if self.is_full:
            return None
        there = {file.key for file in self.files}
        slot = self.document.slot
        names = (UPLOADED + secret("upload", folder, *slot, str(number)) for number in range(MOST_FILES))
        keys = (key_of(folder, slot, name) for name in names)
        return next((key for key in keys if key not in there), None)


Statuses = Sequence[DocumentStatus]


def document_statuses(
    required_documents: Iterable[RequiredDocument],
    whole: HasDocuments,
    stored_files: Sequence[UploadedFile],
    look: Callable[[UploadedFile], bytes | None],
) -> tuple[DocumentStatus, ...]:
    """Return the status of each required document, from the family's uploads. `look` reads the start of a file."""

    def status_of(document: RequiredDocument) -> DocumentStatus:
        document_on_file, own_files = whole.document(*document.slot), files_of(stored_files, document.slot)
        is_full = len(own_files) >= MOST_FILES or len(stored_files) >= MOST_FILES_OF_FAMILY
        if not own_files:
            return DocumentStatus(document, document_on_file, is_full=is_full)
        keeps_noted = document_on_file is not None and document_on_file.object_key in {
            before.key for before in own_files[:-1]
        }
        newest, begins = own_files[-1], look(own_files[-1])
        kind, fault = kind_of(begins, newest.size), fault_of(begins, newest.size)
        if kind and not newest.is_fixed and sum(file.is_fixed for file in own_files) >= MOST_FILES:
            kind, fault = None, "too_many"
        return DocumentStatus(document, document_on_file, newest, kind, keeps_noted, fault, own_files, is_full)

    return tuple(map(status_of, required_documents))


def files_of(stored_files: Iterable[UploadedFile], slot: Slot) -> tuple[UploadedFile, ...]:
    """List the files of one document, newest last. Within one second, the recorded one is last."""
    own_files = (file for file in stored_files if slot_of(file.key) == slot)
    return tuple(sorted(own_files, key=lambda file: (file.at, file.is_fixed)))


def family_folder(season: str, site: str, pseudonym: str) -> str:
    """Build the key prefix of a family's uploads in a season."""
    return f"{FOLDER}{season}/{site}/{pseudonym}/"


def key_of(folder: str, slot: Slot, name: str) -> str:
    """Build the key of a document's file. It contains no user input."""
    return "/".join((folder.removesuffix("/"), *slot, name))


def slot_of(key: str) -> Slot:
    """Parse the document from a key."""
    _, code, owner, _ = key.rsplit("/", 3)
    return code, owner


def family_of(key: str) -> tuple[str, str]:
    """Parse the family from a key: a site, and the pseudonym of its account."""
    _, site, pseudonym, *_ = key.removeprefix(FOLDER).split("/")
    return site, pseudonym


def season_of(key: str) -> str:
    """Parse the season from a key in any folder."""
    return key.split("/", 2)[1]


def kind_of(first: bytes | None, size: int) -> Kind | None:
    """Recognise a kind by its first bytes. None for a refused file, also if empty or too large."""
    if first is None or not 0 < size <= LARGEST:
        return None
    return next((kind for kind, signature in _SIGNATURES.items() if first.startswith(signature)), None)


def fault_of(first: bytes | None, size: int) -> Fault | None:
    """Return why a file is refused, from its size and first bytes. None if it is accepted."""
    if kind_of(first, size):
        return None
    if size == 0:
        return "empty"
    if first and first[4:8] == b"ftyp" and first[8:12] in _HEIC:  # at any size, as conversion changes it
        return "heic"
    return "too_large" if size > LARGEST else "unknown"
