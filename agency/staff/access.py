"""`clef staff invite|list|reset`: the first manager, the staff of the desk, a manager who has lost every proof."""

from datetime import datetime
from typing import Annotated

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, Why
from chalicelib.domain.account.audit import Author
from chalicelib.office.staff.access import reset_manager
from chalicelib.office.staff.invitations import invite_first_manager
from chalicelib.office.staff.members import StaffInput
from chalicelib.office.staff.show import StaffEntry
from chalicelib.office.staff.show import list_staff as members_of
from chalicelib.presentation.office.staff import access_state
from chalicelib.presentation.texts import ROLES, day_and_hour


def list_staff(*, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer qui a un accès au bureau : rôle, sites, état, dernière connexion.

    Exemple : clef staff list
    """
    services = connect(stage).services
    entries, now = members_of(services), services.clock()
    if as_json:
        output.print_json({"staff": [_entry_json(entry, now) for entry in entries]})
    elif entries:
        output.table(
            "",
            ("Nom", "Adresse", "Rôle", "Sites", "État", "Dernière connexion"),
            (_entry_row(entry, now) for entry in entries),
        )
    else:
        output.say("Personne n'a encore d'accès : « clef staff invite ADRESSE --name NOM ».")


def _entry_row(entry: StaffEntry, now: datetime) -> tuple[str, ...]:
    member = entry.member
    state = access_state(member, now, is_listed=entry.is_listed)
    last_login = day_and_hour(member.last_login) if member.last_login else "jamais"
    return member.name, member.email, ROLES[member.role], ", ".join(member.sites) or "tous", state, last_login


def _entry_json(entry: StaffEntry, now: datetime) -> dict[str, object]:
    member = entry.member
    return {
        "email": member.email,
        "name": member.name,
        "role": member.role,
        "sites": member.sites,
        "active": member.is_active,
        "disabled": member.disabled,
        "invited_until": member.invitation and member.invitation.expires_at,
        "last_login": member.last_login,
        "state": access_state(member, now, is_listed=entry.is_listed),
        "pseudonym": entry.part,  # as in the record
    }


Email = Annotated[str, typer.Argument(metavar="ADRESSE", help="L'adresse e-mail de la personne, professionnelle.")]


def invite(
    email: Email,
    *,
    name: Annotated[str, typer.Option("--name", help="Le nom de la personne, écrit au journal.")] = "",
    why: Why,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Inviter la première personne responsable du réseau : le lien est montré une fois, ici ; rien ne part par mail.

    Exemple : clef staff invite odile.fauvette@example.org --name "Odile Fauvette" --why arrivée
    """
    connection = connect(stage)
    services = connection.services
    staff_input = StaffInput(email, Author(connection.operator, why))
    result_of_invitation = invite_first_manager(services, staff_input, name, services.clock())
    member, invitation = result_of_invitation.member, result_of_invitation.member.invitation
    if as_json:
        output.print_json(
            {
                "email": member.email,
                "name": member.name,
                "role": member.role,
                "sites": member.sites,
                "new": result_of_invitation.is_new,
                "link": result_of_invitation.link,
                "until": invitation and invitation.expires_at,
            }
        )
        return
    output.say(f"{member.known_as} : responsable du réseau.")
    if invitation:
        output.say(f"À remettre à cette personne, et à elle seule, avant le {day_and_hour(invitation.expires_at)} :")
    output.say(result_of_invitation.link)
    output.say("Ce lien ne sert qu'une fois et ne sera plus montré. Les liens d'avant n'ouvrent plus rien.")


def reset(email: Email, *, why: Why, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Oublier toutes les preuves d'une personne responsable ; un mail le lui dit, avec un lien de 24 heures.

    Exemple : clef staff reset odile.fauvette@example.org --why "téléphone perdu"
    """
    connection = connect(stage)
    services = connection.services
    result = reset_manager(services, StaffInput(email, Author(connection.operator, why)), services.clock())
    member = result.member
    if as_json:
        output.print_json(
            {
                "email": member.email,
                "role": member.role,
                "sites": member.sites,
                "disabled": member.disabled,
                "changed": result.is_changed,
            }
        )
        return
    mail_text = (
        "il reste désactivé, rien n'est envoyé." if member.disabled else "un mail part avec un lien de 24 heures."
    )
    sentence = f"accès réinitialisé ; {mail_text}" if result.is_changed else "c'était déjà ainsi, rien n'a changé."
    output.say(f"{member.known_as} : {sentence}")
