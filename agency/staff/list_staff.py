"""`clef staff list`: the staff who work at the desk."""

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
from chalicelib.office.staff.show import StaffEntry
from chalicelib.office.staff.show import list_staff as members_of
from chalicelib.presentation.texts import day_and_hour


def list_staff(*, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer qui a un accès au bureau : rôle, sites, état, dernière connexion.

    Exemple : clef staff list
    """
    services = connect(stage).services
    entries = members_of(services, services.clock())
    if as_json:
        output.print_json({"staff": list(map(_entry_json, entries))})
    elif entries:
        output.table("", ("Nom", "Adresse", "Rôle", "Sites", "État", "Dernière connexion"), map(_entry_row, entries))
    else:
        output.say("Personne n'a encore d'accès : « clef staff invite ADRESSE --name NOM ».")


def _entry_row(entry: StaffEntry) -> tuple[str, ...]:
    member = entry.member
    seen = day_and_hour(member.last_login) if member.last_login else "jamais"
    return member.name, member.email, entry.role, ", ".join(member.sites) or "tous", entry.state, seen


def _entry_json(entry: StaffEntry) -> dict[str, object]:
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
        "state": entry.state,
        "pseudonym": entry.part,  # as in the record
    }
