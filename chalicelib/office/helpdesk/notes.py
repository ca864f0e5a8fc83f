"""Notes of the office on a file, and its calls: entries of the audit trail, given with the file's data."""

from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import AuditAction, AuditEntry, Author
from chalicelib.domain.staff.members import Member
from chalicelib.office.account import audit, check_author, pseudonym
from chalicelib.office.audit_notes import moment
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services

MOST_NOTES: Final = 50  # on one file
REMOVABLE: Final = timedelta(days=1)  # by its author
NOTES: Final[frozenset[AuditAction]] = frozenset({"noted", "called"})
_TWICE: Final = timedelta(minutes=10)  # the same form sent again


def add_note(
    services: Services, ref: AccountRef, kind: Literal["noted", "called"], author: Author, now: datetime
) -> bool:
    """Add a note, the author's reason, to a file. Returns whether it is new. Raises `OfficeRefusal`.

    `ref`: of a file that the caller found. Each note is an item of its own: concurrent ones both stay.
    """
    by = check_author(author)
    entries = services.audit_trail.on(ref.site, pseudonym(services, ref))
    notes = [entry for entry in entries if entry.kind in NOTES]
    if any((entry.kind, entry.author) == (kind, by) and entry.at > now - _TWICE for entry in notes):
        return False
    if len(notes) >= MOST_NOTES:
        raise OfficeRefusal("notes_full", most=MOST_NOTES)
    audit(services, ref, kind, by, now)
    return True


def is_removable(note: AuditEntry, by: Member, now: datetime) -> bool:
    """Whether a member may delete an entry: their own note or call, for a day."""
    return note.kind in NOTES and note.author.who == by.known_as and now < note.at + REMOVABLE


def remove_note(services: Services, ref: AccountRef, name: str, by: Member, now: datetime) -> bool:
    """Delete a member's own note, and leave a trace without its words. Returns whether it was there.

    Raises `OfficeRefusal` once it is a day old.
    """
    entries = services.audit_trail.on(ref.site, pseudonym(services, ref))
    notes = (entry for entry in entries if entry.kind in NOTES and entry.author.who == by.known_as)
    note = next((note for note in notes if note.name == name), None)
    if note and not is_removable(note, by, now):
        raise OfficeRefusal("note_old")
    return note is not None and services.audit_trail.remove_note(note, moment(now))
