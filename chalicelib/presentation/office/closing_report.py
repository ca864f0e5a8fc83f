"""The closing report as French sentences and tables, for terminal and page, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, TypeVar

from chalicelib.domain.enrolment.funnel import Step
from chalicelib.domain.text import fold
from chalicelib.presentation.office.enrolments import STATES, counts_sentence, household_changes
from chalicelib.presentation.office.steps import LABELS
from chalicelib.values import frozen

if TYPE_CHECKING:
    from chalicelib.office.enrolment.report import ClosingReport, DisciplineReport, FamilyToCall, PlaceOutcome

Item = TypeVar("Item", str, tuple[str, str])

_OUTCOMES: Final[dict[PlaceOutcome, str]] = {
    "kept": "Continuent",
    "moved": "Vont vers une autre",
    "stopped": "Arrêtent",
    "left": "Quittent tout",
    "declined": "Refusées",
    "waiting": "Rien d'envoyé",
}
_SENT: Final[tuple[Step, ...]] = ("submitted", "to_complete", "validated")
ENROLLED: Final[tuple[Step, ...]] = ("started", *_SENT)
_NET: Final = "Solde"
NO_REASON: Final = "sans motif"


@frozen
class ReportTable:
    """A table of the report, with at least one row."""

    title: str
    headings: Sequence[str]
    rows: list[list[object]]

    def is_words(self, column: int) -> bool:
        """Whether a column is of words, aligned to the left."""
        return self.headings[column] != _NET and isinstance(self.rows[0][column], str)


def sentences(report: ClosingReport) -> Iterator[str]:
    """Summarise the season in a few sentences."""
    starts, sendings = report.count_at(*_SENT, "started"), report.count_at(*_SENT)
    yield (
        f"Familles : {report.families.total()}. Ont commencé : {starts} ; ont tout envoyé : {sendings} ; validées : "
        f"{report.count_at('validated')} ; n'ont jamais répondu : {report.families[None]}."
    )
    yield counts_sentence(report.pupils)
    net = sum(discipline.net for discipline in report.disciplines.values())
    yield (
        f"Par rapport à cette année : élèves qui s'en vont : {len(report.leavers)} ; cours qui changent de "
        f"discipline : {report.moves.total()} ; solde des places : {signed_number(net)}."
    )
    if report.apart:
        yield f"Familles désactivées, parties ou nouvelles, comptées à part : {report.apart}."


def tables(report: ClosingReport) -> Iterator[ReportTable]:
    """List the tables that have rows."""
    candidates = (_states(report), _disciplines(report), _moves(report), _reasons(report), *lists(report))
    yield from (table for table in candidates if table.rows)


def lists(report: ClosingReport) -> Iterator[ReportTable]:
    """List the tables that name families: leavers, families to call, and pupils to review."""
    leavers: list[list[object]] = [
        [leaver.family, leaver.identifier, leaver.pupil, ", ".join(leaver.disciplines), leaver.reason or NO_REASON]
        for leaver in report.leavers
    ]
    to_call: list[list[object]] = [
        [
            family.family,
            family.identifier,
            LABELS[family.step] if family.step else "jamais répondu",
            ", ".join(_to_send(family)),
            ", ".join(family.telephones) or "aucun au dossier",
        ]
        for family in report.to_call
    ]
    yield ReportTable("Qui s'en va", ("Famille", "Identifiant", "Élève", "Quitte", "Motif"), leavers)
    headings = ("Famille", "Identifiant", "Où elle en est", "Élèves à envoyer", "Téléphones")
    yield ReportTable("À appeler : jamais répondu, ou pas tout envoyé", headings, to_call)
    to_review: list[list[object]] = [
        [pupil.family, pupil.identifier, pupil.pupil, household_changes(pupil.before, pupil.now)]
        for pupil in report.to_review
    ]
    columns = ("Famille", "Identifiant", "Élève", "Ce qui a changé")
    yield ReportTable("À regarder : foyer renvoyé depuis la décision", columns, to_review)


def _to_send(family: FamilyToCall) -> Iterator[str]:
    yield from family.pupils
    yield from (f"{name} (réponses modifiées, pas renvoyées)" for name in family.changed)
    if family.household_waits:
        yield "foyer modifié, pas renvoyé"


def _states(report: ClosingReport) -> ReportTable:
    rows: list[list[object]] = [
        [discipline.name, *(discipline.states[state] for state in STATES), discipline.states.total()]
        for discipline in _by_name(report)
    ]
    if rows:
        counts = (report.pupils[state] for state in STATES)
        rows.append(["Élèves, chacun une fois", *counts, report.pupils.total()])
    headings = ("Discipline", *(name[0].upper() + name[1:] for name in STATES.values()), "Total")
    return ReportTable("Les élèves, par discipline de cette année et par état", headings, rows)


def _disciplines(report: ClosingReport) -> ReportTable:
    rows: list[list[object]] = [_places(discipline) for discipline in _by_name(report)]
    headings = ("Discipline", "Cette année", *_OUTCOMES.values(), "Arrivent", "L'an prochain", _NET)
    return ReportTable("Ce que deviennent les places, par discipline", headings, rows)


def _places(discipline: DisciplineReport) -> list[object]:
    counts = (discipline.counts[outcome] for outcome in _OUTCOMES)
    arrivals, net = discipline.counts["come"], signed_number(discipline.net)
    return [discipline.name, discipline.this_year, *counts, arrivals, discipline.next_year, net]


def _moves(report: ClosingReport) -> ReportTable:
    rows: list[list[object]] = [[*names, count] for names, count in _by_count(report.moves.items())]
    return ReportTable("Qui change de discipline", ("De", "Vers", "Élèves"), rows)


def _reasons(report: ClosingReport) -> ReportTable:
    rows: list[list[object]] = [[reason or NO_REASON, count] for reason, count in _by_count(report.reasons.items())]
    return ReportTable("Pourquoi des élèves s'en vont", ("Motif", "Élèves"), rows)


def _by_count(items: Iterable[tuple[Item, int]]) -> list[tuple[Item, int]]:
    return sorted(items, key=lambda item: (-item[1], item[0]))


def _by_name(report: ClosingReport) -> list[DisciplineReport]:
    return sorted(report.disciplines.values(), key=lambda discipline: fold(discipline.name))


def signed_number(count: int) -> str:
    """Format a number with its sign, a true minus. Zero is 0."""
    return f"{count:+d}".replace("-", "−") if count else "0"


def report_json(report: ClosingReport) -> dict[str, Any]:
    """Describe a site's report for another program."""
    return {
        "site": report.site.code,
        "season": report.season,
        "families": {"total": report.families.total(), "none": report.families[None]}
        | {step: report.count_at(step) for step in ENROLLED},
        "apart": report.apart,
        "pupils": {state: report.pupils[state] for state in STATES},
        "disciplines": [
            {
                "name": discipline.name,
                "states": {state: discipline.states[state] for state in STATES},
                "this_year": discipline.this_year,
                **{outcome: discipline.counts[outcome] for outcome in (*_OUTCOMES, "come")},
                "next_year": discipline.next_year,
                "net": discipline.net,
            }
            for discipline in _by_name(report)
        ],
        "moves": [
            {"from": before, "to": after, "count": count} for (before, after), count in _by_count(report.moves.items())
        ],
        "reasons": dict(_by_count(report.reasons.items())),
        "leavers": [asdict(leaver) for leaver in report.leavers],
        "to_call": [asdict(family) for family in report.to_call],
        "to_look_at": [
            {
                "family": pupil.family,
                "identifier": pupil.identifier,
                "pupil": pupil.pupil,
                "changes": household_changes(pupil.before, pupil.now),
            }
            for pupil in report.to_review
        ],
    }
