"""What families upload: under which keys it stands, what is taken, and how each required document stands by it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol, Self, TypeVar

from chalicelib.domain.enrolment.checklist import Slot
from chalicelib.domain.enrolment.enrolments import NOTED, ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.paperwork import RequiredDocument
from chalicelib.values import frozen

Kind = Literal["pdf", "jpeg", "png"]
# Why a file is not taken; « too_many »: what is noted of its document has been replaced as often as may be.
Fault = Literal["empty", "too_large", "heic", "unknown", "too_many"]
# « unreadable »: the newest file is none that is taken, whatever was noted before.
DocumentState = Literal["received", "unreadable", "promised", "lacking"]

FOLDER: Final = "documents/"
LARGEST: Final = 10 * 1024 * 1024  # bytes
MOST_RECEIVED: Final = 60 * 1024 * 1024  # bytes that S3 takes all the same, so that it is our page that refuses
MOST_FILES: Final = 10  # that stand for one document in a season, replaced ones too
MOST_FILES_OF_FAMILY: Final = 100
FORM_LIFETIME: Final = timedelta(hours=1)
SIGNATURE_BYTES: Final = 12  # those that tell a kind

_SIGNATURES: Final[Mapping[Kind, bytes]] = {"pdf": b"%PDF-", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
_HEIC: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
# How the name begins of what a form is signed for, which may be deleted (`.chalice/policy-api_handler.json`); for what
# was noted (`NOTED`) none is. No code of a document begins like it.
UPLOADED: Final = "upload_"


class ProvidesDocuments(Protocol):
    """What documents are noted on: a family's re-enrolment, a new family's application."""

    def document(self, code: str, owner: str) -> ProvidedDocument | None:
        """Find a document as it is provided."""

    def with_document(self, document: ProvidedDocument) -> Self:
        """Note that a document is provided."""

    def without_document(self, code: str, owner: str) -> Self:
        """Note that a document is provided no more."""


D = TypeVar("D", bound=ProvidesDocuments)


@frozen
class UploadedFile:
    """An object of the bucket, as it is listed; `size` in bytes, `etag` names its content."""

    key: str
    size: int
    at: datetime
    etag: str = ""

    @property
    def is_fixed(self) -> bool:
        """Whether it stands where nobody can replace it."""
        return self.key == self.fixed_copy.key

    @property
    def is_upload(self) -> bool:
        """Whether a form stored it."""
        return self.key.rpartition("/")[2].startswith(UPLOADED)

    @property
    def fixed_copy(self) -> "UploadedFile":
        """The same content under a key that no form is signed for."""
        return replace(self, key=f"{self.key.rpartition('/')[0]}/{NOTED}{self.etag}")


@frozen
class UploadForm:
    """What a form carries that stores one file: the address and origin it is sent to, and its signed fields."""

    address: str
    origin: str
    fields: Mapping[str, str] = field(repr=False)
    lifetime: timedelta = FORM_LIFETIME


@frozen
class DocumentStatus:
    """A required document as it stands: its newest file with its kind by content, and what was noted of it.

    `fault`: why its newest file is not taken. `keeps_noted`: an older file that was noted stands there still. `files`:
    all of them, the newest last. `is_full`: no more may be sent.
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
        """The state that the family sees."""
        if self.newest:
            return "received" if self.kind else "unreadable"
        return "promised" if self.is_promised else "lacking"

    @property
    def is_promised(self) -> bool:
        """Whether it was noted that it comes on paper."""
        return self.noted is not None and not self.noted.object_key

    def lacks(self, promised: Collection[Slot]) -> bool:
        """Whether it would be noted as not provided: no file that is taken, and no promise."""
        return not self.kind and not self.keeps_noted and self.document.slot not in promised

    def record_in(self, whole: D, promised: Collection[Slot], saved: SavedBy) -> D:
        """Note how it is provided: its newest file if that is taken, else the one before, else a promise, else not."""
        code, owner = self.document.slot
        known = whole.document(code, owner)
        if self.keeps_noted and not self.kind:
            return whole
        taken = self.newest if self.kind else None
        if not taken and (code, owner) not in promised:
            return whole.without_document(code, owner)
        if known and known.object_key == (taken.key if taken else ""):
            return whole
        return whole.with_document(ProvidedDocument(code, owner, saved, taken.key if taken else ""))

    def next_key(self, folder: str, secret: Callable[..., str]) -> str | None:
        """Make the key of the file to come, the same until one has come; None where no more may be sent.

        `secret`: gives for some words what nobody guesses, the same each time: whoever opens the page often has no
        more keys by it.
        """
        if self.is_full:
            return None
        there = {file.key for file in self.files}
        slot = self.document.slot
        names = (UPLOADED + secret("upload", folder, *slot, str(number)) for number in range(MOST_FILES))
        keys = (key_of(folder, slot, name) for name in names)
        return next((key for key in keys if key not in there), None)


def document_statuses(
    required: Iterable[RequiredDocument],
    whole: ProvidesDocuments,
    stored: Sequence[UploadedFile],
    look: Callable[[UploadedFile], bytes | None],
) -> tuple[DocumentStatus, ...]:
    """Find how each required document stands, by all that the family uploaded; `look` reads how a file begins."""

    def status_of(document: RequiredDocument) -> DocumentStatus:
        noted, own = whole.document(*document.slot), files_of(stored, document.slot)
        is_full = len(own) >= MOST_FILES or len(stored) >= MOST_FILES_OF_FAMILY
        if not own:
            return DocumentStatus(document, noted, is_full=is_full)
        keeps_noted = noted is not None and noted.object_key in {before.key for before in own[:-1]}
        newest, begins = own[-1], look(own[-1])
        kind, fault = kind_of(begins, newest.size), fault_of(begins, newest.size)
        if kind and not newest.is_fixed and sum(file.is_fixed for file in own) >= MOST_FILES:
            kind, fault = None, "too_many"
        return DocumentStatus(document, noted, newest, kind, keeps_noted, fault, own, is_full)

    return tuple(map(status_of, required))


def files_of(stored: Iterable[UploadedFile], slot: Slot) -> tuple[UploadedFile, ...]:
    """List the files of one document, the newest last: of one second, that which is noted."""
    own = (file for file in stored if slot_of(file.key) == slot)
    return tuple(sorted(own, key=lambda file: (file.at, file.is_fixed)))


def family_folder(season: str, site: str, pseudonym: str) -> str:
    """Begin the keys of all that a family uploads in a season."""
    return f"{FOLDER}{season}/{site}/{pseudonym}/"


def key_of(folder: str, slot: Slot, name: str) -> str:
    """Make the key of a file of a document: nothing in it is of somebody's typing."""
    return "/".join((folder.removesuffix("/"), *slot, name))


def slot_of(key: str) -> Slot:
    """Read from a key which document it is of."""
    _, code, owner, _ = key.rsplit("/", 3)
    return code, owner


def family_of(key: str) -> tuple[str, str]:
    """Read from a key whose it is: a site, and the pseudonym of an account there."""
    _, site, pseudonym, *_ = key.removeprefix(FOLDER).split("/")
    return site, pseudonym


def season_of(key: str) -> str:
    """Read from a key its season, whatever folder it is of."""
    return key.split("/", 2)[1]


def kind_of(first: bytes | None, size: int) -> Kind | None:
    """Recognise a kind by how the content begins; None for what is not taken, empty or too large included."""
    if first is None or not 0 < size <= LARGEST:
        return None
    return next((kind for kind, signature in _SIGNATURES.items() if first.startswith(signature)), None)


def fault_of(first: bytes | None, size: int) -> Fault | None:
    """Find why a file is not taken, by its size and how its content begins; None for one that is."""
    if kind_of(first, size):
        return None
    if size == 0:
        return "empty"
    if first and first[4:8] == b"ftyp" and first[8:12] in _HEIC:  # whatever its size: another format is smaller or not
        return "heic"
    return "too_large" if size > LARGEST else "unknown"
