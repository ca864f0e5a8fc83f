"""What an import found, in French for a line of a table and as data for another program."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from agency.desk.account_words import pupil
from chalicelib.domain.family.households import Pupil
from chalicelib.domain.roster.listed_families import Difference
from chalicelib.domain.roster.yearly_file import Anomaly, Column
from chalicelib.office.roster.anomalies import heading, sentence
from chalicelib.office.roster.import_families import Finding
from chalicelib.texts import day

KINDS: Final = {
    "new": "Nouvelles",
    "changed": "Changées",
    "unchanged": "Inchangées",
    "moved": "Passées à un autre site",
    "gone": "Parties",
    "kept": "Corrigées ici (le fichier dit encore autre chose)",
    "error": "Erreurs (lignes laissées de côté)",
    "warning": "À vérifier (lignes importées telles quelles)",
}
FIELDS: Final = {
    "name": "Famille",
    "written": "Identifiant",
    "emails": "E-mails",
    "guardians": "Responsables",
    "address": "Adresse",
    "pupils": "Élèves",
    "telephones": "Téléphones",
    "payer": "Payeur",
    "gone": "Sortie du fichier",
    "disabled": "Compte",
}


HEADINGS: Final = ("Ligne", "Site", "Identifiant", "Famille", "Colonne", "Au dossier", "Dans le fichier", "Remarque")
Line = tuple[int | str, str, str, str, str, str, str, str]


def kind_of(told: Finding | Anomaly) -> str:
    """Give a key of `KINDS`."""
    return told.severity if isinstance(told, Anomaly) else told.kind


def lines_of(told: Finding | Anomaly, headings: Mapping[Column, str]) -> list[Line]:
    """Give the lines of what was found under `HEADINGS`: one, or one for each field that differs."""
    if isinstance(told, Anomaly):
        site, identifier = (told.ref.site, told.ref.identifier) if told.ref else ("", "")
        return [(told.line, site, identifier, "", heading(told.column, headings), "", "", sentence(told))]
    own = (told.line or "", told.ref.site, told.written or told.ref.identifier, told.name)
    apart = [(each.what, *_apart(each)) for each in told.differences]
    differing = [(*own, FIELDS[what], _text(ours), _text(file), "") for what, ours, file in apart]
    return differing or [(*own, "", "", "", _remark(told))]


def _apart(told: Difference) -> tuple[object, object]:
    """Give what we and the file say; of the pupils, only those of whom we say two things."""
    match told.ours, told.file:
        case (tuple() as ours, tuple() as file) if told.what == "pupils" and set(ours) != set(file):
            return tuple(each for each in ours if each not in file), tuple(each for each in file if each not in ours)
        case both:
            return both


def _remark(told: Finding) -> str:
    if told.moved_from:
        return f"Avant à {told.moved_from.site}, où le fichier ne la liste plus."
    return f"Notée partie le {day(told.gone_at)}." if told.gone_at else ""


def _text(value: object) -> str:
    match value:
        case tuple():
            return " ; ".join(map(_text, value))
        case Pupil():
            return pupil(value)
        case datetime():
            return f"depuis le {day(value)}"
        case bool():
            return "désactivé" if value else "actif"
        case _:
            return str(value or "")


def data_of(told: Finding | Anomaly, headings: Mapping[Column, str]) -> dict[str, Any]:
    """Give what was found as JSON can hold it."""
    own: dict[str, Any] = {"kind": told.kind if isinstance(told, Finding) else "anomaly", "line": told.line}
    own |= {"site": told.ref.site, "identifier": told.ref.identifier} if told.ref else {}
    if isinstance(told, Anomaly):
        column = heading(told.column, headings)
        return own | {
            "code": told.code, "severity": told.severity, "column": column, "sentence": sentence(told),
        }  # fmt: skip
    own |= {"written": told.written, "name": told.name}
    own |= {"moved_from": told.moved_from.site} if told.moved_from else {}
    own |= {"gone_at": told.gone_at} if told.gone_at else {}
    differences = [{"field": d.what, "ours": _plain(d.ours), "file": _plain(d.file)} for d in told.differences]
    return own | ({"differences": differences} if differences else {})


def _plain(value: object) -> object:
    match value:
        case tuple():
            return [_plain(each) for each in value]
        case Pupil():
            return asdict(value)
        case _:
            return value
