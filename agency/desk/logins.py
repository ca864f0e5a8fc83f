"""`clef desk invite|separate`: a login for each guardian, and coordinates that neither reads of the other."""

import shlex
from typing import Annotated

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, Who, Why
from agency.desk.options import Identifier, Site
from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.logins import login_refs
from chalicelib.office.helpdesk import logins
from chalicelib.office.helpdesk.access import DeskRequest
from chalicelib.office.helpdesk.account_text import name_and_identifier


def invite(
    identifier: Identifier,
    *,
    why: Why,
    who: Who,
    guardian: Annotated[str | None, typer.Option(help="Le responsable, ou une partie de son nom.")] = None,
    site: Site = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Inviter un responsable à son propre accès, à son adresse au dossier ; ou renvoyer l'invitation."""
    services = connect(stage).services
    result = logins.invite(services, DeskRequest(identifier, site, Author(who, why)), guardian, services.clock())
    written = result.login.display_identifier
    if as_json:
        ref = result.account.ref
        output.print_json(
            {
                "site": ref.site,
                "identifier": ref.identifier,
                "guardian": result.guardian.name,
                "login": result.login.ref.identifier,
                "had_one": result.had_one,
                "to": result.guardian.email,
            }
        )
        return
    output.say(
        f"{name_and_identifier(result.account)} : une invitation part vers {result.guardian.email}, avec "
        f"l'identifiant {written} et un mot de passe valable 7 jours ; ensuite, « Mot de passe perdu »."
    )
    output.say(f"Pour fermer cet accès : « clef desk disable {shlex.quote(written)} » ; son e-mail reste au dossier.")


def separate(
    identifier: Identifier,
    *,
    why: Why,
    who: Who,
    is_off: Annotated[bool, typer.Option("--off", help="Les rendre communes à nouveau.")] = False,
    site: Site = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Séparer les coordonnées : aucun responsable ne lit l'adresse, le téléphone ni l'e-mail de l'autre."""
    services = connect(stage).services
    request = DeskRequest(identifier, site, Author(who, why))
    result = logins.separate(services, request, services.clock(), is_on=not is_off)
    ref = result.account.ref
    if as_json:
        output.print_json({"site": ref.site, "identifier": ref.identifier, "changed": result.changed})
        return
    now = "communes" if is_off else "séparées"
    said = f"coordonnées {now}." if result.changed else f"les coordonnées étaient déjà {now}."
    output.say(f"{name_and_identifier(result.account)} : {said}")
    written = shlex.quote(result.account.display_identifier or ref.identifier)
    if result.changed and not is_off:
        output.say(
            "Le mot de passe de la famille n'ouvre plus rien, car les deux responsables pouvaient le connaître : "
            f"« clef desk resend {written} » en envoie un autre au premier responsable."
        )
        if not login_refs(result.account):
            output.say("L'autre responsable n'a pas encore son accès : « clef desk invite ».")
