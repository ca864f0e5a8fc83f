"""What families upload: under which keys it stands, what is taken, and how each document asked for stands by it."""

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.awaited import Slot
from chalicelib.domain.enrolments import Enrolment, Provided, Saved
from chalicelib.domain.paperwork import Asked

Kind = Literal["pdf", "jpeg", "png"]
# « unreadable »: the newest file is none that is taken, whatever was noted before.
StandingState = Literal["received", "unreadable", "promised", "lacking"]

FOLDER: Final = "documents/"
LARGEST: Final = 10 * 1024 * 1024  # bytes
FORM_LIFETIME: Final = timedelta(hours=1)
SIGNATURE_BYTES: Final = 8  # those that tell a kind

_SIGNATURES: Final[Mapping[Kind, bytes]] = {"pdf": b"%PDF-", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
_RANDOM_BYTES: Final = 16


@dataclass(frozen=True)
class Stored:
    """An object of the bucket, as it is listed; `size` in bytes."""

    key: str
    size: int
    at: datetime


@dataclass(frozen=True)
class UploadForm:
    """What a form carries that stores one file: the address and origin it is sent to, and its signed fields."""

    address: str
    origin: str
    fields: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Standing:
    """A document asked for, as it stands: its newest file with its kind by content, and what was noted of it.

    `keeps_noted`: an older file that was noted stands there still.
    """

    asked: Asked
    noted: Provided | None = None
    newest: Stored | None = None
    kind: Kind | None = None
    keeps_noted: bool = False

    @property
    def state(self) -> StandingState:
        """Tell what the family should know of it."""
        if self.newest:
            return "received" if self.kind else "unreadable"
        return "promised" if self.is_promised else "lacking"

    @property
    def is_promised(self) -> bool:
        """Tell whether it was noted that it comes on paper."""
        return self.noted is not None and not self.noted.object_key

    def noted_in(self, enrolment: Enrolment, promised: Collection[Slot], saved: Saved) -> Enrolment:
        """Note how it is provided: its newest file if that is taken, else the one before, else a promise, else not."""
        code, owner = self.asked.slot
        known = enrolment.document(code, owner)
        if self.keeps_noted and not self.kind:
            return enrolment
        key = self.newest.key if self.newest and self.kind else ""
        if not key and (code, owner) not in promised:
            return enrolment.without_document(code, owner)
        if known and known.object_key == key:
            return enrolment
        return enrolment.with_document(Provided(code, owner, saved, key))


def standings(
    asked: Iterable[Asked], enrolment: Enrolment, stored: Sequence[Stored], look: Callable[[Stored], Kind | None]
) -> tuple[Standing, ...]:
    """Tell how each document asked for stands, by all that the family uploaded; `look` tells a file's kind."""

    def standing(each: Asked) -> Standing:
        noted, own = enrolment.document(*each.slot), of_slot(stored, each.slot)
        if not own:
            return Standing(each, noted)
        keeps_noted = noted is not None and noted.object_key in {before.key for before in own[:-1]}
        return Standing(each, noted, own[-1], look(own[-1]), keeps_noted)

    return tuple(map(standing, asked))


def of_slot(stored: Iterable[Stored], slot: Slot) -> tuple[Stored, ...]:
    """Give the files of one document, the newest last."""
    return tuple(sorted((each for each in stored if slot_of(each.key) == slot), key=lambda each: each.at))


def family_folder(season: str, site: str, pseudonym: str) -> str:
    """Give how the keys begin of all that a family uploads in a season."""
    return f"{FOLDER}{season}/{site}/{pseudonym}/"


def new_key(folder: str, slot: Slot) -> str:
    """Make the key of a file to come: nothing in it is of somebody's typing, and nobody guesses it."""
    code, owner = slot
    return f"{folder}{code}/{owner}/{secrets.token_hex(_RANDOM_BYTES)}"


def slot_of(key: str) -> Slot:
    """Tell which document a key is of."""
    _, code, owner, _ = key.rsplit("/", 3)
    return code, owner


def family_of(key: str) -> tuple[str, str]:
    """Tell whose a key is: a site, and the pseudonym of an account there."""
    _, site, pseudonym, *_ = key.removeprefix(FOLDER).split("/")
    return site, pseudonym


def season_of(key: str) -> str:
    """Tell which season a key is of."""
    return key.removeprefix(FOLDER).partition("/")[0]


def kind_of(first: bytes | None, size: int) -> Kind | None:
    """Tell a kind by how the content begins; None for what is not taken, empty or too large included."""
    if first is None or not 0 < size <= LARGEST:
        return None
    return next((kind for kind, signature in _SIGNATURES.items() if first.startswith(signature)), None)
