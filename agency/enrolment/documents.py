"""`clef enrolments documents`: what a family handed in, copied to a folder of one's own; what is promised or lacks."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, Who
from agency.console.private_file import private_file
from agency.enrolment.file_names import file_name
from agency.enrolment.options import OfFamily, Season, Site
from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.enrolments import ProvidedDocument, Receipt
from chalicelib.domain.enrolment.uploads import (
    DocumentState,
    DocumentStatus,
    Fault,
    Kind,
    UploadedFile,
    kind_of,
    slot_of,
)
from chalicelib.office.desk.account_text import name_and_identifier
from chalicelib.office.enrolment.documents import FamilyDocuments, family_documents
from chalicelib.office.enrolment.show import FamilyQuery
from chalicelib.services import Services
from chalicelib.texts import day_and_hour, size

Why = Annotated[str, typer.Option(help="Pourquoi, pour le journal, si ce n'est pas la réinscription.")]

_HEADINGS: Final = ("Pièce", "De", "État", "Fichier")
_KINDS: Final[dict[Kind, str]] = {"pdf": "PDF", "jpeg": "photo JPEG", "png": "image PNG"}
_FAULTS: Final[dict[Fault, str]] = {
    "empty": "vide",
    "too_large": "trop lourd",
    "heic": "photo HEIC",
    "unknown": "ni PDF ni photo",
    "too_many": "refusé après trop de remplacements",
}
_OTHER_STATES: Final[dict[DocumentState, str]] = {"promised": "promise sur papier", "lacking": "manque"}


@dataclass(frozen=True)
class _Line:
    """One document: what it is, of whom, how it stands, and the copy of its file, if there is one."""

    title: str
    of: str
    state: str
    text: str
    path: Path | None


class Copies:
    """Copies files into a folder, each under a name that tells whose it is and what, and no two under the same."""

    def __init__(self, services: Services, folder: Path, identifier: str) -> None:
        self._services = services
        self._folder = folder
        self._identifier = identifier
        self.paths: list[Path] = []

    def save(self, key: str, *words: str, etag: str = "") -> Path | None:
        """Copy one; None where it is there no more, or is not of this content."""
        content = self._services.documents.read(key, etag)
        if content is None:
            return None
        kind = kind_of(content, len(content))
        path = self._folder / file_name(self._identifier, *words, kind=kind)
        if path in self.paths:
            path = self._folder / file_name(self._identifier, *words, str(len(self.paths) + 1), kind=kind)
        with private_file(path) as file:
            file.write(content)
        self.paths.append(path)
        return path


def documents(
    family: OfFamily,
    *,
    to: Annotated[Path, typer.Option("--to", help="Le dossier où copier les fichiers.")],
    who: Who,
    why: Why = "réinscription",
    site: Site = None,
    season: Season = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Copier les pièces qu'une famille a déposées, et dire ce qui est promis sur papier ou manque."""
    services = connect(stage).services
    provided = family_documents(services, FamilyQuery(family, site, season), Author(who, why), services.clock())
    copies = Copies(services, to, provided.family.account.ref.identifier)
    lines = [line for status in provided.statuses for line in _lines(copies, provided, status)]
    lines += [_other(copies, provided, other) for other in provided.others]
    if as_json:
        output.print_json({"documents": [_line_json(line) for line in lines]})
        return
    output.say(f"{name_and_identifier(provided.family.account)}, réinscription {provided.family.enrolment.ref.season}")
    rows = [(line.title, line.of, line.text, line.path.name if line.path else "") for line in lines]
    output.table("", _HEADINGS, rows)
    if copies.paths:
        output.say(f"Copies dans {to} : {len(copies.paths)}. Effacez-les d'ici une fois vérifiées.")


def _lines(copies: Copies, documents: FamilyDocuments, status: DocumentStatus) -> Iterator[_Line]:
    """Describe what was noted, with its copy; what was sent and is not that; and what came since."""
    noted, sent = status.noted, documents.last_sent(status.document.slot)
    is_noted = noted is not None and bool(noted.object_key)
    if noted and is_noted:
        yield _of_noted(copies, status, noted, sent)
    if sent and not (noted and _is_same(sent[1], noted)):
        yield _of_sent(copies, status, sent)
    if not is_noted or _is_newer(status):
        yield _of_newest(copies, status)


def _of_noted(
    copies: Copies, status: DocumentStatus, noted: ProvidedDocument, sent: tuple[Receipt, ProvidedDocument] | None
) -> _Line:
    file = next((file for file in status.files if file.key == noted.object_key), None)
    path = None if _is_replaced(file, noted) else _copy(copies, status, noted)
    if file is None or path is None:
        gone = "le fichier n'est plus là" if file is None else "remplacée depuis, ce n'est plus le même fichier"
        text = f"manque : enregistrée le {day_and_hour(noted.saved.at)} par {noted.saved.by}, {gone}"
    else:
        text = f"déposée le {day_and_hour(file.at)}, {size(file.size)}{_kind(path)}{_receipt_note(noted, sent)}"
    state = "received" if path else "replaced"
    return _Line(status.document.rule.title, status.document.name, state, text, path)


def _of_sent(copies: Copies, status: DocumentStatus, sent: tuple[Receipt, ProvidedDocument]) -> _Line:
    receipt, provided = sent
    file = next((file for file in status.files if file.key == provided.object_key), None)
    path = None if _is_replaced(file, provided) else _copy(copies, status, provided)
    text = f"celle du reçu {receipt.number}, du {day_and_hour(receipt.at)}"
    text += "" if path else " : ce fichier n'est plus là, ou n'est plus le même"
    return _Line(status.document.rule.title, status.document.name, "sent", text, path)


def _of_newest(copies: Copies, status: DocumentStatus) -> _Line:
    newest = status.newest if status.kind else None
    path = copies.save(newest.key, status.document.rule.code, status.document.name) if newest else None
    return _Line(status.document.rule.title, status.document.name, status.state, status_text(status), path)


def _copy(copies: Copies, status: DocumentStatus, provided: ProvidedDocument) -> Path | None:
    return copies.save(provided.object_key, status.document.rule.code, status.document.name, etag=provided.etag)


def _is_same(one: ProvidedDocument, other: ProvidedDocument) -> bool:
    return (one.object_key, one.etag) == (other.object_key, other.etag)


def _is_replaced(file: UploadedFile | None, provided: ProvidedDocument) -> bool:
    """Whether other content came under the key of what was noted; of old notes, only by when it came."""
    if file is None:
        return False
    return file.etag != provided.etag if provided.etag else file.at > provided.saved.at


def _is_newer(status: DocumentStatus) -> bool:
    """Whether the newest file is not what was noted: it came since."""
    newest, noted = status.newest, status.noted
    return newest is not None and noted is not None and newest.key != noted.object_key and newest.etag != noted.etag


def _receipt_note(noted: ProvidedDocument, sent: tuple[Receipt, ProvidedDocument] | None) -> str:
    """Name the receipt that it was sent with, or note that it is none that was sent."""
    if sent is None:
        return ""
    receipt, provided = sent
    if _is_same(provided, noted):
        return f" ; envoyée avec le reçu {receipt.number}"
    return f" ; enregistrée après le reçu {receipt.number} : ce n'est pas le fichier envoyé"


def _kind(path: Path) -> str:
    return {".pdf": ", PDF", ".jpg": ", photo JPEG", ".png": ", image PNG"}.get(path.suffix, "")


def _other(copies: Copies, documents: FamilyDocuments, stored: UploadedFile) -> _Line:
    code, owner = slot_of(stored.key)
    file = documents.family.enrolment.pupil(owner)
    of = file.name if file else ""
    path = copies.save(stored.key, code, of or owner)
    text = f"n'est plus demandée ; reçue le {day_and_hour(stored.at)}, {size(stored.size)}"
    return _Line(code, of, "unasked", text, path)


def status_text(status: DocumentStatus) -> str:
    """Describe the newest file of a document that is not noted, or that there is none."""
    if status.newest is None:
        return _OTHER_STATES[status.state]
    received = f"le {day_and_hour(status.newest.at)}, {size(status.newest.size)}"
    if status.fault:
        before = " ; celui d'avant est copié" if status.keeps_noted else ""
        return f"fichier reçu {received}, {_FAULTS[status.fault]}{before}"
    kind = f", {_KINDS[status.kind]}" if status.kind else ""
    return f"déposée {received}{kind} ; pas encore enregistrée par la famille"


def _line_json(line: _Line) -> dict[str, object]:
    return {"title": line.title, "of": line.of, "state": line.state, "said": line.text, "file": line.path}
