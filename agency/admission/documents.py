"""`clef requests documents`: what a new family handed in, copied to a folder; what is promised or lacks."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from agency.admission.options import Number
from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, Who
from agency.enrolment.documents import Copies
from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.uploads import DocumentStatus, UploadedFile, slot_of
from chalicelib.office.admission.documents import RequestDocuments, request_documents
from chalicelib.office.enrolment.files import status_text
from chalicelib.texts import day_and_hour, size

Why = Annotated[str, typer.Option(help="Pourquoi, pour le journal, si ce n'est pas la pré-inscription.")]

_HEADINGS: Final = ("Pièce", "De", "État", "Fichier")


@dataclass(frozen=True)
class _Line:
    """One document: what it is, of whom, how it stands, and the copy of its file, if there is one."""

    title: str
    of: str
    text: str
    path: Path | None


def documents(
    number: Number,
    *,
    to: Annotated[Path, typer.Option("--to", help="Le dossier où copier les fichiers.")],
    who: Who,
    why: Why = "pré-inscription",
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Copier les pièces qu'une nouvelle famille a déposées, et dire ce qui est promis sur papier ou manque."""
    services = connect(stage).services
    provided = request_documents(services, number, Author(who, why), services.clock())
    copies = Copies(services, to, provided.application.number)
    lines = [line for status in provided.statuses for line in _lines(copies, status)]
    lines += [_other(copies, provided, other) for other in provided.others]
    if as_json:
        output.print_json({"number": provided.application.number, "documents": [asdict(line) for line in lines]})
        return
    output.say(f"Demande {provided.application.number}, pré-inscription {provided.application.ref.season}")
    output.table("", _HEADINGS, [(line.title, line.of, line.text, line.path and line.path.name) for line in lines])
    if copies.paths:
        output.say(f"Copies dans {to} : {len(copies.paths)}. Effacez-les d'ici une fois vérifiées.")


def _lines(copies: Copies, status: DocumentStatus) -> Iterator[_Line]:
    """Describe what was noted, with its copy; and what came since, or is promised or lacks."""
    rule, name, noted = status.document.rule, status.document.name, status.noted
    is_noted = noted is not None and bool(noted.object_key)
    if noted and is_noted:
        path = copies.save(noted.object_key, rule.code, name, etag=noted.etag)
        gone = "" if path else " : ce fichier n'est plus là, ou n'est plus le même"
        yield _Line(rule.title, name, f"enregistrée le {day_and_hour(noted.saved.at)}{gone}", path)
    if not is_noted or (status.newest and noted and status.newest.key != noted.object_key):
        newest = status.newest if status.kind else None
        path = copies.save(newest.key, rule.code, name) if newest else None
        yield _Line(rule.title, name, status_text(status), path)


def _other(copies: Copies, documents: RequestDocuments, stored: UploadedFile) -> _Line:
    code, owner = slot_of(stored.key)
    candidate = documents.application.answers.candidate(owner)
    of = candidate.name if candidate else ""
    text = f"n'est plus demandée ; reçue le {day_and_hour(stored.at)}, {size(stored.size)}"
    return _Line(code, of, text, copies.save(stored.key, code, of or owner))
