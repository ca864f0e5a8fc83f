"""Notes of the office on a family's file, and its calls: entries of the audit trail, given with the family's data."""

from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.office.account import audit, check_author, find_account, pseudonym
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services

MOST_NOTES: Final = 50  # on one file
_TWICE: Final = timedelta(minutes=10)  # the same form sent again


def add_note(services: Services, case: HelpdeskCase, kind: Literal["noted", "called"], now: datetime) -> bool:
    """Add a note, the reason of the case, to a family's file. Returns whether it is new. Raises `OfficeRefusal`.

    Each note is an item of its own: concurrent ones both stay.
    """
    by = check_author(case.author)
    account = find_account(services, case.identifier, case.site)
    entries = services.audit_trail.on(account.ref.site, pseudonym(services, account.ref))
    notes = [entry for entry in entries if entry.kind in {"noted", "called"}]
    if any((entry.kind, entry.author) == (kind, by) and entry.at > now - _TWICE for entry in notes):
        return False
    if len(notes) >= MOST_NOTES:
        raise OfficeRefusal("notes_full", most=MOST_NOTES)
    audit(services, account.ref, kind, by, now)
    return True
