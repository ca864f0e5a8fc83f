"""The documents that a new family handed in for its request, as the bucket has them, for the office to read."""

from datetime import datetime

from chalicelib.domain.account.audit import Author
from chalicelib.domain.admission.applications import Application, Sent
from chalicelib.domain.admission.paperwork import request_folder, required_documents
from chalicelib.domain.enrolment.checklist import Slot
from chalicelib.domain.enrolment.enrolments import ProvidedDocument
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.enrolment.uploads import DocumentStatus, UploadedFile, document_statuses, slot_of
from chalicelib.office.account import audit, check_author
from chalicelib.office.admission.find import audited_as
from chalicelib.services.family import Services
from chalicelib.values import frozen


@frozen
class RequestDocuments:
    """Each document asked for, as it stands; and the files of those that are asked for no more."""

    application: Application
    statuses: tuple[DocumentStatus, ...]
    others: tuple[UploadedFile, ...]

    def last_sent(self, slot: Slot) -> tuple[Sent, ProvidedDocument] | None:
        """Find the sending that a file of a document was sent with, and what it says of that file."""
        sent = self.application.sent
        found = (one for one in (sent.provided if sent else ()) if one.object_key and (one.code, one.owner) == slot)
        document = next(found, None)
        return (sent, document) if sent and document else None

    def name_of(self, owner: str) -> str:
        """Name whose a document is; empty for the household's."""
        candidate = self.application.answers.candidate(owner)
        return candidate.name if candidate else ""


def documents_of(services: Services, application: Application, author: Author, now: datetime) -> RequestDocuments:
    """List the documents of a request, and note before that they are read: they may be about health.

    Raises `OfficeRefusal`.
    """
    audit(services, audited_as(application.ref), "documents_read", check_author(author), now)
    today = now.astimezone(PARIS).date()
    wanted = required_documents(services.settings.network.admission.document_rules, application, today)
    stored = services.documents.files(request_folder(application.ref))
    asked = {document.slot for document in wanted}
    return RequestDocuments(
        application,
        document_statuses(wanted, application, stored, services.documents.read_signature),
        tuple(file for file in stored if slot_of(file.key) not in asked),
    )
