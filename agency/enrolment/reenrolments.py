"""`clef enrolments list`: pupil by pupil, as rows of a table, of a spreadsheet, or as JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Site, Stage
from agency.console.private_file import private_file
from chalicelib.domain.enrolment.enrolments import State
from chalicelib.office.csv_writer import write_csv
from chalicelib.office.enrolment.reenrolments import EnrolledPupil, PupilQuery, pupils
from chalicelib.presentation import texts
from chalicelib.presentation.office import enrolments
from chalicelib.presentation.office.enrolments import (
    DOCUMENTS_TOKENS,
    OPINION_TOKENS,
    STATE_TOKENS,
    DocumentsToken,
    OpinionToken,
    StateToken,
)
from chalicelib.settings.wings import has

Season = Annotated[
    str | None, typer.Option(metavar="ANNÉE", help="L'année de la période ; sans elle, la dernière annoncée.")
]
AtState = Annotated[StateToken | None, typer.Option(help="Seulement les élèves qui en sont là.")]


HEADINGS: Final = ("Famille", "Identifiant", "Site", "Élève", "État", "Réponses", "Reçu", "Depuis")


def list_pupils(
    *,
    site: Site = None,
    state: AtState = None,
    discipline: Annotated[str | None, typer.Option(help="Seulement cette discipline, suivie ou souhaitée.")] = None,
    teacher: Annotated[str | None, typer.Option(help="Seulement les élèves de cet enseignant.")] = None,
    documents: Annotated[
        DocumentsToken | None, typer.Option(help="Seulement les élèves dont une pièce demandée en est là.")
    ] = None,
    opinion: Annotated[
        OpinionToken | None,
        typer.Option(
            help="Seulement les élèves dont un enseignant a donné cet avis, ou aucun.", hidden=not has("teaching")
        ),
    ] = None,
    season: Season = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Un CSV où écrire la liste, sans les avis, pour un tableur.")
    ] = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Montrer les réinscriptions élève par élève : où elles en sont, ce que demande la famille.

    Exemple : clef enrolments list --site evry-magnard
    """
    services = connect(stage).services
    query = PupilQuery(
        site,
        season,
        STATE_TOKENS[state] if state else None,
        discipline,
        teacher,
        DOCUMENTS_TOKENS[documents] if documents else None,
        OPINION_TOKENS[opinion] if opinion else None,
    )
    counts: Counter[State] = Counter()
    with output.progress("Lecture") as advance:
        all_rows = pupils(services, query, services.clock(), with_opinions=not report)
        rows_counted = _count_states(all_rows, counts, advance)
        if report:
            with private_file(report) as file:
                write_csv(file, HEADINGS, map(pupil_row, rows_counted))
            rows: list[Any] = []
        else:
            rows = [(pupil_json if as_json else _row_with_opinions)(pupil) for pupil in rows_counted]
    _print_list(rows, counts, report, as_json=as_json)


def _count_states(
    pupils: Iterable[EnrolledPupil], counts: Counter[State], advance: output.ProgressBar
) -> Iterator[EnrolledPupil]:
    for pupil in pupils:
        counts[pupil.file.state] += 1
        advance()
        yield pupil


def _print_list(rows: list[Any], counts: Counter[State], report: Path | None, *, as_json: bool) -> None:
    if report:
        output.note(f"Écrit : {report}")
    if as_json:
        output.print_json({"counts": counts, **({"report": report} if report else {"pupils": rows})})
        return
    if any(row[-1] for row in rows):
        output.table("", (*HEADINGS, "Avis"), rows)
    elif rows:
        output.table("", HEADINGS, [row[:-1] for row in rows])
    output.say(enrolments.counts_sentence(counts))


def pupil_row(pupil: EnrolledPupil) -> list[object]:
    """Write a pupil of a list as a row."""
    account, file = pupil.family.account, pupil.file
    return [
        account.name,
        account.display_identifier or account.ref.identifier,
        account.ref.site,
        file.name,
        enrolments.standing(pupil),
        enrolments.list_answers(pupil),
        file.sent.receipt if file.sent else "",
        texts.day_and_hour(pupil.since) if pupil.since else "",
    ]


def _row_with_opinions(pupil: EnrolledPupil) -> list[object]:
    return [*pupil_row(pupil), enrolments.list_opinions(pupil)]


def pupil_json(pupil: EnrolledPupil) -> dict[str, Any]:
    """Describe a pupil of a list."""
    account, file = pupil.family.account, pupil.file
    return {
        "family": account.name,
        "identifier": account.display_identifier or account.ref.identifier,
        "site": account.ref.site,
        "season": pupil.family.enrolment.ref.season,
        "pupil": file.name,
        "state": file.state,
        "answers": enrolments.pupil_answers(file),
        "household_waits": pupil.family.household_waits,
        "household_since": enrolments.household_since(pupil),
        "receipt": file.sent.receipt if file.sent else None,
        "since": pupil.since,
        "on_file": pupil.is_on_file,
        "gone_at": account.gone_at,
        "opinions": opinions_json(pupil),
    }


def opinions_json(pupil: EnrolledPupil) -> list[dict[str, Any]]:
    """Describe the opinions of a pupil's teachers on their return."""
    return [
        {
            "season": pupil_opinion.ref.season,
            "discipline": pupil_opinion.discipline,
            "teacher": pupil_opinion.teacher,
            "opinion": pupil_opinion.said.leaning,
            "words": pupil_opinion.said.words,
            "by": pupil_opinion.by,
            "at": pupil_opinion.at,
        }
        for pupil_opinion in pupil.opinions
    ]
