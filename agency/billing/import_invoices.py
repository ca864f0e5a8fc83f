"""`clef invoices import`: the list of invoices and the folder of their PDFs, onto the families' files."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from agency.billing.import_report import InvoiceReport
from agency.console import output
from agency.console.connection import connect
from agency.console.exit_codes import ExitCode
from agency.console.options import LOCAL, Apply, AsJson, SiteOfFile, Stage
from agency.files.pdfs import PdfFolder
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.roster.yearly_file import Row, YearlyFile
from chalicelib.office.billing.import_invoices import InvoiceChange, InvoiceEvent, InvoiceImport, carry_out
from chalicelib.office.billing.survey import InvoiceSurvey, survey_invoices
from chalicelib.office.files.invoice_columns import INVOICES
from chalicelib.office.files.open_file import open_file

File = Annotated[Path, typer.Argument(metavar="FICHIER", help="La liste des factures, CSV ou XLSX.")]
Pdfs = Annotated[Path, typer.Option("--pdfs", metavar="DOSSIER", help="Le dossier des PDF, nommés par leur numéro.")]


def import_invoices(
    file: File,
    *,
    pdfs: Pdfs,
    apply: Apply = False,
    site: SiteOfFile = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Lire la liste des factures : nouvelles, changées, et ce qui cloche ; --apply les met au dossier des familles.

    Exemple : clef invoices import factures-2027.csv --pdfs factures
    """
    services = connect(stage).services
    invoice_list = open_file(file, services.settings.network, site, INVOICES)
    results = InvoiceReport(invoice_list.headings)
    with output.progress("Lecture") as advance:
        rows = partial(_with_progress, invoice_list, advance)
        survey = survey_invoices(services, replace(invoice_list, rows=rows), results)
    _carry_out(InvoiceImport(services, survey, PdfFolder(pdfs), apply), results)
    if as_json:
        facts = {"applied": apply, "rows": survey.rows, "headings_ignored": invoice_list.ignored}
        output.print_json({**facts, **results.as_json()})
    else:
        results.show(services.settings.network)
        for sentence in _sentences(invoice_list, survey, results, apply=apply):
            output.say(sentence)
    if results.kinds["error"]:
        raise typer.Exit(ExitCode.TO_LOOK_AT)


def _carry_out(run: InvoiceImport, results: InvoiceReport) -> None:
    invoices = run.survey.invoices
    with output.progress("Enregistrement" if run.apply else "Comparaison", invoices) as advance:

        def count(event: InvoiceEvent) -> None:
            results(event)
            advance(not isinstance(event, InvoiceChange) or event.kind != "absent")

        try:
            carry_out(run, count)
        except (KeyboardInterrupt, Unavailable):
            output.note(f"Factures faites : {results.done} sur {invoices}.")
            raise


def _with_progress(file: YearlyFile, advance: output.ProgressBar) -> Iterator[Row]:
    for row in file.rows():
        yield row
        advance()


def _sentences(file: YearlyFile, survey: InvoiceSurvey, results: InvoiceReport, *, apply: bool) -> Iterator[str]:
    """Describe what was read, what was done, and what there is to do."""
    yield ""
    yield f"Lignes lues : {survey.rows}. Factures : {results.done} ; erreurs : {results.kinds['error']}."
    if file.ignored:
        yield f"Colonnes ignorées : {', '.join(file.ignored)}."
    if results.kinds["absent"]:
        yield "Les factures absentes du fichier restent au dossier des familles."
    yield "C'est enregistré." if apply else "Rien n'a été écrit : ajoutez --apply pour enregistrer."
