"""The stores of applications, built on use: no family's function loads them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from chalicelib.domain.admission.applications import Application, Candidate
from chalicelib.services.family import Services
from chalicelib.stores.applicants import Applicants
from chalicelib.stores.applications import Applications
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.claims import CandidateClaims, IdentifierNumbers
from chalicelib.stores.draws import Draws, SeasonStatisticsStore
from chalicelib.stores.periods import PeriodStore
from chalicelib.stores.pools import Pools
from chalicelib.values import frozen

_PERIODS: Final = "new-periods"  # in the office's table, beside the periods of the re-enrolment


@frozen
class AdmissionStores:
    """The stores of applications, used by flows and the office besides `Services`."""

    applications: Applications
    claims: CandidateClaims
    applicants: Applicants
    attempts: Attempts  # at codes, and code requests of client addresses
    periods: PeriodStore  # of applications
    draws: Draws
    statistics: SeasonStatisticsStore
    pools: Pools
    identifier_numbers: IdentifierNumbers


def admission_stores(services: Services) -> AdmissionStores:
    """Build the stores, which have no state."""
    database, settings = services.database, services.settings
    return AdmissionStores(
        applications=Applications(database, settings.applications_table),
        claims=CandidateClaims(database, settings.applications_table),
        applicants=Applicants(database, settings.applicants_table),
        attempts=Attempts(database, settings.applicants_table),
        periods=PeriodStore(database, settings.office_table, _PERIODS),
        draws=Draws(database, settings.places_table),
        statistics=SeasonStatisticsStore(database, settings.places_table),
        pools=Pools(database, settings.places_table),
        identifier_numbers=IdentifierNumbers(database, settings.places_table),
    )


def person_of(services: Services, season: str, candidate: Candidate) -> str:
    """Return the pseudonym of a candidate's person, for claims only. It does not depend on the spelling."""
    return services.record.pseudonyms.of("candidate", season, *candidate.person)


def release_claims(
    services: Services, application: Application, keys: Iterable[str], until: datetime | None = None
) -> None:
    """Release the claims of sent candidates that no longer ask for a place, by their keys.

    One call each, after the write that removed, withdrew or declined them. A claim left by a fault passes to the next
    applicant who claims it. `until`: later claims are kept, as the same candidate may have asked again.
    """
    claims, sent = admission_stores(services).claims, application.sent
    for key in keys:
        candidate = sent.answers.candidate(key) if sent else None
        if candidate:
            claims.release(person_of(services, application.ref.season, candidate), application.ref, key, until)
