"""`clef requests show`: one request whole, with its history; in French, or as JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from agency.admission.options import Number
from agency.admission.requests import look_alikes_text, pupil_json
from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
from chalicelib.office.admission import lines
from chalicelib.office.admission.find import version_of
from chalicelib.office.admission.places import WishStanding
from chalicelib.office.admission.requests import RequestedPupil
from chalicelib.office.admission.show import RequestOverview, request_overview
from chalicelib.settings import Network


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
    _section("Qui demande", _household(overview, network))
    for pupil, standings in zip(overview.pupils, overview.wishes, strict=True):
        _section(f"\n{lines.pupil_title(pupil)}", _pupil(pupil, standings, network))
    _section("\nPièces", ((document.title, lines.document_text(document)) for document in overview.documents))
    _section("\nHistorique", lines.history(overview))


def _section(title: str, lines: Iterator[tuple[str, str]]) -> None:
    rows = list(lines)
    if not rows:
        return
    output.say(title)
    width = max(len(label) for label, _ in rows)
    for label, value in rows:
        output.say(f"  {label:<{width}}  {value}")


def _household(overview: RequestOverview, network: Network) -> Iterator[tuple[str, str]]:
    yield from lines.household(overview, network)
    version = version_of(overview.application)
    yield "Version", f"{version} (avec --seen {version}, rien n'est décidé si elle change)"


def _pupil(pupil: RequestedPupil, standings: tuple[WishStanding, ...], network: Network) -> Iterator[tuple[str, str]]:
    for label, value in lines.pupil(pupil, standings, network):
        yield label, f"{value} : {_command(pupil)}" if label == lines.ACCOUNT else value
    if pupil.look_alikes:
        yield "Ressemble", look_alikes_text(pupil.look_alikes)


def _command(pupil: RequestedPupil) -> str:
    site, identifier = pupil.application.standing(pupil.candidate.key).account or ("", "")
    return f"« clef desk show {identifier} --site {site} »"


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
