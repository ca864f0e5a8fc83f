"""`clef staff disable|enable|reset|roles`: an access closed, opened again, begun anew, or given another role."""

from typing import Annotated

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, Who, Why
from agency.staff.options import ROLE_HELP, Email, RoleName, Sites
from chalicelib.domain.account.audit import Author
from chalicelib.office.staff import access
from chalicelib.office.staff.labels import ROLE_WORDS
from chalicelib.office.staff.members import StaffRequest, StaffResult, grant_from

NOTHING = "c'était déjà ainsi, rien n'a changé."


def disable(email: Email, *, why: Why, who: Who, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Fermer un accès tout de suite : ses sessions se terminent, plus personne n'y entre."""
    services = connect(stage).services
    result = access.disable(services, StaffRequest(email, Author(who, why)), services.clock())
    _print_result(result, "accès désactivé, sessions fermées.", as_json=as_json)


def enable(email: Email, *, why: Why, who: Who, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Rouvrir un accès, avec le mot de passe et les autres preuves qu'il avait."""
    services = connect(stage).services
    result = access.enable(services, StaffRequest(email, Author(who, why)), services.clock())
    _print_result(result, "accès réactivé, avec ses preuves d'avant.", as_json=as_json)


def reset(email: Email, *, why: Why, who: Who, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Oublier mot de passe, application, clés et codes ; un mail le dit à la personne, avec un lien de 24 heures."""
    services = connect(stage).services
    result = access.reset(services, StaffRequest(email, Author(who, why)), services.clock())
    sent = (
        "il reste désactivé, rien n'est envoyé."
        if result.member.disabled
        else "un mail part avec un lien de 24 heures."
    )
    _print_result(result, f"accès réinitialisé ; {sent}", as_json=as_json)


def roles(
    email: Email,
    *,
    role: Annotated[RoleName, typer.Option("--role", help=ROLE_HELP)],
    why: Why,
    who: Who,
    site: Sites = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Donner un autre rôle, ou d'autres sites : cela compte dès la page suivante."""
    services = connect(stage).services
    grant = grant_from(services, role, site or ())
    result = access.change_role(services, StaffRequest(email, Author(who, why)), grant, services.clock())
    where = f" ({', '.join(grant.sites)})" if grant.sites else ""
    _print_result(result, f"{ROLE_WORDS[grant.role]}{where}.", as_json=as_json)


def _print_result(result: StaffResult, changed: str, *, as_json: bool) -> None:
    member = result.member
    if as_json:
        output.print_json(
            {
                "email": member.email,
                "role": member.role,
                "sites": member.sites,
                "disabled": member.disabled,
                "changed": result.changed,
            }
        )
    else:
        output.say(f"{member.known_as} : {changed if result.changed else NOTHING}")
