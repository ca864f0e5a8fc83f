"""A whole application for the office: answers, states of wishes, documents, look-alikes, history."""

from collections.abc import Collection
from datetime import datetime

from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.office.account import pseudonym
from chalicelib.office.dossiers.documents import Dossier, DossierDocuments, ListedDocument, read_documents
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import Application
from chalicelib.wings.admission.domain.look_alikes import look_alikes
from chalicelib.wings.admission.domain.paperwork import application_folder, required_documents
from chalicelib.wings.admission.office.accounts import similar_accounts
from chalicelib.wings.admission.office.applications import (
    ListedCandidate,
    applications_at,
    audited_as,
    check_accounts,
    listed_candidates,
    wish_standings,
)
from chalicelib.wings.admission.office.places import SeasonPlaces, WishStanding, places_of, with_lines


def dossier_of(services: Services, application: Application, now: datetime) -> Dossier:
    """Describe an application, for its documents."""
    rules, today = services.settings.network.admission.document_rules, now.astimezone(PARIS).date()
    return Dossier(
        audited_as(application.ref),
        application,
        required_documents(rules, application, today),
        application_folder(application.ref),
        (application.sent,) if application.sent else (),
        {candidate.key: candidate.name for candidate in application.answers.candidates},
    )


def documents_of(services: Services, application: Application, author: Author, now: datetime) -> DossierDocuments:
    """Read the documents of an application, audited before. Raises `OfficeRefusal`."""
    return read_documents(services, dossier_of(services, application, now), author, now)


@frozen
class ApplicationOverview:
    """An application as read, with the states of each candidate's wishes, in order."""

    now: datetime
    application: Application
    pupils: tuple[ListedCandidate, ...]
    wishes: tuple[tuple[WishStanding, ...], ...]
    documents: tuple[ListedDocument, ...]
    acts: tuple[AuditEntry, ...]
    places: SeasonPlaces


def application_overview_at(
    services: Services, application: Application, sites: Collection[str], now: datetime
) -> ApplicationOverview:
    """Read a whole application. Its look-alikes are searched among the applications and accounts of some sites.

    No Scan: see `applications_at`, `similar_accounts`.
    """
    rows = applications_at(services, application.ref.season, sites)
    similar_names = look_alikes(rows, similar_accounts(services, application, sites))
    places = places_of(services, application.ref.season, now, with_rankings=True)
    places = with_lines(services, places, rows, sites)
    pupils = tuple(check_accounts(services, listed_candidates(services, application, places, similar_names, now)))
    ref = audited_as(application.ref)
    return ApplicationOverview(
        now,
        application,
        pupils,
        tuple(wish_standings(pupil, places) for pupil in pupils),
        dossier_of(services, application, now).entries,
        tuple(services.audit_trail.on(ref.site, pseudonym(services, ref))),
        places,
    )
