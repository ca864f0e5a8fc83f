"""Whose turn a file is, and its notes, on the desk: the facts of its page, its forms, and their sentences."""

from collections.abc import Callable, Collection, Iterable
from typing import Any, Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import AuditAction, AuditEntry
from chalicelib.domain.family.birth_dates import birth_date_from as day_from
from chalicelib.domain.refusals import FieldsRefused, NotThere
from chalicelib.domain.staff.members import Member
from chalicelib.office.helpdesk.notes import add_note, is_removable, remove_note
from chalicelib.office.helpdesk.turns import TurnAct, change_turn, holders_at
from chalicelib.presentation.office.accounts import CALLS
from chalicelib.values import frozen, version_of
from chalicelib.web.office.acts import Act, ActBlueprint, ActPage, check_filled
from chalicelib.web.office.edge import DeskRequest
from chalicelib.web.office.filters import Filters

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


def turn_facts(request: DeskRequest, ref: AccountRef, sites: Collection[str]) -> dict[str, Any]:
    """List the facts of a file's turn: its holder if they may still act, and the colleagues who may."""
    turn, holders = request.services.staff.turns.find(ref.site, ref.identifier), _holders(request, sites)
    holder = next((member for member in holders.values() if member.email == turn.holder), None)
    names = {name: member.name for name, member in holders.items() if member.email != request.staff.member.email}
    return {"now": turn, "holder": holder, "colleagues": names, "version": version_of(turn)}


def _turn_act(request: DeskRequest, sites: Collection[str]) -> tuple[str, TurnAct]:
    """Read the action of a form, and its act. Raises `FieldsRefused`."""
    action, day = request.choice("action", *_KINDS), day_from(request.field("rappel"))
    holder = request.staff.member if action == "prendre" else _holders(request, sites).get(request.field("collegue"))
    if action == "confier" and holder is None:
        raise FieldsRefused({"collegue": ("colleague_missing",)})
    if action == "rappeler" and day is None:
        raise FieldsRefused({"rappel": ("day_unreadable",)})
    return action, TurnAct(_KINDS[action], request.staff.member, request.field("vu"), holder, day)


def _holders(request: DeskRequest, sites: Collection[str]) -> dict[str, Member]:
    """Map the names in forms to the members who may have the file."""
    services, staff = request.services, request.staff
    members = holders_at(services.staff.members.all(), sites, staff.managers)
    return {services.record.pseudonyms.of_mailbox(email): member for email, member in members.items()}


def note_facts(request: DeskRequest, acts: Iterable[AuditEntry]) -> dict[str, Any]:
    """List the sentences of calls, and the names of the notes that the reader may delete."""
    removable = {act.name for act in acts if is_removable(act, request.staff.member, request.now)}
    return {"calls": CALLS, "removable": removable}


@frozen
class FollowedFile:
    """A file that its page found, as the audit trail names it, and its sites."""

    ref: AccountRef
    sites: Collection[str]


def _add(request: DeskRequest, ref: AccountRef, text: str, kind: Literal["noted", "called"]) -> str:
    is_new = add_note(request.services, ref, kind, request.staff.author(text), request.now)
    return "note" if is_new else "note-deja"


def _note(request: DeskRequest, file: FollowedFile) -> str:
    """Add a note."""
    check_filled(request, {"texte": "desk_note_missing"})
    return _add(request, file.ref, request.field("texte"), "noted")


def _call(request: DeskRequest, file: FollowedFile) -> str:
    """Note a call in a ready-made sentence."""
    if (sentence := CALLS.get(request.field("appel"))) is None:
        raise NotThere
    return _add(request, file.ref, sentence, "called")


def _delete_note(request: DeskRequest, file: FollowedFile) -> str:
    """Delete a note of the member's own."""
    is_new = remove_note(request.services, file.ref, request.field("note"), request.staff.member, request.now)
    return "note-supprimee" if is_new else "note-absente"


def _hand_over(request: DeskRequest, file: FollowedFile) -> str:
    """Take the file, give it back or to a colleague, or set the day of a call."""
    action, act = _turn_act(request, file.sites)
    return action if change_turn(request.services, file.ref, act, request.now) else "suivi-deja"


def serve_follow_up(
    routes: ActBlueprint,
    path: str,
    page: ActPage,
    reader: Callable[[DeskRequest, Any], FollowedFile],  # from the page's subject
    filters: Filters | None = None,
) -> None:
    """Take the forms of a file's notes and of its turn."""
    routes.add(Act(f"{path}/note", "secretary", page, _note, form="note", reader=reader), filters)
    routes.add(Act(f"{path}/appel", "secretary", page, _call, form="appel", reader=reader), filters)
    routes.add(Act(f"{path}/note/suppression", "secretary", page, _delete_note, reader=reader), filters)
    routes.add(Act(f"{path}/suivi", "secretary", page, _hand_over, form="suivi", reader=reader), filters)
