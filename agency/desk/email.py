"""`clef desk email`: the addresses on file."""

from typing import Annotated

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, Who, Why
from agency.console.prompts import confirm
from agency.desk.options import Identifier, Site
from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.roster.typing_errors import likely_meant
from chalicelib.office.helpdesk.access import DeskRequest
from chalicelib.office.helpdesk.account_text import join_words, name_and_identifier
from chalicelib.office.helpdesk.email import AddressChange, AddressChangeResult, change_email, is_last


def email(
    identifier: Identifier,
    new: Annotated[str | None, typer.Argument(metavar="ADRESSE", help="La nouvelle adresse.")] = None,
    *,
    why: Why,
    who: Who,
    replace: Annotated[str | None, typer.Option("--replace", help="L'adresse que la nouvelle remplace.")] = None,
    add: Annotated[bool, typer.Option("--add", help="La nouvelle adresse s'ajoute aux autres.")] = False,
    remove: Annotated[str | None, typer.Option("--remove", help="Une adresse à retirer, sans nouvelle.")] = None,
    site: Site = None,
    yes: Annotated[bool, typer.Option("--yes", help="Oui d'avance, sans question.")] = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Changer les adresses e-mail au dossier ; les anciennes en sont averties."""
    if [bool(new and not add and not replace), bool(new and add), bool(new and replace), bool(remove)].count(True) != 1:
        raise typer.BadParameter(
            "donnez une adresse nouvelle (seule, ou avec --replace ou --add), ou --remove ADRESSE."
        )
    meant = likely_meant(email_from(new or ""))
    if meant:
        confirm(f"{new} ressemble à {meant}. Garder {new} ?", yes=yes)
    services = connect(stage).services
    request = DeskRequest(identifier, site, Author(who, why))
    change = AddressChange(new, replaced=replace, is_added=add, removed=remove)
    if is_last(services, request, change):
        confirm("C'est la dernière adresse : la famille ne recevra plus de mot de passe. La retirer ?", yes=yes)
        change = AddressChange(removed=remove, may_empty=True)
    _print_change(change_email(services, request, change, services.clock()), as_json=as_json)


def _print_change(result: AddressChangeResult, *, as_json: bool) -> None:
    before, after = result.before, result.after
    if as_json:
        output.print_json(
            {
                "site": after.ref.site,
                "identifier": after.ref.identifier,
                "before": before.emails,
                "after": after.emails,
                "told": result.notified,
                "password_ended": result.password_ended,
            }
        )
        return
    output.say(f"{name_and_identifier(after)} : {join_words(before.emails)} → {join_words(after.emails)}")
    output.say(f"Averties du changement : {join_words(result.notified)}.")
    if result.password_ended:
        output.say(
            "Le mot de passe reçu par mail à l'ancienne adresse n'ouvre plus rien : faites-en partir un autre avec "
            "« clef desk resend »."
        )
