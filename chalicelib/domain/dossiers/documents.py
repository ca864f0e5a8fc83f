"""The documents of a dossier, a re-enrolment or an application: those that rules require, and those provided."""

from collections.abc import Iterable
from dataclasses import field, replace
from datetime import datetime
from typing import Final, Literal, Self

from chalicelib.domain.text import fold
from chalicelib.values import Stored, frozen

Slot = tuple[str, str]  # a document's code, and its owner: a pupil's or candidate's key, or `FOYER`
NOTED: Final = "noted_"  # prefix of a recorded file's name, followed by its ETag
FOYER: Final = "foyer"  # in the place of a pupil's key, for the household's documents


@frozen
class SavedBy:
    """The person and time of a saved step. Guardians are asked for their name if there are several."""

    by: str = field(repr=False)
    at: datetime


Finding = Literal["received", "accepted", "refused"]


@frozen
class DocumentCheck:
    """The office's finding on one document: handed in on paper, accepted, or refused with words for the family."""

    finding: Finding
    by: str = field(repr=False)
    at: datetime
    words: str = field(default="", repr=False)


@frozen
class ProvidedDocument:
    """A provided document: the key of the uploaded file, or empty if promised or handed in on paper."""

    code: str
    owner: str  # a pupil's key, or `FOYER`
    saved: SavedBy
    object_key: str = field(default="", repr=False)
    check: DocumentCheck | None = None

    @property
    def is_refused(self) -> bool:
        """Whether the office refused it: another one is awaited."""
        return self.check is not None and self.check.finding == "refused"

    @property
    def is_received(self) -> bool:
        """Whether it is uploaded or handed in, and not refused."""
        return not self.is_refused and (bool(self.object_key) or self.check is not None)

    @property
    def is_promised(self) -> bool:
        """Whether it is only promised on paper."""
        return not self.object_key and self.check is None

    @property
    def slot(self) -> Slot:
        """Its key among the documents of a dossier."""
        return self.code, self.owner

    @property
    def etag(self) -> str:
        """The ETag in the key of a recorded file. Empty for older files, whose keys had none."""
        name = self.object_key.rpartition("/")[2]
        return name.removeprefix(NOTED) if name.startswith(NOTED) else ""


@frozen(kw_only=True)
class HasDocuments(Stored):
    """A dossier with documents: a family's re-enrolment, or a new family's application."""

    provided: tuple[ProvidedDocument, ...] = ()

    def document(self, code: str, owner: str) -> ProvidedDocument | None:
        """Find a provided document."""
        return next((document for document in self.provided if document.slot == (code, owner)), None)

    def with_document(self, document: ProvidedDocument) -> Self:
        """Add or replace a provided document."""
        other_documents = self.without_document(*document.slot).provided
        return replace(self, provided=tuple(sorted((*other_documents, document), key=lambda one: one.slot)))

    def without_document(self, code: str, owner: str) -> Self:
        """Remove a document, such as one whose promise is withdrawn."""
        return replace(self, provided=tuple(one for one in self.provided if one.slot != (code, owner)))


@frozen
class DocumentRule:
    """A document that the network asks for. It is required if all the given conditions hold."""

    code: str
    title: str
    hint: str = ""
    of: Literal["household", "pupil"] = "pupil"
    disciplines: tuple[str, ...] = ()
    adults: bool | None = None
    sites: tuple[str, ...] = ()

    def is_required_for(self, disciplines: Iterable[str], *, is_adult: bool) -> bool:
        """Whether a learner of some disciplines must provide it: « danse » is in « Danse classique »."""
        if self.adults is not None and is_adult != self.adults:
            return False
        own_names = tuple(map(fold, self.disciplines))
        return not own_names or any(own in name for name in map(fold, disciplines) for own in own_names)


@frozen
class RequiredDocument:
    """A required document: its rule, and its owner (a pupil's key and name, or `FOYER`)."""

    rule: DocumentRule
    owner: str
    name: str = ""

    @property
    def slot(self) -> Slot:
        """Its key among the documents of a dossier."""
        return self.rule.code, self.owner

    @property
    def label(self) -> str:
        """Its title and pupil, for display."""
        return f"{self.rule.title}, {self.name}" if self.name else self.rule.title


@frozen
class DueDocument:
    """A document still awaited, as far as the extranet knows: its name, and whether it is promised."""

    label: str
    is_promised: bool


def not_uploaded(required_documents: Iterable[RequiredDocument], dossier: HasDocuments) -> tuple[DueDocument, ...]:
    """List the required documents that are neither uploaded nor handed in, or that the office refused."""
    pairs = ((document, dossier.document(*document.slot)) for document in required_documents)
    return tuple(
        DueDocument(document.label, document_on_file is not None and document_on_file.is_promised)
        for document, document_on_file in pairs
        if document_on_file is None or not document_on_file.is_received
    )
