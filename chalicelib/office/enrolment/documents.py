"""The documents that a family handed in for its re-enrolment, as the bucket has them, for the office to read."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.checklist import Slot
from chalicelib.domain.enrolment.enrolments import Enrolment, Provided, Receipt
from chalicelib.domain.enrolment.paperwork import asked
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.enrolment.uploads import Standing, Stored, family_folder, of_slot, slot_of, standings
from chalicelib.office.account import checked, note, pseudonym
from chalicelib.office.enrolment.reenrolments import Family
from chalicelib.office.enrolment.show import Named, find
from chalicelib.services import Services


@dataclass(frozen=True)
class HandedIn:
    """Each document asked for, as it stands; and of those asked for no more, what was noted, else the newest file."""

    family: Family
    standings: tuple[Standing, ...]
    others: tuple[Stored, ...]

    def sent(self, slot: Slot) -> tuple[Receipt, Provided] | None:
        """Give the last receipt that a file of a document was sent with, and what it says of that file."""
        receipts = reversed(self.family.enrolment.receipts)
        found = ((receipt, each) for receipt in receipts for each in receipt.provided if each.object_key)
        return next(((receipt, each) for receipt, each in found if (each.code, each.owner) == slot), None)


def handed_in(services: Services, named: Named, author: Author, now: datetime) -> HandedIn:
    """Tell what a family handed in, and note that it was looked at: it may be about health. Raises `Refused`."""
    family = find(services, named, now)
    account, enrolment = family.account, family.enrolment
    note(services, account.ref, "documents_read", checked(author), now)
    today = now.astimezone(PARIS).date()
    wanted = asked(services.settings.network.enrolment.document_rules, account.household.keyed_pupils, enrolment, today)
    folder = family_folder(enrolment.ref.season, account.ref.site, pseudonym(services, account.ref))
    stored = services.documents.stored(folder)
    others = sorted({slot_of(each.key) for each in stored} - {each.slot for each in wanted})
    return HandedIn(
        family,
        standings(wanted, enrolment, stored, services.documents.look),
        tuple(_noted_or_newest(enrolment, stored, slot) for slot in others),
    )


def _noted_or_newest(enrolment: Enrolment, stored: tuple[Stored, ...], slot: Slot) -> Stored:
    own, noted = of_slot(stored, slot), enrolment.document(*slot)
    return next((each for each in own if noted and each.key == noted.object_key), own[-1])
