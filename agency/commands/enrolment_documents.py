"""`clef enrolments documents`: what a family handed in, copied to a folder of one's own; what is promised or lacks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from agency import show
from agency.account_words import named
from agency.commands.enrolments import OfFamily, Season, Site
from agency.connection import connect
from agency.options import LOCAL, AsJson, Stage, Who
from agency.private_file import private_file
from agency.uploaded import file_name
from chalicelib.domain.acts import Author
from chalicelib.domain.uploads import Kind, Standing, StandingState, Stored, kind_of, slot_of
from chalicelib.office.enrolment_documents import HandedIn, handed_in
from chalicelib.office.enrolment_show import Named
from chalicelib.services import Services
from chalicelib.texts import day_and_hour, size

Why = Annotated[str, typer.Option(help="Pourquoi, pour le journal, si ce n'est pas la réinscription.")]

_HEADINGS: Final = ("Pièce", "De", "État", "Fichier")
_KINDS: Final[dict[Kind, str]] = {"pdf": "PDF", "jpeg": "photo JPEG", "png": "image PNG"}
_OTHER_STATES: Final[dict[StandingState, str]] = {"promised": "promise sur papier", "lacking": "manque"}


@dataclass(frozen=True)
class _Line:
    """One document: what it is, of whom, how it stands, and the copy of its file, if there is one."""

    title: str
    of: str
    state: str
    told: str
    path: Path | None


class _Copies:
    """Copies files into a folder, each under a name that tells whose it is and what, and no two under the same."""

    def __init__(self, services: Services, folder: Path, identifier: str) -> None:
        self._services = services
        self._folder = folder
        self._identifier = identifier
        self.paths: list[Path] = []

    def keep(self, key: str, *words: str) -> Path | None:
        """Copy one; None where it is there no more."""
        content = self._services.documents.read(key)
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
    found = handed_in(services, Named(family, site, season), Author(who, why), services.clock())
    copies = _Copies(services, to, found.family.account.ref.identifier)
    lines = [_line(copies, each) for each in found.standings]
    lines += [_other(copies, found, each) for each in found.others]
    if as_json:
        show.as_json({"documents": [_json(each) for each in lines]})
        return
    show.say(f"{named(found.family.account)}, réinscription {found.family.enrolment.ref.season}")
    rows = [(each.title, each.of, each.told, each.path.name if each.path else "") for each in lines]
    show.table("", _HEADINGS, rows)
    if copies.paths:
        show.say(f"Copies dans {to} : {len(copies.paths)}. Effacez-les d'ici une fois vérifiées.")


def _line(copies: _Copies, standing: Standing) -> _Line:
    title, of = standing.asked.rule.title, standing.asked.name
    key = standing.newest.key if standing.newest and standing.kind else _before(standing)
    path = copies.keep(key, standing.asked.rule.code, of) if key else None
    return _Line(title, of, standing.state, _told(standing), path)


def _before(standing: Standing) -> str:
    """Give the key of the file that was noted, where the newest is none that is taken."""
    return standing.noted.object_key if standing.noted and standing.keeps_noted else ""


def _other(copies: _Copies, found: HandedIn, stored: Stored) -> _Line:
    code, owner = slot_of(stored.key)
    file = found.family.enrolment.pupil(owner)
    of = file.name if file else ""
    path = copies.keep(stored.key, code, of or owner)
    told = f"n'est plus demandée ; reçue le {day_and_hour(stored.at)}, {size(stored.size)}"
    return _Line(code, of, "unasked", told, path)


def _told(standing: Standing) -> str:
    if standing.newest is None:
        return _OTHER_STATES[standing.state]
    received = f"le {day_and_hour(standing.newest.at)}, {size(standing.newest.size)}"
    if standing.kind is None:
        before = " ; celui d'avant est copié" if standing.keeps_noted else ""
        return f"fichier reçu {received}, ni PDF ni photo{before}"
    is_noted = standing.noted is not None and standing.noted.object_key == standing.newest.key
    return (
        f"déposée {received}, {_KINDS[standing.kind]}{'' if is_noted else ' ; pas encore enregistrée par la famille'}"
    )


def _json(line: _Line) -> dict[str, object]:
    return {"title": line.title, "of": line.of, "state": line.state, "said": line.told, "file": line.path}
