"""`clef enrolments list|show`: the re-enrolments, pupil by pupil; what is decided or written hangs on the same word."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from agency.console import show
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
from agency.console.private_file import private_file
from agency.console.spreadsheet import write_csv
from agency.enrolment import columns
from agency.enrolment.card import enrolment_json, show_enrolment
from chalicelib.domain.enrolment.enrolments import State
from chalicelib.office.enrolment.reenrolments import Asked, EnrolledPupil, pupils
from chalicelib.office.enrolment.show import Named, shown
from chalicelib.office.enrolment.words import STATE_TOKENS, StateToken

commands = typer.Typer(
    help="Les réinscriptions : qui en est où, ce que demande chaque famille, ce que l'administration en décide.",
    no_args_is_help=True,
)

Site = Annotated[str | None, typer.Option(help="Le code d'un site ; sans lui, tous les sites.")]
Season = Annotated[
    str | None, typer.Option(metavar="ANNÉE", help="L'année de la période ; sans elle, la dernière annoncée.")
]
AtState = Annotated[StateToken | None, typer.Option(help="Seulement les élèves qui en sont là.")]
OfFamily = Annotated[
    str,
    typer.Argument(metavar="IDENTIFIANT|REÇU", help="L'identifiant, ou le numéro d'un reçu, écrit comme on le dit."),
]


@commands.command("list")
def list_(
    *,
    site: Site = None,
    state: AtState = None,
    discipline: Annotated[str | None, typer.Option(help="Seulement cette discipline, suivie ou souhaitée.")] = None,
    season: Season = None,
    report: Annotated[Path | None, typer.Option("--report", help="Un CSV où écrire la liste, pour un tableur.")] = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Montrer les réinscriptions élève par élève : où elles en sont, ce que demande la famille."""
    services = connect(stage).services
    asked = Asked(site, season, STATE_TOKENS[state] if state else None, discipline)
    counts: Counter[State] = Counter()
    with show.progress("Lecture") as advance:
        found = _counted(pupils(services, asked, services.clock()), counts, advance)
        if report:
            with private_file(report) as file:
                write_csv(file, columns.LISTED, map(columns.row, found))
            rows: list[Any] = []
        else:
            rows = [(columns.pupil_json if as_json else columns.row)(each) for each in found]
    _tell(rows, counts, report, as_json=as_json)


def _counted(found: Iterable[EnrolledPupil], counts: Counter[State], advance: show.Advance) -> Iterator[EnrolledPupil]:
    for each in found:
        counts[each.file.state] += 1
        advance()
        yield each


def _tell(rows: list[Any], counts: Counter[State], report: Path | None, *, as_json: bool) -> None:
    if report:
        show.note(f"Écrit : {report}")
    if as_json:
        show.as_json({"counts": counts, **({"report": report} if report else {"pupils": rows})})
        return
    if rows:
        show.table("", columns.LISTED, rows)
    show.say(columns.counted(counts))


@commands.command("show")
def show_(
    family: OfFamily, *, site: Site = None, season: Season = None, stage: Stage = LOCAL, as_json: AsJson = False
) -> None:
    """Montrer toute la réinscription d'une famille : réponses, pièces, reçus, décisions, changements."""
    services = connect(stage).services
    found = shown(services, Named(family, site, season), services.clock())
    if as_json:
        show.as_json(enrolment_json(found))
    else:
        show_enrolment(found)
