"""All of one request, for the office: answers, where each wish stands, documents, look-alikes, history."""

from collections.abc import Collection, Iterator
from datetime import datetime

from chalicelib.domain.account.audit import AuditEntry
from chalicelib.domain.admission.applications import Application
from chalicelib.domain.admission.paperwork import required_documents
from chalicelib.domain.enrolment.enrolments import ProvidedDocument
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.office.account import pseudonym
from chalicelib.office.admission.applications import (
    RequestedPupil,
    check_accounts,
    look_alikes,
    requested_pupils,
    wish_standings,
)
from chalicelib.office.admission.find import audited_as
from chalicelib.office.admission.places import Places, WishStanding, places_of
from chalicelib.office.admission.similar_accounts import accounts_alike
from chalicelib.office.admission.worklist import requests_at
from chalicelib.services.family import Services
from chalicelib.values import frozen


@frozen
class RequestDocument:
    """A document asked for: what it is, of whom (empty for the household), and how it is provided, if it is."""

    title: str
    of: str
    provided: ProvidedDocument | None


@frozen
class RequestOverview:
    """A request at the moment it was read; of each candidate, where its wishes stand, in their order."""

    now: datetime
    application: Application
    pupils: tuple[RequestedPupil, ...]
    wishes: tuple[tuple[WishStanding, ...], ...]
    documents: tuple[RequestDocument, ...]
    acts: tuple[AuditEntry, ...]
    places: Places


def request_overview_at(
    services: Services, application: Application, sites: Collection[str], now: datetime
) -> RequestOverview:
    """Read all of a request; what looks like it is looked for among the requests and the accounts of some sites.

    No table is gone through: `requests_at`, `accounts_alike`.
    """
    others = requests_at(services, application.ref.season, sites)
    alike = look_alikes(others, accounts_alike(services, application, sites))
    places = places_of(services, application.ref.season, now, with_rankings=True)
    pupils = tuple(check_accounts(services, requested_pupils(services, application, places, alike, now)))
    ref = audited_as(application.ref)
    return RequestOverview(
        now,
        application,
        pupils,
        tuple(wish_standings(pupil, places) for pupil in pupils),
        tuple(_documents(services, application, now)),
        tuple(services.audit_trail.on(ref.site, pseudonym(services, ref))),
        places,
    )


def _documents(services: Services, application: Application, now: datetime) -> Iterator[RequestDocument]:
    rules, today = services.settings.network.admission.document_rules, now.astimezone(PARIS).date()
    for required in required_documents(rules, application, today):
        yield RequestDocument(required.rule.title, required.name, application.document(*required.slot))
