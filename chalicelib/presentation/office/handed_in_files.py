"""The state of each file that a family handed in: the one noted, the one sent, a newer one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.dossiers.uploads import DocumentState, DocumentStatus, Fault, Kind, UploadedFile
from chalicelib.presentation.texts import day_and_hour, size

if TYPE_CHECKING:
    from chalicelib.domain.dossiers.documents import ProvidedDocument
    from chalicelib.office.dossiers.documents import FileLine, Sent

_KINDS: Final[dict[Kind | None, str]] = {"pdf": ", PDF", "jpeg": ", photo JPEG", "png": ", image PNG", None: ""}
_FAULTS: Final[dict[Fault, str]] = {
    "empty": "vide",
    "too_large": "trop lourd",
    "heic": "photo HEIC",
    "unknown": "ni PDF ni photo",
    "too_many": "refusé après trop de remplacements",
}
_OTHER_STATES: Final[dict[DocumentState, str]] = {
    "promised": "promise sur papier",
    "lacking": "manque",
    "refused": "refusée",
}


def file_text(line: FileLine, kind: Kind | None) -> str:
    """Describe a file. `kind` is None where it could not be read."""
    match line.role:
        case "noted":
            return _noted(line, kind)
        case "sent":
            return _sent(line, kind)
        case "newest":
            return status_text(line.status) if line.status else ""
        case "unasked":
            return f"n'est plus demandée ; reçue {_received(line.file)}" if line.file else ""


def _noted(line: FileLine, kind: Kind | None) -> str:
    if line.document is None:
        return ""
    if line.file is None or kind is None:
        reason = "le fichier n'est plus là" if line.is_gone else "remplacée depuis, ce n'est plus le même fichier"
        saved_by = line.document.saved
        return f"manque : enregistrée le {day_and_hour(saved_by.at)} par {saved_by.by}, {reason}"
    return f"déposée {_received(line.file)}{_KINDS[kind]}{_receipt_note(line.document, line.sending)}"


def _sent(line: FileLine, kind: Kind | None) -> str:
    if line.sending is None:
        return ""
    receipt, _ = line.sending
    text = f"celle du reçu {receipt.number}, du {day_and_hour(receipt.at)}"
    return text if kind else f"{text} : ce fichier n'est plus là, ou n'est plus le même"


def _receipt_note(document: ProvidedDocument, request: Sent | None) -> str:
    """Name the receipt that a file was sent with, or note that it is not the file sent."""
    if request is None:
        return ""
    receipt, original = request
    if (original.object_key, original.etag) == (document.object_key, document.etag):
        return f" ; envoyée avec le reçu {receipt.number}"
    return f" ; enregistrée après le reçu {receipt.number} : ce n'est pas le fichier envoyé"


def _received(file: UploadedFile) -> str:
    return f"le {day_and_hour(file.at)}, {size(file.size)}"


def status_text(status: DocumentStatus) -> str:
    """Describe the newest file of a document that is not noted, or that there is none."""
    if status.newest is None and status.state == "received":
        return "remise au guichet"
    if status.newest is None:
        return _OTHER_STATES[status.state]
    receipt = _received(status.newest)
    if status.fault:
        before = " ; celui d'avant est gardé" if status.keeps_noted else ""
        return f"fichier reçu {receipt}, {_FAULTS[status.fault]}{before}"
    return f"déposée {receipt}{_KINDS[status.kind]} ; pas encore enregistrée par la famille"
