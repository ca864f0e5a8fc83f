"""`clef staff list` and `clef staff acts`: who works at the desk, and what somebody did there."""

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
from agency.staff.options import Email
from chalicelib.domain.staff.acts import StaffAct
from chalicelib.office.staff.labels import ACTS
from chalicelib.office.staff.show import StaffEntry, history
from chalicelib.office.staff.show import list_staff as members_of
from chalicelib.office.staff.trace import TracedAct, trace
from chalicelib.presentation.texts import day_and_hour


def list_staff(*, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer qui a un accès au bureau : rôle, sites, état, dernière connexion."""
    services = connect(stage).services
    entries = members_of(services, services.clock())
    if as_json:
        output.print_json({"staff": list(map(_entry_json, entries))})
    elif entries:
        output.table("", ("Nom", "Adresse", "Rôle", "Sites", "État", "Dernière connexion"), map(_entry_row, entries))
    else:
        output.say("Personne n'a encore d'accès : « clef staff invite ADRESSE --name NOM --role manager ».")


def acts(email: Email, *, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer ce qu'une personne a fait et consulté au bureau depuis un an, et ce qui a été fait de son accès."""
    services = connect(stage).services
    now = services.clock()
    with output.progress("Lecture du journal") as advance:
        done = trace(services, email, now, advance)
    on_access = history(services, email, now)
    if as_json:
        output.print_json({"by": list(map(_done_json, done)), "on": list(map(_act_json, on_access))})
        return
    if done:
        output.table("Fait par cette personne", ("Quand", "Site", "Quoi", "De qui", "Pourquoi"), map(_done_row, done))
    else:
        output.say("Cette personne n'a rien fait ni consulté depuis un an.")
    if on_access:
        output.table("Fait de son accès", ("Quand", "Quoi", "Par qui", "Pourquoi"), map(_act_row, on_access))


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


def _done_row(act: TracedAct) -> tuple[str, ...]:
    times = f" ({act.times} fois)" if act.times > 1 else ""
    whose = act.identifier or ("" if act.site in {"", "*"} else "compte effacé, ou demande")
    return day_and_hour(act.at), act.site.strip("*"), f"{act.what}{times}", whose, act.why


def _done_json(act: TracedAct) -> dict[str, object]:
    return {
        "at": act.at,
        "last_at": act.last_at,
        "times": act.times,
        "site": act.site,
        "what": act.what,
        "identifier": act.identifier or None,
        "account": act.account,
        "why": act.why,
    }


def _act_row(act: StaffAct) -> tuple[str, ...]:
    return day_and_hour(act.at), ACTS[act.kind] + (act.about and f" ({act.about})"), act.author.who, act.author.why


def _act_json(act: StaffAct) -> dict[str, object]:
    return {
        "at": act.at,
        "kind": act.kind,
        "role": act.role,
        "sites": act.sites,
        "about": act.about or None,
        "who": act.author.who,
        "why": act.author.why,
    }
