"""`clef requests show`: one request whole, with its history; in French, or as JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from agency.admission.options import Number
from agency.admission.requests import look_alikes_text, pupil_json
from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
from chalicelib.office.admission import words
from chalicelib.office.admission.find import version_of
from chalicelib.office.admission.places import WishStanding
from chalicelib.office.admission.requests import RequestedPupil
from chalicelib.office.admission.show import RequestDocument, RequestOverview, request_overview
from chalicelib.office.desk.account_text import ACTS, join_words
from chalicelib.office.enrolment.words import provided_how
from chalicelib.settings import Network
from chalicelib.texts import day, day_and_hour


def show(number: Number, *, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer toute une demande : qui, quels vœux et où ils en sont, pièces, ressemblances, historique."""
    services = connect(stage).services
    overview = request_overview(services, number, services.clock())
    if as_json:
        output.print_json(request_json(overview))
    else:
        print_request(overview, services.settings.network)


def print_request(overview: RequestOverview, network: Network) -> None:
    """Print it as lines."""
    application = overview.application
    output.say(f"Demande {application.number}, pré-inscription {application.ref.season}\n")
    _section("Qui demande", _guardian(overview, network))
    for pupil, standings in zip(overview.pupils, overview.wishes, strict=True):
        born = f" (naissance le {day(pupil.candidate.born_on)}, {pupil.age} ans)" if pupil.candidate.born_on else ""
        _section(f"\n{pupil.candidate.name}{born} : {words.state(pupil)}", _pupil(pupil, standings, network))
    _section("\nPièces", ((document.title, _document_text(document)) for document in overview.documents))
    _section("\nHistorique", _history(overview))


def _section(title: str, lines: Iterator[tuple[str, str]]) -> None:
    rows = list(lines)
    if not rows:
        return
    output.say(title)
    width = max(len(label) for label, _ in rows)
    for label, value in rows:
        output.say(f"  {label:<{width}}  {value}")


def _guardian(overview: RequestOverview, network: Network) -> Iterator[tuple[str, str]]:
    application, sent = overview.application, overview.application.sent
    if sent is None:
        return
    groups = {group.code: group.title for group in network.admission.groups}
    yield "Responsable", sent.answers.guardian
    yield "E-mail", application.email
    yield "Téléphone", sent.answers.telephone
    yield "Adresse", join_words(sent.answers.address, "non renseignée")
    if sent.answers.groups:
        yield "Priorités", " ; ".join(groups.get(code, code) for code in sent.answers.groups)
    yield "Envoyée", f"le {day_and_hour(sent.first_at)}"
    if sent.at != sent.first_at:
        yield "Renvoyée", f"le {day_and_hour(sent.at)} : c'est ce qui est montré ici"
    yield (
        "Version",
        f"{version_of(application)} (avec --seen {version_of(application)}, rien n'est décidé si elle change)",
    )
    if application.draft:
        yield "Pas renvoyé", f"des corrections sont commencées, le {day_and_hour(application.saved_at or sent.at)}"


def _pupil(pupil: RequestedPupil, standings: tuple[WishStanding, ...], network: Network) -> Iterator[tuple[str, str]]:
    for rank, found in enumerate(standings, 1):
        yield f"Vœu {rank}", " : ".join(filter(None, (words.wish(found.wish, network), words.wish_standing(found))))
    standing = pupil.application.standing(pupil.candidate.key)
    if standing.decision:
        yield "Décision", words.decision(standing.decision)
    if standing.decision and standing.decision.until:
        yield "À compléter", f"jusqu'au {day(standing.decision.until)}"
    if standing.account:
        site, identifier = standing.account
        yield "Compte", f"{identifier} ({site}) : « clef desk show {identifier} --site {site} »"
    if standing.withdrawn_at:
        yield "Retirée", f"par la famille le {day_and_hour(standing.withdrawn_at)}"
    if pupil.lacking:
        yield "Manque", ", ".join(pupil.lacking)
    if pupil.look_alikes:
        yield "Ressemble", look_alikes_text(pupil.look_alikes)


def _document_text(document: RequestDocument) -> str:
    of = f"{document.of} : " if document.of else ""
    if document.provided is None:
        return f"{of}manque"
    saved = document.provided.saved
    return f"{of}{provided_how(document.provided)} le {day_and_hour(saved.at)}, par {saved.by}"


def _history(overview: RequestOverview) -> Iterator[tuple[str, str]]:
    for entry in overview.acts:
        yield day_and_hour(entry.at), f"{ACTS[entry.kind]}, par {entry.author.who} (« {entry.author.why} »)"


def request_json(overview: RequestOverview) -> dict[str, Any]:
    """Describe it as JSON."""
    application, sent = overview.application, overview.application.sent
    return {
        "number": application.number,
        "season": application.ref.season,
        "email": application.email,
        "guardian": sent and sent.answers.guardian,
        "telephone": sent and sent.answers.telephone,
        "address": sent and sent.answers.address,
        "groups": sent and sent.answers.groups,
        "sent_first_at": sent and sent.first_at,
        "sent_at": sent and sent.at,
        "version": version_of(application),
        "has_draft": application.draft is not None,
        "candidates": [
            pupil_json(pupil)
            | {"decision": decision and asdict(decision), "standings": [_standing_json(one) for one in standings]}
            for pupil, standings in zip(overview.pupils, overview.wishes, strict=True)
            for decision in (application.standing(pupil.candidate.key).decision,)
        ],
        "documents": [
            {
                "title": document.title,
                "of": document.of,
                "provided": document.provided and ("uploaded" if document.provided.object_key else "promised"),
                "saved": document.provided and asdict(document.provided.saved),
            }
            for document in overview.documents
        ],
        "history": [
            {"kind": entry.kind, "at": entry.at, "who": entry.author.who, "why": entry.author.why}
            for entry in overview.acts
        ],
    }


def _standing_json(found: WishStanding) -> dict[str, Any]:
    return {
        "discipline": found.wish.discipline,
        "site": found.wish.site,
        "state": found.state,
        "pool": found.pool or None,
        "at": found.at,
        "position": found.position,
    }
