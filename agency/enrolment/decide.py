"""`clef enrolments accept|decline|ask`: what the office decides of pupils that were sent; each decision is mailed."""

from dataclasses import dataclass
from typing import Annotated, Final

import typer

from agency.console import show
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, Who
from agency.desk.account_words import listed, named
from agency.enrolment.commands import OfFamily, Season, Site
from chalicelib.domain.enrolment.enrolments import Verdict
from chalicelib.office.enrolment import words
from chalicelib.office.enrolment.decide import Judgement, Outcome, Ruled, Which
from chalicelib.office.enrolment.decide import decide as decide_of
from chalicelib.office.enrolment.show import Named

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
class _How:
    """Where, and how it is told."""

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
    which = Which(Named(family, site, season), tuple(pupil or ()), everybody)
    _decide(which, Judgement("accepted", who, words, why, again), _How(stage, as_json))


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
    which = Which(Named(family, site, season), tuple(pupil or ()), everybody)
    _decide(which, Judgement("declined", who, words, why, again), _How(stage, as_json))


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
    which = Which(Named(family, site, season), tuple(pupil or ()), everybody)
    _decide(which, Judgement("to_complete", who, words, why, again), _How(stage, as_json))


def _decide(which: Which, judgement: Judgement, how: _How) -> None:
    services = connect(how.stage).services
    outcome = decide_of(services, which, judgement, services.clock())
    if how.as_json:
        show.as_json(_json(outcome))
        return
    account = outcome.family.account
    show.say(f"{named(account)}, réinscription {outcome.family.enrolment.ref.season}")
    for ruled in outcome.pupils:
        show.say(f"  - {ruled.pupil.file.name} : {_told(ruled)}")
    if outcome.family.household_waits:
        unsent = words.household_unsent(outcome.family.enrolment)
        show.say(f"La famille a modifié « Mon foyer », sans le renvoyer : {unsent}.")
    if any(each.is_new for each in outcome.pupils):
        show.say(f"Un mail part vers {listed(account.emails, 'aucune adresse : prévenez la famille par téléphone')}.")


def _told(ruled: Ruled) -> str:
    sent, draft = ruled.pupil.file.sent, ruled.pupil.file.draft
    if not ruled.is_new:
        return f"déjà {words.decision(ruled.decision)} ; rien à faire"
    asked = f"{_DONE[ruled.decision.verdict]} ({words.answers(sent.answers)})" if sent else ""
    replaced = f", au lieu de : {words.decision(ruled.replaced)}" if ruled.replaced else ""
    begun = f". La famille avait commencé à répondre autrement, sans l'envoyer : {words.answers(draft)}"
    return f"{asked}{replaced}{begun if draft else ''}"


def _json(outcome: Outcome) -> dict[str, object]:
    ref = outcome.family.enrolment.ref
    return {
        "site": ref.account.site,
        "identifier": ref.account.identifier,
        "season": ref.season,
        "told": outcome.family.account.emails,
        "pupils": [
            {
                "pupil": each.pupil.file.name,
                "receipt": each.pupil.file.sent and each.pupil.file.sent.receipt,
                "verdict": each.decision.verdict,
                "by": each.decision.by,
                "at": each.decision.at,
                "words": each.decision.words,
                "changed": each.is_new,
                "replaced": each.replaced and each.replaced.verdict,
            }
            for each in outcome.pupils
        ],
    }
