"""`clef enrolments documents`: what a family handed in, copied to a folder of one's own; what is promised or lacks."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from agency.console import show
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, Who
from agency.console.private_file import private_file
from agency.desk.account_words import named
from agency.enrolment.commands import OfFamily, Season, Site
from agency.enrolment.uploaded import file_name
from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.enrolments import Provided, Receipt
from chalicelib.domain.enrolment.uploads import Fault, Kind, Standing, StandingState, Stored, kind_of, slot_of
from chalicelib.office.enrolment.documents import HandedIn, handed_in
from chalicelib.office.enrolment.show import Named
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

    def keep(self, key: str, *words: str, etag: str = "") -> Path | None:
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
    found = handed_in(services, Named(family, site, season), Author(who, why), services.clock())
    copies = _Copies(services, to, found.family.account.ref.identifier)
    lines = [line for each in found.standings for line in _lines(copies, found, each)]
    lines += [_other(copies, found, each) for each in found.others]
    if as_json:
        show.as_json({"documents": [_json(each) for each in lines]})
        return
    show.say(f"{named(found.family.account)}, réinscription {found.family.enrolment.ref.season}")
    rows = [(each.title, each.of, each.told, each.path.name if each.path else "") for each in lines]
    show.table("", _HEADINGS, rows)
    if copies.paths:
        show.say(f"Copies dans {to} : {len(copies.paths)}. Effacez-les d'ici une fois vérifiées.")


def _lines(copies: _Copies, found: HandedIn, standing: Standing) -> Iterator[_Line]:
    """Tell of what was noted, with its copy; of what was sent and is not that; and of what came since."""
    noted, sent = standing.noted, found.sent(standing.asked.slot)
    is_noted = noted is not None and bool(noted.object_key)
    if noted and is_noted:
        yield _of_noted(copies, standing, noted, sent)
    if sent and not (noted and _is_same(sent[1], noted)):
        yield _of_sent(copies, standing, sent)
    if not is_noted or _is_newer(standing):
        yield _of_newest(copies, standing)


def _of_noted(copies: _Copies, standing: Standing, noted: Provided, sent: tuple[Receipt, Provided] | None) -> _Line:
    file = next((each for each in standing.files if each.key == noted.object_key), None)
    path = None if _is_replaced(file, noted) else _copy(copies, standing, noted)
    if file is None or path is None:
        gone = "le fichier n'est plus là" if file is None else "remplacée depuis, ce n'est plus le même fichier"
        told = f"manque : enregistrée le {day_and_hour(noted.saved.at)} par {noted.saved.by}, {gone}"
    else:
        told = f"déposée le {day_and_hour(file.at)}, {size(file.size)}{_kind(path)}{_with(noted, sent)}"
    state = "received" if path else "replaced"
    return _Line(standing.asked.rule.title, standing.asked.name, state, told, path)


def _of_sent(copies: _Copies, standing: Standing, sent: tuple[Receipt, Provided]) -> _Line:
    receipt, provided = sent
    file = next((each for each in standing.files if each.key == provided.object_key), None)
    path = None if _is_replaced(file, provided) else _copy(copies, standing, provided)
    told = f"celle du reçu {receipt.number}, du {day_and_hour(receipt.at)}"
    told += "" if path else " : ce fichier n'est plus là, ou n'est plus le même"
    return _Line(standing.asked.rule.title, standing.asked.name, "sent", told, path)


def _of_newest(copies: _Copies, standing: Standing) -> _Line:
    newest = standing.newest if standing.kind else None
    path = copies.keep(newest.key, standing.asked.rule.code, standing.asked.name) if newest else None
    return _Line(standing.asked.rule.title, standing.asked.name, standing.state, _told(standing), path)


def _copy(copies: _Copies, standing: Standing, provided: Provided) -> Path | None:
    return copies.keep(provided.object_key, standing.asked.rule.code, standing.asked.name, etag=provided.etag)


def _is_same(one: Provided, other: Provided) -> bool:
    return (one.object_key, one.etag) == (other.object_key, other.etag)


def _is_replaced(file: Stored | None, provided: Provided) -> bool:
    """Tell whether other content came under the key of what was noted; of old notes, only by when it came."""
    if file is None:
        return False
    return file.etag != provided.etag if provided.etag else file.at > provided.saved.at


def _is_newer(standing: Standing) -> bool:
    """Tell whether the newest file is not what was noted: it came since."""
    newest, noted = standing.newest, standing.noted
    return newest is not None and noted is not None and newest.key != noted.object_key and newest.etag != noted.etag


def _with(noted: Provided, sent: tuple[Receipt, Provided] | None) -> str:
    """Say with which receipt it was sent, or that it is none that was sent."""
    if sent is None:
        return ""
    receipt, provided = sent
    if _is_same(provided, noted):
        return f" ; envoyée avec le reçu {receipt.number}"
    return f" ; enregistrée après le reçu {receipt.number} : ce n'est pas le fichier envoyé"


def _kind(path: Path) -> str:
    return {".pdf": ", PDF", ".jpg": ", photo JPEG", ".png": ", image PNG"}.get(path.suffix, "")


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
    if standing.fault:
        before = " ; celui d'avant est copié" if standing.keeps_noted else ""
        return f"fichier reçu {received}, {_FAULTS[standing.fault]}{before}"
    kind = f", {_KINDS[standing.kind]}" if standing.kind else ""
    return f"déposée {received}{kind} ; pas encore enregistrée par la famille"


def _json(line: _Line) -> dict[str, object]:
    return {"title": line.title, "of": line.of, "state": line.state, "said": line.told, "file": line.path}
