"""`clef desk unlock|disable|enable|resend`: a family is let in again, or kept out; a new password is mailed to it."""

from typing import Annotated

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, Who, Why
from agency.desk.options import Identifier, Site
from chalicelib.domain.account.audit import Author
from chalicelib.office.helpdesk import access as desk
from chalicelib.office.helpdesk.access import DeskRequest, DeskResult, ResentPassword
from chalicelib.office.helpdesk.access import resend as resend_password
from chalicelib.office.helpdesk.account_text import join_words, name_and_identifier


def unlock(
    identifier: Identifier, *, why: Why, who: Who, site: Site = None, stage: Stage = LOCAL, as_json: AsJson = False
) -> None:
    """Lever l'attente après des essais ratés."""
    services = connect(stage).services
    result = desk.unlock(services, DeskRequest(identifier, site, Author(who, why)), services.clock())
    _print_result(
        result, "elle peut essayer tout de suite.", "il n'y avait aucun essai raté : rien à lever.", as_json=as_json
    )


def disable(
    identifier: Identifier, *, why: Why, who: Who, site: Site = None, stage: Stage = LOCAL, as_json: AsJson = False
) -> None:
    """Désactiver un compte : ses sessions se ferment, plus personne n'y entre."""
    services = connect(stage).services
    request = DeskRequest(identifier, site, Author(who, why))
    result = desk.switch(services, request, services.clock(), disabled=True)
    _print_result(result, "compte désactivé, sessions fermées.", "le compte était déjà désactivé.", as_json=as_json)


def enable(
    identifier: Identifier, *, why: Why, who: Who, site: Site = None, stage: Stage = LOCAL, as_json: AsJson = False
) -> None:
    """Réactiver un compte, avec le mot de passe qu'il avait."""
    services = connect(stage).services
    request = DeskRequest(identifier, site, Author(who, why))
    result = desk.switch(services, request, services.clock(), disabled=False)
    _print_result(
        result, "compte réactivé, avec son mot de passe d'avant.", "le compte était déjà actif.", as_json=as_json
    )


def _print_result(result: DeskResult, changed: str, unchanged: str, *, as_json: bool) -> None:
    if as_json:
        output.print_json(
            {"site": result.account.ref.site, "identifier": result.account.ref.identifier, "changed": result.changed}
        )
    else:
        output.say(f"{name_and_identifier(result.account)} : {changed if result.changed else unchanged}")


def resend(
    identifier: Identifier,
    *,
    why: Why,
    who: Who,
    to: Annotated[str | None, typer.Option("--to", help="Une seule des adresses au dossier.")] = None,
    site: Site = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Faire partir un nouveau mot de passe vers les adresses au dossier, comme « Mot de passe perdu »."""
    services = connect(stage).services
    result = resend_password(services, DeskRequest(identifier, site, Author(who, why)), to, services.clock())
    _print_resend(result, as_json=as_json)


def _print_resend(result: ResentPassword, *, as_json: bool) -> None:
    ref = result.account.ref
    if as_json:
        output.print_json(
            {"site": ref.site, "identifier": ref.identifier, "to": result.to, "left_out": result.left_out}
        )
        return
    output.say(
        f"{name_and_identifier(result.account)} : un mot de passe part vers {join_words(result.to)}, valable 24 heures."
    )
    if result.left_out:
        output.say(f"Pas vers {join_words(result.left_out)} ; pour y envoyer : --to ADRESSE.")
    output.say(
        "Faites regarder aussi dans les courriers indésirables. L'ancien mot de passe, s'il y en a un, reste valable."
    )
