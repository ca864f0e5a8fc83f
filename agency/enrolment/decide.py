"""`clef enrolments accept|decline|ask`: what the office decides of pupils that were sent; each decision is mailed."""

from dataclasses import dataclass
from typing import Annotated, Final

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, Who
from agency.enrolment.options import OfFamily, Season, Site
from chalicelib.domain.enrolment.enrolments import Verdict
from chalicelib.office.desk.account_text import join_words, name_and_identifier
from chalicelib.office.enrolment import words
from chalicelib.office.enrolment.decide import DecisionRequest, DecisionResult, PupilDecision, PupilSelection
from chalicelib.office.enrolment.decide import decide as decide_of
from chalicelib.office.enrolment.show import FamilyQuery

Pupils = Annotated[
    list[str] | None, typer.Option("--pupil", metavar="NOM", help="De quel élève : son prénom suffit. À répéter.")
]
Everybody = Annotated[bool, typer.Option("--all", help="De tous les élèves de la famille qui attendent.")]
Words = Annotated[str, typer.Option("--words", help="Ce que la famille lira dans le mail et sur l'extranet.")]
NeededWords = Annotated[
    str, typer.Option("--words", help="Ce que la famille lira dans le mail et sur l'extranet : obligatoire.")
]
Again = Annotated[bool, typer.Option("--again", help="Décider autrement de ce qui est déjà accepté ou refusé.")]
MaybeWhy = Annotated[
    str, typer.Option("--why", help="Pourquoi, pour le journal, si ce n'est pas ce que lit la famille.")
]

_DONE: Final[dict[Verdict, str]] = {
    "accepted": "acceptée",
    "declined": "refusée",
    "to_complete": "à compléter par la famille",
}


@dataclass(frozen=True)
class _OutputOptions:
    """The stage, and whether JSON is wanted."""

    stage: str
    as_json: bool


def accept(
    family: OfFamily,
    *,
    pupil: Pupils = None,
    everybody: Everybody = False,
    words: Words = "",
    again: Again = False,
    who: Who,
    why: MaybeWhy = "",
    site: Site = None,
    season: Season = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Déclarer des élèves acceptés ; la famille en est avertie par mail."""
    which = PupilSelection(FamilyQuery(family, site, season), tuple(pupil or ()), everybody)
    _decide(which, DecisionRequest("accepted", who, words, why, again), _OutputOptions(stage, as_json))


def decline(
    family: OfFamily,
    *,
    pupil: Pupils = None,
    everybody: Everybody = False,
    words: NeededWords,
    again: Again = False,
    who: Who,
    why: MaybeWhy = "",
    site: Site = None,
    season: Season = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Refuser des élèves, en disant pourquoi ; la famille en est avertie par mail."""
    which = PupilSelection(FamilyQuery(family, site, season), tuple(pupil or ()), everybody)
    _decide(which, DecisionRequest("declined", who, words, why, again), _OutputOptions(stage, as_json))


def ask(
    family: OfFamily,
    *,
    pupil: Pupils = None,
    everybody: Everybody = False,
    words: NeededWords,
    again: Again = False,
    who: Who,
    why: MaybeWhy = "",
    site: Site = None,
    season: Season = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Demander de compléter : la famille le lit par mail et sur l'extranet, et renvoie sa demande."""
    which = PupilSelection(FamilyQuery(family, site, season), tuple(pupil or ()), everybody)
    _decide(which, DecisionRequest("to_complete", who, words, why, again), _OutputOptions(stage, as_json))


def _decide(selection: PupilSelection, request: DecisionRequest, wanted: _OutputOptions) -> None:
    services = connect(wanted.stage).services
    result = decide_of(services, selection, request, services.clock())
    if wanted.as_json:
        output.print_json(_decisions_json(result))
        return
    account = result.family.account
    output.say(f"{name_and_identifier(account)}, réinscription {result.family.enrolment.ref.season}")
    for decision in result.pupils:
        output.say(f"  - {decision.pupil.file.name} : {_decision_text(decision)}")
    if result.family.household_waits:
        unsent = words.household_unsent(result.family.enrolment)
        output.say(f"La famille a modifié « Mon foyer », sans le renvoyer : {unsent}.")
    if any(pupil.is_new for pupil in result.pupils):
        output.say(
            f"Un mail part vers {join_words(account.emails, 'aucune adresse : prévenez la famille par téléphone')}."
        )


def _decision_text(decision: PupilDecision) -> str:
    sent, draft = decision.pupil.file.sent, decision.pupil.file.draft
    if not decision.is_new:
        return f"déjà {words.decision(decision.decision)} ; rien à faire"
    outcome = f"{_DONE[decision.decision.verdict]} ({words.answers(sent.answers)})" if sent else ""
    replaced = f", au lieu de : {words.decision(decision.replaced)}" if decision.replaced else ""
    begun = f". La famille avait commencé à répondre autrement, sans l'envoyer : {words.answers(draft)}"
    return f"{outcome}{replaced}{begun if draft else ''}"


def _decisions_json(result: DecisionResult) -> dict[str, object]:
    ref = result.family.enrolment.ref
    return {
        "site": ref.account.site,
        "identifier": ref.account.identifier,
        "season": ref.season,
        "told": result.family.account.emails,
        "pupils": [
            {
                "pupil": pupil.pupil.file.name,
                "receipt": pupil.pupil.file.sent and pupil.pupil.file.sent.receipt,
                "verdict": pupil.decision.verdict,
                "by": pupil.decision.by,
                "at": pupil.decision.at,
                "words": pupil.decision.words,
                "changed": pupil.is_new,
                "replaced": pupil.replaced and pupil.replaced.verdict,
            }
            for pupil in result.pupils
        ],
    }
