"""`clef requests wait|accept|decline|ask`: what the office decides of new pupils; each decision is mailed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

import typer

from agency.admission.options import Candidates, Everybody, MaybeWhy, Number, Seen
from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, Who, parse_day
from chalicelib.domain.admission.applications import Application, Verdict
from chalicelib.office.admission import words
from chalicelib.office.admission.accept import AcceptedRequest, AccountChoice
from chalicelib.office.admission.accept import accept as accept_candidates
from chalicelib.office.admission.decide import CandidateDecision, CandidateSelection, RequestDecision
from chalicelib.office.admission.decide import decide as decide_of
from chalicelib.office.desk.account_text import name_and_identifier

Words = Annotated[str, typer.Option("--words", help="Ce que la famille lira dans le mail et sur sa page.")]
NeededWords = Annotated[
    str, typer.Option("--words", help="Ce que la famille lira dans le mail et sur sa page : obligatoire.")
]
Until = Annotated[str, typer.Option("--until", metavar="JOUR", help="Le dernier jour pour compléter, 2027-06-20.")]
Wish = Annotated[str | None, typer.Option("--wish", help="La discipline acceptée, si plusieurs vœux le peuvent.")]
WishSite = Annotated[str | None, typer.Option("--site", help="Le site du vœu accepté, si plusieurs vœux le peuvent.")]
Again = Annotated[bool, typer.Option("--again", help="Revenir sur un refus.")]

_DONE: Final[dict[Verdict, str]] = {
    "waiting": "mise en liste d'attente",
    "to_complete": "à compléter par la famille",
    "declined": "refusée",
    "accepted": "acceptée",
}


@dataclass(frozen=True)
class _OutputOptions:
    """The stage, and whether JSON is wanted."""

    stage: str
    as_json: bool


def wait(
    number: Number,
    *,
    candidate: Candidates = None,
    everybody: Everybody = False,
    seen: Seen = "",
    words: Words = "",
    again: Again = False,
    who: Who,
    why: MaybeWhy = "",
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Mettre des élèves en liste d'attente ; la famille en est avertie par mail."""
    which = CandidateSelection(number, tuple(candidate or ()), everybody, seen)
    _decide(which, RequestDecision("waiting", who, words, why, again=again), _OutputOptions(stage, as_json))


def ask(
    number: Number,
    *,
    candidate: Candidates = None,
    everybody: Everybody = False,
    seen: Seen = "",
    words: NeededWords,
    until: Until,
    again: Again = False,
    who: Who,
    why: MaybeWhy = "",
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Demander de compléter, jusqu'à un jour : la famille le lit par mail et renvoie sa demande."""
    which = CandidateSelection(number, tuple(candidate or ()), everybody, seen)
    request = RequestDecision("to_complete", who, words, why, parse_day(until), again)
    _decide(which, request, _OutputOptions(stage, as_json))


def decline(
    number: Number,
    *,
    candidate: Candidates = None,
    everybody: Everybody = False,
    seen: Seen = "",
    words: NeededWords,
    who: Who,
    why: MaybeWhy = "",
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Refuser des élèves, en disant pourquoi ; leur place, s'ils en ont une, est libre aussitôt."""
    which = CandidateSelection(number, tuple(candidate or ()), everybody, seen)
    _decide(which, RequestDecision("declined", who, words, why), _OutputOptions(stage, as_json))


def accept(
    number: Number,
    *,
    candidate: Candidates = None,
    everybody: Everybody = False,
    seen: Seen = "",
    wish: Annotated[
        str | None, typer.Option("--wish", help="La discipline acceptée, si plusieurs vœux le peuvent.")
    ] = None,
    site: Annotated[str | None, typer.Option(help="Le site du vœu accepté, si plusieurs vœux le peuvent.")] = None,
    identifier: Annotated[
        str, typer.Option("--identifier", help="L'identifiant du compte ; sans lui, il est attribué.")
    ] = "",
    account: Annotated[
        str, typer.Option("--account", metavar="IDENTIFIANT", help="Un compte qui existe, si c'est cette famille.")
    ] = "",
    words: Words = "",
    who: Who,
    why: MaybeWhy = "",
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Déclarer des élèves acceptés et créer leur compte ; la famille reçoit un mail de bienvenue."""
    services = connect(stage).services
    which = CandidateSelection(number, tuple(candidate or ()), everybody, seen)
    request = RequestDecision("accepted", who, words, why)
    choice = AccountChoice(site, wish, identifier=identifier, account=account)
    accepted = accept_candidates(services, which, request, choice, services.clock())
    if as_json:
        output.print_json(_accepted_json(accepted))
        return
    output.say(_title(accepted.application))
    for line in _accepted_lines(accepted):
        output.say(line)
    if any(one.entry.is_new for one in accepted.candidates):
        _say_mail(accepted.application)


def _decide(selection: CandidateSelection, request: RequestDecision, wanted: _OutputOptions) -> None:
    services = connect(wanted.stage).services
    decided = decide_of(services, selection, request, services.clock())
    if wanted.as_json:
        entries = [_decision_json(entry) for entry in decided.candidates]
        output.print_json(_request_json(decided.application) | {"candidates": entries})
        return
    output.say(_title(decided.application))
    for entry in decided.candidates:
        output.say(f"  - {entry.candidate.name} : {_decision_text(entry)}")
    if any(entry.is_new for entry in decided.candidates):
        _say_mail(decided.application)


def _title(application: Application) -> str:
    guardian = application.sent.answers.guardian if application.sent else ""
    return f"Demande {application.number} ({guardian}), pré-inscription {application.ref.season}"


def _say_mail(application: Application) -> None:
    output.say(f"Un mail part vers {application.email}.")


def _decision_text(entry: CandidateDecision) -> str:
    if not entry.is_new:
        return f"déjà {words.decision(entry.decision)} ; rien à faire"
    replaced = f", au lieu de : {words.decision(entry.replaced)}" if entry.replaced else ""
    return f"{_DONE[entry.decision.verdict]}{replaced}"


def _accepted_lines(accepted: AcceptedRequest) -> Iterator[str]:
    for one in accepted.candidates:
        site, discipline, level = one.slot
        course = ", ".join(filter(None, (discipline, level)))
        yield f"  - {one.entry.candidate.name} : {_decision_text(one.entry)}"
        yield f"    {course}, {site} : compte {name_and_identifier(one.account)}"


def _request_json(application: Application) -> dict[str, Any]:
    return {"number": application.number, "season": application.ref.season, "told": application.email}


def _decision_json(entry: CandidateDecision) -> dict[str, Any]:
    return {
        "candidate": entry.candidate.name,
        "key": entry.candidate.key,
        "verdict": entry.decision.verdict,
        "by": entry.decision.by,
        "at": entry.decision.at,
        "words": entry.decision.words,
        "until": entry.decision.until,
        "changed": entry.is_new,
        "replaced": entry.replaced and entry.replaced.verdict,
    }


def _accepted_json(accepted: AcceptedRequest) -> dict[str, Any]:
    return _request_json(accepted.application) | {
        "candidates": [
            _decision_json(one.entry)
            | {
                "site": one.slot[0],
                "discipline": one.slot[1],
                "level": one.slot[2],
                "identifier": one.account.ref.identifier,
                "written": one.account.display_identifier,
            }
            for one in accepted.candidates
        ]
    }
