"""`clef families import`: the yearly file; what else is done to families hangs on the same word (`rights`)."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from agency.console import show
from agency.console.connection import connect
from agency.console.ending import Code
from agency.console.options import LOCAL, Apply, AsJson, Stage
from agency.files.opening import open_file
from agency.roster.report import Report, reporting
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.roster.yearly_file import Anomaly, Row, YearlyFile
from chalicelib.office.refused import Refused
from chalicelib.office.roster.import_families import Finding, Import, carry_out
from chalicelib.office.roster.survey import How, Imprudent, Survey, check_prudence, survey
from chalicelib.services import Services

commands = typer.Typer(help="Les familles : fichier annuel, droits d'accès et d'effacement.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FICHIER", help="Le fichier des familles, CSV ou XLSX.")]
Site = Annotated[str | None, typer.Option(help="Le code du site de toutes les lignes, si aucune colonne ne le dit.")]
ReportFile = Annotated[Path | None, typer.Option("--report", help="Un CSV où écrire toutes les listes, en entier.")]
DisableGone = Annotated[bool, typer.Option("--disable-gone", help="Désactiver aussi les familles parties.")]
Yes = Annotated[bool, typer.Option("--yes", help="Oui d'avance, même si beaucoup de familles sont parties.")]


@commands.command("import")
def import_(
    file: File,
    *,
    apply: Apply = False,
    disable_gone: DisableGone = False,
    yes: Yes = False,
    report: ReportFile = None,
    site: Site = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Lire le fichier annuel : familles nouvelles, changées, parties, et ce qui cloche ; --apply l'enregistre."""
    services = connect(stage).services
    if report and report.resolve() == file.resolve():
        raise Refused("report_is_file", file=file.name)
    opened = open_file(file, services.settings.network, site)
    how = How(disable_gone=disable_gone, is_sure=yes, apply=apply)
    with reporting(opened.headings, report, as_json=as_json) as told:
        surveyed, hesitation = _import(services, opened, how, told)
        if as_json:
            told.write_json(_facts(opened, surveyed, how))
        else:
            told.show(services.settings.network, has_all_elsewhere=report is not None)
            for sentence in (*_sentences(opened, surveyed, how, told), *hesitation):
                show.say(sentence)
    if told.anomalies:
        raise typer.Exit(Code.TO_LOOK_AT)


def _import(services: Services, file: YearlyFile, how: How, told: Report) -> tuple[Survey, tuple[str, ...]]:
    """Survey and carry out; give what an `--apply` would hesitate at."""
    now = services.clock()
    with show.progress("Lecture") as advance:
        rows = partial(_watched, file, advance)
        surveyed = survey(services, replace(file, rows=rows), told, now)
    hesitation = _hesitation(surveyed, how)
    families = surveyed.roll.families
    with show.progress("Enregistrement" if how.apply else "Comparaison", families) as advance:

        def tell(found: Finding | Anomaly) -> None:
            told(found)
            advance(isinstance(found, Finding) and found.line is not None and found.kind != "kept")

        try:
            carry_out(Import(services, surveyed, how, now), file, tell)
        except (KeyboardInterrupt, Unavailable):
            show.note(f"Familles faites : {told.families} sur {families}.")
            raise
    return surveyed, hesitation


def _watched(file: YearlyFile, advance: show.Advance) -> Iterator[Row]:
    for row in file.rows():
        yield row
        advance()


def _hesitation(surveyed: Survey, how: How) -> tuple[str, ...]:
    """Say why one should think twice, and stop there where it is about to be done."""
    try:
        check_prudence(surveyed, how)
    except Imprudent as imprudent:
        if not how.apply:
            return (imprudent.sentence,)
        show.note(imprudent.sentence)
        raise typer.Exit(Code.STOPPED) from None
    except Refused as refused:
        if how.apply:
            raise
        return (refused.sentence,)
    return ()


def _facts(file: YearlyFile, surveyed: Survey, how: How) -> dict[str, object]:
    roll = surveyed.roll
    return {
        "applied": how.apply,
        "rows": roll.rows,
        "rows_left_out": roll.left_out,
        "families": roll.families,
        "gone_noted": how.apply and surveyed.notes_gone,
        "gone_disabled": how.apply and how.disable_gone,
        "headings_ignored": file.ignored,
    }


def _sentences(file: YearlyFile, surveyed: Survey, how: How, told: Report) -> Iterator[str]:
    """Say what was read, what was done, and what there is to do."""
    roll, gone = surveyed.roll, told.kinds["gone"]
    yield ""
    yield f"Lignes lues : {roll.rows} ; laissées de côté : {roll.left_out}. Familles : {roll.families}."
    if file.ignored:
        yield f"Colonnes ignorées : {', '.join(file.ignored)}."
    if gone and not surveyed.notes_gone:
        yield (
            "Les familles parties ne sont pas notées comme telles : des lignes n'ont pas de site ou d'identifiant "
            f"lisible ({roll.unplaced}), et l'une d'elles peut être la leur."
        )
    elif gone and not how.disable_gone:
        yield "Les familles parties peuvent encore se connecter ; --disable-gone les en empêche."
    yield "C'est enregistré." if how.apply else "Rien n'a été écrit : ajoutez --apply pour enregistrer."
