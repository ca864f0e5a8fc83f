"""`clef staff list`: the staff who work at the desk."""

from datetime import datetime

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
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
    seen = day_and_hour(member.last_login) if member.last_login else "jamais"
    return member.name, member.email, ROLES[member.role], ", ".join(member.sites) or "tous", state, seen


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
