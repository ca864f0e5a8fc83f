"""The stores of new requests, built where they are used: no family's function loads them."""

from typing import Final

from chalicelib.services import Services
from chalicelib.stores.applicants import Applicants
from chalicelib.stores.applications import Applications
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.draws import Draws
from chalicelib.stores.periods import PeriodStore
from chalicelib.stores.season_statistics import SeasonStatisticsStore
from chalicelib.values import frozen

_PERIODS: Final = "new-periods"  # in the office's table, beside those of the re-enrolment


@frozen
class AdmissionStores:
    """What the flows and the office of new requests use besides `Services`."""

    applications: Applications
    applicants: Applicants
    attempts: Attempts  # at codes, and questions of client addresses
    periods: PeriodStore  # of new requests
    draws: Draws
    statistics: SeasonStatisticsStore


def admission_stores(services: Services) -> AdmissionStores:
    """Build them: they hold nothing of their own."""
    database, settings = services.database, services.settings
    return AdmissionStores(
        applications=Applications(database, settings.applications_table),
        applicants=Applicants(database, settings.applicants_table),
        attempts=Attempts(database, settings.applicants_table),
        periods=PeriodStore(database, settings.office_table, _PERIODS),
        draws=Draws(database, settings.places_table),
        statistics=SeasonStatisticsStore(database, settings.places_table),
    )
