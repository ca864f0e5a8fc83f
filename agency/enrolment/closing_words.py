"""The closing report in French: its sentences and its tables, for the terminal and for the page; and as JSON."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeVar

from agency.enrolment.columns import counted
from chalicelib.domain.campaign.funnel import Step
from chalicelib.domain.text import folded
from chalicelib.office.campaign.steps import LABELS
from chalicelib.office.enrolment.report import LOST, Becoming, Closing, Discipline, ToCall
from chalicelib.office.enrolment.words import STATES, household_changes

Counted = TypeVar("Counted", str, tuple[str, str])

_BECOMINGS: Final[dict[Becoming, str]] = {
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


@dataclass(frozen=True)
class Table:
    """A table of the report; its rows are not empty."""

    title: str
    headings: Sequence[str]
    rows: list[list[object]]

    def is_words(self, column: int) -> bool:
        """Tell whether a column is of words, which stand to the left."""
        return self.headings[column] != _NET and isinstance(self.rows[0][column], str)


def sentences(closing: Closing) -> Iterator[str]:
    """Say the season in a few sentences."""
    started, sent = closing.reached(*_SENT, "started"), closing.reached(*_SENT)
    yield (
        f"Familles : {closing.families.total()}. Ont commencé : {started} ; ont tout envoyé : {sent} ; validées : "
        f"{closing.reached('validated')} ; n'ont jamais répondu : {closing.families[None]}."
    )
    yield counted(closing.pupils)
    net = sum(each.net for each in closing.disciplines.values())
    yield (
        f"Par rapport à cette année : élèves qui s'en vont : {len(closing.leavers)} ; cours qui changent de "
        f"discipline : {closing.moves.total()} ; solde des places : {signed(net)}."
    )
    if closing.apart:
        yield f"Familles désactivées ou parties, comptées à part : {closing.apart}."


def tables(closing: Closing) -> Iterator[Table]:
    """Give the tables that have rows."""
    made = (_states(closing), _disciplines(closing), _moves(closing), _reasons(closing), *lists(closing))
    yield from (table for table in made if table.rows)


def lists(closing: Closing) -> Iterator[Table]:
    """Give those that name families: who leaves, who is to be called, of whom to look at what was sent since."""
    leavers: list[list[object]] = [
        [each.family, each.identifier, each.pupil, ", ".join(each.disciplines), each.reason or NO_REASON]
        for each in closing.leavers
    ]
    to_call: list[list[object]] = [
        [
            each.family,
            each.identifier,
            LABELS[each.step] if each.step else "jamais répondu",
            ", ".join(_to_send(each)),
            ", ".join(each.telephones) or "aucun au dossier",
        ]
        for each in closing.to_call
    ]
    yield Table("Qui s'en va", ("Famille", "Identifiant", "Élève", "Quitte", "Motif"), leavers)
    headings = ("Famille", "Identifiant", "Où elle en est", "Élèves à envoyer", "Téléphones")
    yield Table("À appeler : jamais répondu, ou pas tout envoyé", headings, to_call)
    looked_at: list[list[object]] = [
        [each.family, each.identifier, each.pupil, household_changes(each.seen, each.now)]
        for each in closing.to_look_at
    ]
    changed = ("Famille", "Identifiant", "Élève", "Ce qui a changé")
    yield Table("À regarder : foyer renvoyé depuis la décision", changed, looked_at)


def _to_send(family: ToCall) -> Iterator[str]:
    yield from family.pupils
    yield from (f"{name} (réponses modifiées, pas renvoyées)" for name in family.changed)
    if family.household_waits:
        yield "foyer modifié, pas renvoyé"


def _states(closing: Closing) -> Table:
    rows: list[list[object]] = [
        [each.name, *(each.states[state] for state in STATES), each.states.total()] for each in _by_name(closing)
    ]
    if rows:
        counts = (closing.pupils[state] for state in STATES)
        rows.append(["Élèves, chacun une fois", *counts, closing.pupils.total()])
    headings = ("Discipline", *(name[0].upper() + name[1:] for name in STATES.values()), "Total")
    return Table("Les élèves, par discipline de cette année et par état", headings, rows)


def _disciplines(closing: Closing) -> Table:
    rows: list[list[object]] = [_places(each) for each in _by_name(closing)]
    headings = ("Discipline", "Cette année", *_BECOMINGS.values(), "Arrivent", "L'an prochain", _NET)
    return Table("Ce que deviennent les places, par discipline", headings, rows)


def _places(each: Discipline) -> list[object]:
    counts = (each.counts[becoming] for becoming in _BECOMINGS)
    return [each.name, each.this_year, *counts, each.counts["come"], each.next_year, signed(each.net)]


def _moves(closing: Closing) -> Table:
    rows: list[list[object]] = [[*names, count] for names, count in _most(closing.moves.items())]
    return Table("Qui change de discipline", ("De", "Vers", "Élèves"), rows)


def _reasons(closing: Closing) -> Table:
    rows: list[list[object]] = [[reason or NO_REASON, count] for reason, count in _most(closing.reasons.items())]
    return Table("Pourquoi des élèves s'en vont", ("Motif", "Élèves"), rows)


def _most(counted: Iterable[tuple[Counted, int]]) -> list[tuple[Counted, int]]:
    return sorted(counted, key=lambda each: (-each[1], each[0]))


def _by_name(closing: Closing) -> list[Discipline]:
    return sorted(closing.disciplines.values(), key=lambda each: folded(each.name))


def signed(count: int) -> str:
    """Give a number with its sign, a true minus; nothing is 0."""
    return f"{count:+d}".replace("-", "−") if count else "0"


def closing_json(closing: Closing) -> dict[str, Any]:
    """Give a site's report for another program."""
    return {
        "site": closing.site.code,
        "season": closing.season,
        "families": {"total": closing.families.total(), "none": closing.families[None]}
        | {step: closing.reached(step) for step in ENROLLED},
        "apart": closing.apart,
        "pupils": {state: closing.pupils[state] for state in STATES},
        "disciplines": [
            {
                "name": each.name,
                "states": {state: each.states[state] for state in STATES},
                "this_year": each.this_year,
                **{becoming: each.counts[becoming] for becoming in ("kept", *LOST, "waiting", "come")},
                "next_year": each.next_year,
                "net": each.net,
            }
            for each in _by_name(closing)
        ],
        "moves": [{"from": one, "to": other, "count": count} for (one, other), count in _most(closing.moves.items())],
        "reasons": dict(_most(closing.reasons.items())),
        "leavers": [asdict(each) for each in closing.leavers],
        "to_call": [asdict(each) for each in closing.to_call],
        "to_look_at": [
            {
                "family": each.family,
                "identifier": each.identifier,
                "pupil": each.pupil,
                "changes": household_changes(each.seen, each.now),
            }
            for each in closing.to_look_at
        ],
    }
