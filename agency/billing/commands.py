"""`clef invoices import|remove`: the list of invoices and the folder of their PDFs, onto the families' files."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from agency.billing.report import InvoiceReport
from agency.console import show
from agency.console.connection import connect
from agency.console.ending import Code
from agency.console.options import LOCAL, Apply, AsJson, Stage, Who, Why
from agency.console.prompts import type_again
from agency.desk.account_words import named
from agency.files.invoice_columns import INVOICES
from agency.files.opening import open_file
from agency.files.pdfs import PdfFolder
from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.roster.yearly_file import Row, YearlyFile
from chalicelib.domain.text import folded
from chalicelib.office.billing.import_invoices import Found, InvoiceFinding, InvoiceImport, carry_out
from chalicelib.office.billing.removal import invoice_called
from chalicelib.office.billing.removal import remove as remove_invoice
from chalicelib.office.billing.survey import InvoiceSurvey, survey_invoices
from chalicelib.office.desk.access import Asked
from chalicelib.texts import day, euros

commands = typer.Typer(help="Les factures : la liste et les PDF, au dossier des familles.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FICHIER", help="La liste des factures, CSV ou XLSX.")]
Pdfs = Annotated[Path, typer.Option("--pdfs", metavar="DOSSIER", help="Le dossier des PDF, nommés par leur numéro.")]
Site = Annotated[str | None, typer.Option(help="Le code du site de toutes les lignes, si aucune colonne ne le dit.")]


@commands.command("import")
def import_(
    file: File,
    *,
    pdfs: Pdfs,
    apply: Apply = False,
    site: Site = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Lire la liste des factures : nouvelles, changées, et ce qui cloche ; --apply les met au dossier des familles."""
    services = connect(stage).services
    opened = open_file(file, services.settings.network, site, INVOICES)
    told = InvoiceReport(opened.headings)
    with show.progress("Lecture") as advance:
        rows = partial(_watched, opened, advance)
        surveyed = survey_invoices(services, replace(opened, rows=rows), told)
    _carry_out(InvoiceImport(services, surveyed, PdfFolder(pdfs), apply), told)
    if as_json:
        facts = {"applied": apply, "rows": surveyed.rows, "headings_ignored": opened.ignored}
        show.as_json({**facts, **told.as_data()})
    else:
        told.show(services.settings.network)
        for sentence in _sentences(opened, surveyed, told, apply=apply):
            show.say(sentence)
    if told.kinds["error"]:
        raise typer.Exit(Code.TO_LOOK_AT)


@commands.command()
def remove(
    identifier: Annotated[str, typer.Argument(metavar="IDENTIFIANT", help="L'identifiant de la famille.")],
    number: Annotated[str, typer.Argument(metavar="NUMÉRO", help="Le numéro de la facture.")],
    *,
    why: Why,
    who: Who,
    site: Annotated[str | None, typer.Option(help="Le code d'un site, si l'identifiant existe à plusieurs.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Oui d'avance, sans retaper le numéro.")] = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Retirer du dossier d'une famille une facture qui n'est pas la sienne, et son PDF."""
    services = connect(stage).services
    account, invoice = invoice_called(services, identifier, site, number)
    about = f"facture {invoice.number} du {day(invoice.issued_on)}, {euros(invoice.cents)}"
    if not as_json:
        show.say(f"{named(account)}, {account.ref.site} : {about}")
    type_again("Pour la retirer, retapez son numéro", folded(number), yes=yes, read=folded)
    asked = Asked(identifier, account.ref.site, Author(who, why))
    removed = remove_invoice(services, asked, number, services.clock())
    if as_json:
        show.as_json({"removed": removed.number, "site": account.ref.site, "identifier": account.ref.identifier})
        return
    show.say("Elle est retirée. Retirez-la aussi du fichier : l'import l'y reprendrait.")


def _carry_out(run: InvoiceImport, told: InvoiceReport) -> None:
    invoices = run.surveyed.invoices
    with show.progress("Enregistrement" if run.apply else "Comparaison", invoices) as advance:

        def tell(found: Found) -> None:
            told(found)
            advance(not isinstance(found, InvoiceFinding) or found.kind != "absent")

        try:
            carry_out(run, tell)
        except (KeyboardInterrupt, Unavailable):
            show.note(f"Factures faites : {told.done} sur {invoices}.")
            raise


def _watched(file: YearlyFile, advance: show.Advance) -> Iterator[Row]:
    for row in file.rows():
        yield row
        advance()


def _sentences(file: YearlyFile, surveyed: InvoiceSurvey, told: InvoiceReport, *, apply: bool) -> Iterator[str]:
    """Say what was read, what was done, and what there is to do."""
    yield ""
    yield f"Lignes lues : {surveyed.rows}. Factures : {told.done} ; erreurs : {told.kinds['error']}."
    if file.ignored:
        yield f"Colonnes ignorées : {', '.join(file.ignored)}."
    if told.kinds["absent"]:
        yield "Les factures absentes du fichier restent au dossier des familles."
    yield "C'est enregistré." if apply else "Rien n'a été écrit : ajoutez --apply pour enregistrer."
