"""A whole application for the office: answers, states of wishes, documents, look-alikes, history."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.admission.allocation import Position, Season, SiteOrder, entries_of
from chalicelib.domain.admission.applications import Application, CandidateRef
from chalicelib.domain.admission.paperwork import application_folder, required_documents
from chalicelib.domain.admission.pools import PoolRef, Ranking
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.office.account import pseudonym
from chalicelib.office.admission.accounts import similar_accounts
from chalicelib.office.admission.applications import (
    ListedCandidate,
    applications_at,
    audited_as,
    check_accounts,
    listed_candidates,
    look_alikes,
    wish_standings,
)
from chalicelib.office.admission.places import SeasonPlaces, WishStanding, places_of
from chalicelib.office.dossiers.documents import Dossier, DossierDocuments, ListedDocument, read_documents
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.values import frozen


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
    alike = look_alikes(rows, similar_accounts(services, application, sites))
    places = places_of(services, application.ref.season, now, with_rankings=True)
    places = _with_lines(services, places, rows, sites)
    pupils = tuple(check_accounts(services, listed_candidates(services, application, places, alike, now)))
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


def _with_lines(
    services: Services, places: SeasonPlaces, applications: Iterable[Application], sites: Iterable[str]
) -> SeasonPlaces:
    """Rank the candidates of some sites, of which all applications are given, before places are first allocated.

    A site that draws has no order until its draw.
    """
    settings = services.settings.network.admission
    groups, order_at = tuple(group.code for group in settings.groups), {site: settings.order_of(site) for site in sites}
    orders = {site: SiteOrder(order, groups) for site, order in order_at.items() if order != "draw"}
    holders = {holder.candidate for pool in places.pools for holder in pool.holders}
    lines: dict[PoolRef, list[tuple[Position, CandidateRef]]] = defaultdict(list)
    for application in applications:
        for entry in entries_of(application, places.pools, Season(orders, places.ages_on)):
            for wish in entry.wanted if entry.state == "asks" and entry.candidate not in holders else ():
                lines[wish.pool].append((wish.position, entry.candidate))
    rankings = {
        ref: Ranking(ref, tuple(candidate for _, candidate in sorted(line)))
        for ref, line in lines.items()
        if ref.site in orders and places.rankings[ref].at is None
    }
    return replace(places, rankings={**places.rankings, **rankings})
