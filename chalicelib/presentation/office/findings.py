"""The findings of an import of families: the list of each, and its lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.domain.family.households import Pupil
from chalicelib.domain.roster.applied_imports import AppliedImport
from chalicelib.domain.roster.yearly_file import Anomaly, Column
from chalicelib.presentation.office.accounts import pupil_text
from chalicelib.presentation.office.anomalies import sentence
from chalicelib.presentation.texts import day

if TYPE_CHECKING:
    from chalicelib.domain.roster.row_families import Difference
    from chalicelib.office.roster.import_families import FamilyChange, Finding

KINDS: Final = {
    "new": "Nouvelles",
    "changed": "Changées",
    "unchanged": "Inchangées",
    "moved": "Passées à un autre site",
    "gone": "Parties",
    "kept": "Corrigées ici (le fichier dit encore autre chose)",
    "not_restored": "Ne reviennent pas",
    "reused": "Identifiants repris ? (au dossier, c'est une autre famille)",
    "error": "Erreurs (lignes laissées de côté)",
    "warning": "À vérifier (lignes importées, sans ce qui est illisible)",
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
    "guardian_emails": "E-mails des responsables",
    "guardian_addresses": "Adresses des responsables",
    "gone": "Sortie du fichier",
    "disabled": "Compte",
}
HEADINGS: Final = ("Ligne", "Site", "Identifiant", "Famille", "Colonne", "Au dossier", "Dans le fichier", "Remarque")
_PARTIAL: Final = "Une colonne manque au fichier, qui y était la fois d'avant : ce qui est au dossier reste entier."
Line = tuple[int | str, str, str, str, str, str, str, str]


def lines_of(finding: Finding, headings: Mapping[Column, str]) -> list[Line]:
    """Format a finding as lines under `HEADINGS`: one, or one for each field that differs."""
    if isinstance(finding, Anomaly):
        site, identifier = (finding.ref.site, finding.ref.identifier) if finding.ref else ("", "")
        column = headings[finding.column] if finding.column else ""
        return [(finding.line or "", site, identifier, "", column, "", "", sentence(finding))]
    cells = (finding.line or "", finding.ref.site, finding.display_identifier or finding.ref.identifier, finding.name)
    lines = [_line(cells, difference) for difference in finding.differences]
    return lines or [(*cells, "", "", "", _remark(finding))]


def _line(cells: tuple[int | str, str, str, str], difference: Difference) -> Line:
    on_file, file = map(_text, _differing_values(difference))
    return (*cells, FIELDS[difference.what], on_file, file, _PARTIAL if difference.is_partial else "")


def _differing_values(finding: Difference) -> tuple[object, object]:
    """Return the stored value and the file's. Of the pupils, only those that differ."""
    match finding.ours, finding.file:
        case (tuple() as current, tuple() as file) if finding.what == "pupils" and set(current) != set(file):
            return tuple(pupil for pupil in current if pupil not in file), tuple(
                pupil for pupil in file if pupil not in current
            )
        case pair:
            return pair


def _remark(finding: FamilyChange) -> str:
    if finding.moved_from:
        return f"Avant à {finding.moved_from.site}, où le fichier ne la liste plus."
    return f"Notée partie le {day(finding.gone_at)}." if finding.gone_at else ""


def _text(value: object) -> str:
    match value:
        case tuple():
            return " ; ".join(map(_text, value))
        case Pupil():
            return pupil_text(value)
        case datetime():
            return f"depuis le {day(value)}"
        case bool():
            return "désactivé" if value else "actif"
        case _:
            return str(value or "")


def counts_text(import_done: AppliedImport) -> str:
    """Describe an import's counts."""
    counts = (f"{name} : {import_done.counts[kind]}" for kind, name in KINDS.items() if import_done.counts.get(kind))
    switches = ("familles parties désactivées",) if import_done.disables_gone and import_done.counts.get("gone") else ()
    return " ; ".join((*counts, *switches)) or "rien"
