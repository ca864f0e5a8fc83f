"""`clef invoices remove`: an invoice of another family, removed from a file."""

from typing import Annotated

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, SiteOfFamily, Stage, Why
from agency.console.prompts import confirm_by_typing
from chalicelib.domain.account.audit import Author
from chalicelib.domain.text import fold
from chalicelib.office.billing.import_invoices import find_invoice
from chalicelib.office.billing.import_invoices import remove as remove_invoice
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.presentation.office.accounts import name_and_identifier
from chalicelib.presentation.texts import day, euros


def remove(
    identifier: Annotated[str, typer.Argument(metavar="IDENTIFIANT", help="L'identifiant de la famille.")],
    number: Annotated[str, typer.Argument(metavar="NUMÉRO", help="Le numéro de la facture.")],
    *,
    why: Why,
    site: SiteOfFamily = None,
    yes: Annotated[bool, typer.Option("--yes", help="Oui d'avance, sans retaper le numéro.")] = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Retirer du dossier d'une famille une facture qui n'est pas la sienne, et son PDF.

    Exemple : clef invoices remove "MAG 3002" 2027-0102 --why "facture d'une autre famille"
    """
    connection = connect(stage)
    services = connection.services
    account, invoice = find_invoice(services, identifier, site, number)
    about = f"facture {invoice.number} du {day(invoice.issued_on)}, {euros(invoice.cents)}"
    if not as_json:
        output.say(f"{name_and_identifier(account)}, {account.ref.site} : {about}")
    confirm_by_typing("Pour la retirer, retapez son numéro", fold(number), yes=yes, read=fold)
    case = HelpdeskCase(identifier, account.ref.site, Author(connection.operator, why))
    erased = remove_invoice(services, case, number, services.clock())
    if as_json:
        output.print_json({"removed": erased.number, "site": account.ref.site, "identifier": account.ref.identifier})
        return
    output.say("Elle est retirée. Retirez-la aussi du fichier : l'import l'y reprendrait.")
