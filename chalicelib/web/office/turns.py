"""Whose turn a family's file is, on the desk: the facts of its page, the input of its forms, and their sentences."""

from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import AuditAction
from chalicelib.domain.family.birth_dates import birth_date_from as day_from
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.domain.staff.members import Member
from chalicelib.office.helpdesk.turns import TurnAct, holders_at
from chalicelib.values import version_of
from chalicelib.web.office.edge import DeskRequest

_KINDS: Final[dict[str, AuditAction]] = {  # by the form's action
    "prendre": "file_taken",
    "rendre": "file_returned",
    "confier": "file_given",
    "rappeler": "call_planned",
    "rappele": "call_done",
}
_NOTHING: Final = "Rien n'a été changé."
DONE: Final[dict[str, str]] = {  # with those of notes
    "prendre": "Vous vous occupez de ce dossier : il est sous « Mes dossiers », page « Aujourd'hui ».",
    "rendre": "Le dossier est rendu : une autre personne peut s'en occuper.",
    "confier": "Le dossier est confié : la personne le trouve sous « Mes dossiers », page « Aujourd'hui ».",
    "rappeler": "C'est noté : ce jour-là, le dossier sera sous « À rappeler », page « Aujourd'hui ».",
    "rappele": "Le rappel n'est plus à faire.",
    "suivi-deja": f"C'était déjà ainsi. {_NOTHING}",
    "note": "C'est noté au dossier. Seul le bureau le lit.",
    "note-deja": f"C'était déjà noté : votre formulaire est parti deux fois. {_NOTHING}",
    "note-supprimee": "La note est supprimée. Le fil garde qu'il y en avait une, sans ses mots.",
    "note-absente": f"Cette note n'est plus là. {_NOTHING}",
}


def turn_facts(request: DeskRequest, ref: AccountRef) -> dict[str, Any]:
    """List the facts of a file's turn: its holder if they may still act, and the colleagues who may."""
    turn, holders = request.services.staff.turns.find(ref.site, ref.identifier), _holders(request)
    holder = next((member for member in holders.values() if member.email == turn.holder), None)
    names = {name: member.name for name, member in holders.items() if member.email != request.staff.member.email}
    return {"now": turn, "holder": holder, "colleagues": names, "version": version_of(turn)}


def turn_act(request: DeskRequest) -> tuple[str, TurnAct]:
    """Read the action of a form, and its act. Raises `FieldsRefused`."""
    action, day = request.choice("action", *_KINDS), day_from(request.field("rappel"))
    holder = request.staff.member if action == "prendre" else _holders(request).get(request.field("collegue"))
    if action == "confier" and holder is None:
        raise FieldsRefused({"collegue": ("colleague_missing",)})
    if action == "rappeler" and day is None:
        raise FieldsRefused({"rappel": ("day_unreadable",)})
    return action, TurnAct(_KINDS[action], request.staff.member, request.field("vu"), holder, day)


def _holders(request: DeskRequest) -> dict[str, Member]:
    """Map the names in forms to the members who may have the file."""
    services, staff = request.services, request.staff
    members = holders_at(services.staff.members.all(), request.family.site, staff.managers)
    return {services.record.pseudonyms.of_mailbox(email): member for email, member in members.items()}
