"""`clef enrolments documents`: what a family handed in, copied to a folder of one's own; what is promised or lacks."""

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
from chalicelib.domain.enrolment.uploads import Kind, kind_of, slot_of
from chalicelib.office.desk.account_text import name_and_identifier
from chalicelib.office.enrolment.documents import family_documents
from chalicelib.office.enrolment.files import FileLine, file_lines
from chalicelib.office.enrolment.show import FamilyQuery
from chalicelib.services import Services

Why = Annotated[str, typer.Option(help="Pourquoi, pour le journal, si ce n'est pas la réinscription.")]

_HEADINGS: Final = ("Pièce", "De", "État", "Fichier")
_KINDS: Final[dict[str, Kind]] = {".pdf": "pdf", ".jpg": "jpeg", ".png": "png"}


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
    lines = [_line(copies, line) for line in file_lines(provided)]
    if as_json:
        output.print_json({"documents": [_line_json(line) for line in lines]})
        return
    output.say(f"{name_and_identifier(provided.family.account)}, réinscription {provided.family.enrolment.ref.season}")
    rows = [(line.title, line.of, line.text, line.path.name if line.path else "") for line in lines]
    output.table("", _HEADINGS, rows)
    if copies.paths:
        output.say(f"Copies dans {to} : {len(copies.paths)}. Effacez-les d'ici une fois vérifiées.")


def _line(copies: Copies, line: FileLine) -> _Line:
    """Copy a file, and describe it by what the copy is."""
    of = line.of or (slot_of(line.file.key)[1] if line.file and line.role == "unasked" else "")
    path = copies.save(line.file.key, line.code, of, etag=line.etag) if line.file else None
    is_there = path is not None
    text = line.text(_KINDS.get(path.suffix) if path else None, is_there=is_there)
    return _Line(line.title, line.of, line.state(is_there=is_there), text, path)


def _line_json(line: _Line) -> dict[str, object]:
    return {"title": line.title, "of": line.of, "state": line.state, "said": line.text, "file": line.path}
