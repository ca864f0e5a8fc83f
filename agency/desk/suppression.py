"""`clef desk unsuppress`: mails go out again to an address that they did not reach."""

from typing import Annotated

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, Who, Why
from agency.console.prompts import confirm
from agency.desk.options import Identifier, Site
from chalicelib.domain.account.audit import Author
from chalicelib.office.helpdesk.access import DeskRequest
from chalicelib.office.helpdesk.account_text import join_words, name_and_identifier
from chalicelib.office.helpdesk.suppression import AddressStatus, LiftResult, find_address, lift
from chalicelib.presentation.texts import day


def unsuppress(
    identifier: Identifier,
    address: Annotated[
        str | None, typer.Argument(metavar="ADRESSE", help="L'adresse au dossier ; inutile s'il n'y en a qu'une.")
    ] = None,
    *,
    why: Why,
    who: Who,
    site: Site = None,
    yes: Annotated[bool, typer.Option("--yes", help="Oui d'avance, sans question.")] = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Faire repartir nos mails vers une adresse réparée, ou que la famille veut de nouveau."""
    services = connect(stage).services
    request = DeskRequest(identifier, site, Author(who, why))
    address_status = find_address(services, request, address)
    if question := _question(address_status):
        confirm(question, yes=yes)
    _print_result(lift(services, request.author, address_status, services.clock()), as_json=as_json)


def _question(address_status: AddressStatus) -> str | None:
    since = address_status.suppression or address_status.failing
    if since is None:
        return None
    if address_status.is_complaint:
        why = f"Le {day(since.at)}, un de nos mails à {address_status.email} a été signalé comme indésirable."
        return f"{why} La famille demande-t-elle elle-même à les recevoir de nouveau ?"
    why = f"Le {day(since.at)}, un de nos mails à {address_status.email} est revenu."
    return f"{why} Cette boîte marche-t-elle à nouveau ?"


def _print_result(result: LiftResult, *, as_json: bool) -> None:
    address_status = result.address
    if as_json:
        ref = address_status.account.ref
        output.print_json(
            {
                "site": ref.site,
                "identifier": ref.identifier,
                "email": address_status.email,
                "suppressed": address_status.suppression and address_status.suppression.kind,
                "suppressed_since": address_status.suppression and address_status.suppression.at,
                "changed": result.has_changed,
                "others": [{"site": other.site, "identifier": other.identifier} for other in result.others],
            }
        )
        return
    name = name_and_identifier(address_status.account)
    if not result.has_changed:
        output.say(f"{name} : nos mails partent vers {address_status.email}, il n'y avait rien à lever.")
        return
    output.say(f"{name} : nos mails repartent vers {address_status.email}.")
    if result.others:
        shared = join_words(f"{other.identifier} ({other.site})" for other in result.others)
        output.say(f"Cette adresse est aussi celle d'autres comptes, remis en ordre : {shared}.")
    output.say(
        "S'il en revient encore un, l'adresse sera de nouveau arrêtée. Pour un mot de passe : « clef desk resend »."
    )
