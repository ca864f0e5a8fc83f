"""`clef enrolments export|report`: the rows that the school's software takes, and the closing report of the season."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

from agency.console import show
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
from agency.console.private_file import private_file
from agency.console.spreadsheet import write_csv, write_xlsx
from agency.enrolment import closing_words as words
from agency.enrolment.closing_page import page_of
from agency.enrolment.commands import AtState, Season, Site
from chalicelib.office.enrolment.export import HEADINGS, Row, rows
from chalicelib.office.enrolment.reenrolments import Asked
from chalicelib.office.enrolment.report import Closing, closings
from chalicelib.office.enrolment.words import STATE_TOKENS

_SUFFIXES: Final = (".csv", ".xlsx")


def export(
    *,
    to: Annotated[Path, typer.Option("--to", metavar="FICHIER", help="Le fichier à écrire : .csv ou .xlsx.")],
    site: Site = None,
    state: AtState = None,
    season: Season = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Écrire les réinscriptions pour le logiciel du conservatoire : une ligne par élève et par cours."""
    if to.suffix.casefold() not in _SUFFIXES:
        raise typer.BadParameter("donnez un nom de fichier en .csv ou en .xlsx.", param_hint="--to")
    services = connect(stage).services
    asked = Asked(site, season, STATE_TOKENS[state] if state else None)
    with show.progress("Écriture") as advance, private_file(to) as file:
        counted = _Counted(rows(services, asked, services.clock()), advance)
        if to.suffix.casefold() == ".csv":
            write_csv(file, HEADINGS, counted)
        else:
            write_xlsx(file, "Réinscriptions", HEADINGS, counted)
    if as_json:
        show.as_json({"file": to, "rows": counted.rows})
    else:
        show.say(f"Lignes écrites : {counted.rows}, dans {to}.")
        show.say("Ce fichier contient des données personnelles : effacez-le une fois repris dans votre logiciel.")


class _Counted:
    """Rows, counted as they pass."""

    def __init__(self, found: Iterable[Row], advance: show.Advance) -> None:
        self._found = found
        self._advance = advance
        self.rows = 0

    def __iter__(self) -> Iterator[Row]:
        for each in self._found:
            self.rows += 1
            self._advance()
            yield each


def report(
    *,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FICHIER", help="Une page à imprimer ; elle nomme des familles.")
    ] = None,
    site: Site = None,
    season: Season = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Faire le bilan de la saison, site par site : qui a répondu, qui part, ce qui change, qui appeler."""
    services = connect(stage).services
    now = services.clock()
    with show.progress("Lecture") as advance:
        made = closings(services, Asked(site, season), now, advance)
    if to:
        with private_file(to) as file:
            file.write(page_of(made, services.settings.network, now).encode())
        show.note(f"Écrit : {to}")
    if as_json:
        show.as_json({"at": now, "sites": [words.closing_json(each) for each in made]})
        return
    for closing in made:
        _tell(closing)


def _tell(closing: Closing) -> None:
    show.say(f"\n{closing.site.name}, réinscription {closing.season}")
    for sentence in words.sentences(closing):
        show.say(f"  {sentence}")
    for table in words.tables(closing):
        show.say("")
        show.table(table.title, table.headings, table.rows)
