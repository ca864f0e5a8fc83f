"""A whole application for the office: answers, states of wishes, documents, look-alikes, history."""

import hashlib
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.admission.applications import AdmissionDecision, Application, Candidate, Sent
from chalicelib.domain.admission.paperwork import application_folder, required_documents
from chalicelib.domain.dossiers.documents import ProvidedDocument, Slot
from chalicelib.domain.dossiers.uploads import DocumentStatus, UploadedFile, document_statuses, slot_of
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.office.account import audit, check_author, pseudonym
from chalicelib.office.admission.accounts import similar_accounts
from chalicelib.office.admission.applications import (
    ListedCandidate,
    audited_as,
    check_accounts,
    listed_candidates,
    look_alikes,
    wish_standings,
)
from chalicelib.office.admission.places import SeasonPlaces, WishStanding, places_of
from chalicelib.office.admission.worklist import applications_at
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.family import Services
from chalicelib.values import frozen


@frozen
class ApplicationDocuments:
    """Each required document with its status, and the files of those no longer required."""

    application: Application
    statuses: tuple[DocumentStatus, ...]
    others: tuple[UploadedFile, ...]

    def last_sent(self, slot: Slot) -> tuple[Sent, ProvidedDocument] | None:
        """Find the sending that included a file of a document, and its entry for that file."""
        sent = self.application.sent
        documents = (one for one in (sent.provided if sent else ()) if one.object_key and (one.code, one.owner) == slot)
        document = next(documents, None)
        return (sent, document) if sent and document else None

    def name_of(self, owner: str) -> str:
        """Name the owner of a document. Empty for the household."""
        candidate = self.application.answers.candidate(owner)
        return candidate.name if candidate else ""


def documents_of(services: Services, application: Application, author: Author, now: datetime) -> ApplicationDocuments:
    """List the documents of an application. The consultation is audited before: they may be about health.

    Raises `OfficeRefusal`.
    """
    audit(services, audited_as(application.ref), "documents_read", check_author(author), now)
    today = now.astimezone(PARIS).date()
    wanted = required_documents(services.settings.network.admission.document_rules, application, today)
    stored = services.documents.files(application_folder(application.ref))
    asked = {document.slot for document in wanted}
    return ApplicationDocuments(
        application,
        document_statuses(wanted, application, stored, services.documents.read_signature),
        tuple(file for file in stored if slot_of(file.key) not in asked),
    )


_BETWEEN: Final = "."


@frozen
class CandidateVersion:
    """One candidate, by its key, as a page showed it. `decision` is empty if there was none."""

    key: str
    version: str = ""
    decision: str = ""

    @classmethod
    def of(cls, application: Application, key: str) -> "CandidateVersion":
        """Describe the current candidate."""
        decision = application.standing(key).decision
        sent = application.sent.at.isoformat() if application.sent else ""
        return cls(key, _digest(sent), _fingerprint(decision) if decision else "")

    @classmethod
    def parse(cls, key: str, text: str) -> "CandidateVersion":
        """Parse a form's value. A value that no page of ours wrote matches nothing."""
        version, _, decision = text.partition(_BETWEEN)
        return cls(key, version, decision)

    @property
    def text(self) -> str:
        """Format it for a form."""
        return f"{self.version}{_BETWEEN}{self.decision}"

    def find(self, application: Application, wanted: AdmissionDecision) -> Candidate:
        """Find the candidate, if unchanged since it was shown or already so decided. Raises `OfficeRefusal`."""
        sent = application.sent
        candidate = sent.answers.candidate(self.key) if sent else None
        if sent is None or candidate is None:
            raise OfficeRefusal("request_vanished", number=application.number)
        now, made = CandidateVersion.of(application, self.key), application.standing(self.key).decision
        if now.version != self.version:
            raise OfficeRefusal("request_resent", at=sent.at, number=application.number)
        if made and now.decision != self.decision and not made.says_the_same(wanted):
            raise OfficeRefusal("decide_meanwhile", name=candidate.name, decision=made)
        return candidate


def _fingerprint(decision: AdmissionDecision) -> str:
    facts = (decision.verdict, decision.by, int(decision.at.timestamp()), decision.words, decision.until)
    return _digest(repr(facts))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


@frozen
class ApplicationDocument:
    """A required document: its title, its owner (empty for the household), and how it is provided, if it is."""

    title: str
    of: str
    provided: ProvidedDocument | None


@frozen
class ApplicationOverview:
    """An application as read, with the states of each candidate's wishes, in order."""

    now: datetime
    application: Application
    pupils: tuple[ListedCandidate, ...]
    wishes: tuple[tuple[WishStanding, ...], ...]
    documents: tuple[ApplicationDocument, ...]
    acts: tuple[AuditEntry, ...]
    places: SeasonPlaces


def application_overview_at(
    services: Services, application: Application, sites: Collection[str], now: datetime
) -> ApplicationOverview:
    """Read a whole application. Its look-alikes are searched among the applications and accounts of some sites.

    No Scan: see `applications_at`, `similar_accounts`.
    """
    others = applications_at(services, application.ref.season, sites)
    alike = look_alikes(others, similar_accounts(services, application, sites))
    places = places_of(services, application.ref.season, now, with_rankings=True)
    pupils = tuple(check_accounts(services, listed_candidates(services, application, places, alike, now)))
    ref = audited_as(application.ref)
    return ApplicationOverview(
        now,
        application,
        pupils,
        tuple(wish_standings(pupil, places) for pupil in pupils),
        tuple(_documents(services, application, now)),
        tuple(services.audit_trail.on(ref.site, pseudonym(services, ref))),
        places,
    )


def _documents(services: Services, application: Application, now: datetime) -> Iterator[ApplicationDocument]:
    rules, today = services.settings.network.admission.document_rules, now.astimezone(PARIS).date()
    for required in required_documents(rules, application, today):
        yield ApplicationDocument(required.rule.title, required.name, application.document(*required.slot))
