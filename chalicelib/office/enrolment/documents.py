"""The documents that a family handed in for its re-enrolment, as the bucket has them, for the office to read."""

from datetime import datetime

from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.checklist import Slot
from chalicelib.domain.enrolment.enrolments import Enrolment, ProvidedDocument, Receipt
from chalicelib.domain.enrolment.paperwork import required_documents
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.enrolment.uploads import (
    DocumentStatus,
    UploadedFile,
    document_statuses,
    family_folder,
    files_of,
    slot_of,
)
from chalicelib.office.account import audit, check_author, pseudonym
from chalicelib.office.enrolment.reenrolments import Family
from chalicelib.services.family import Services
from chalicelib.values import frozen


@frozen
class FamilyDocuments:
    """Each document asked for, as it stands; and of those asked for no more, what was noted, else the newest file."""

    family: Family
    statuses: tuple[DocumentStatus, ...]
    others: tuple[UploadedFile, ...]

    def last_sent(self, slot: Slot) -> tuple[Receipt, ProvidedDocument] | None:
        """Find the last receipt that a file of a document was sent with, and what it says of that file."""
        receipts = reversed(self.family.enrolment.receipts)
        found = ((receipt, document) for receipt in receipts for document in receipt.provided if document.object_key)
        return next(
            ((receipt, document) for receipt, document in found if (document.code, document.owner) == slot), None
        )

    def name_of(self, owner: str) -> str:
        """Name whose a document is; empty for the household's."""
        pupil = self.family.enrolment.pupil(owner)
        return pupil.name if pupil else ""


def documents_of(services: Services, family: Family, author: Author, now: datetime) -> FamilyDocuments:
    """List the documents of a family, and note before that they are read: they may be about health.

    Raises `OfficeRefusal`.
    """
    account, enrolment = family.account, family.enrolment
    audit(services, account.ref, "documents_read", check_author(author), now)
    today = now.astimezone(PARIS).date()
    wanted = required_documents(
        services.settings.network.enrolment.document_rules, account.household.pupils_by_key, enrolment, today
    )
    folder = family_folder(enrolment.ref.season, account.ref.site, pseudonym(services, account.ref))
    stored = services.documents.files(folder)
    others = sorted({slot_of(file.key) for file in stored} - {document.slot for document in wanted})
    return FamilyDocuments(
        family,
        document_statuses(wanted, enrolment, stored, services.documents.read_signature),
        tuple(_noted_or_newest(enrolment, stored, slot) for slot in others),
    )


def _noted_or_newest(enrolment: Enrolment, stored: tuple[UploadedFile, ...], slot: Slot) -> UploadedFile:
    own, noted = files_of(stored, slot), enrolment.document(*slot)
    return next((file for file in own if noted and file.key == noted.object_key), own[-1])
