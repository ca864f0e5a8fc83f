"""`clef staff invite`: somebody is given a link by hand; so begins the first manager."""

from typing import Annotated

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, Who, Why
from agency.staff.options import ROLE_HELP, Email, RoleName, Sites
from chalicelib.domain.account.audit import Author
from chalicelib.office.staff.invite import Invited, Invitee
from chalicelib.office.staff.invite import invite as invite_member
from chalicelib.office.staff.labels import ROLE_WORDS
from chalicelib.office.staff.members import StaffRequest
from chalicelib.presentation.texts import day_and_hour


def invite(
    email: Email,
    *,
    why: Why,
    who: Who,
    name: Annotated[str, typer.Option("--name", help="Le nom de la personne, écrit au journal.")] = "",
    role: Annotated[RoleName | None, typer.Option("--role", help=ROLE_HELP)] = None,
    site: Sites = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Inviter quelqu'un au bureau, ou à nouveau : le lien est montré une fois, ici, et rien ne part par mail."""
    services = connect(stage).services
    invitee = Invitee(name, role or "", tuple(site or ()))
    request = StaffRequest(email, Author(who, why))
    _print_link(invite_member(services, request, invitee, "handed_over", services.clock()), as_json=as_json)


def _print_link(invited: Invited, *, as_json: bool) -> None:
    member, invitation = invited.member, invited.member.invitation
    if as_json:
        output.print_json(
            {
                "email": member.email,
                "name": member.name,
                "role": member.role,
                "sites": member.sites,
                "new": invited.is_new,
                "link": invited.link,
                "until": invitation and invitation.expires_at,
            }
        )
        return
    output.say(f"{member.known_as} : {ROLE_WORDS[member.role]}{_sites(member.sites)}.")
    if invitation:
        output.say(f"À remettre à cette personne, et à elle seule, avant le {day_and_hour(invitation.expires_at)} :")
    output.say(invited.link)
    output.say("Ce lien ne sert qu'une fois et ne sera plus montré. Les liens d'avant n'ouvrent plus rien.")


def _sites(sites: tuple[str, ...]) -> str:
    return f", {', '.join(sites)}" if sites else ""
