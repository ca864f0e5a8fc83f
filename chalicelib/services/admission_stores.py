"""The stores of applications."""

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

_PERIODS: Final = "new-periods"  # in the office's table, beside the periods of the re-enrolment


class AdmissionStores:
    """The stores of applications."""

    def __init__(self, services: Services) -> None:
        database, settings = services.database, services.settings
        self.applications = Applications(database, settings.applications_table)
        self.claims = CandidateClaims(database, settings.applications_table)
        self.applicants = Applicants(database, settings.applicants_table)
        self.attempts = Attempts(database, settings.applicants_table)  # at codes, and code requests of addresses
        self.periods = PeriodStore(database, settings.office_table, _PERIODS)  # of applications
        self.draws = Draws(database, settings.places_table)
        self.statistics = SeasonStatisticsStore(database, settings.places_table)
        self.pools = Pools(database, settings.places_table)
        self.identifier_numbers = IdentifierNumbers(database, settings.places_table)
        self._pseudonyms = services.record.pseudonyms

    def person_of(self, season: str, candidate: Candidate) -> str:
        """Return the pseudonym of a candidate's person, for claims only. It does not depend on the spelling."""
        return self._pseudonyms.of("candidate", season, *candidate.person)

    def release_claims(self, application: Application, keys: Iterable[str], until: datetime | None = None) -> None:
        """Release the claims of sent candidates that no longer ask for a place, by their keys.

        One call each, after the write that removed, withdrew or declined them. A claim left by a fault passes to the
        next applicant who claims it. `until`: later claims are kept, as the same candidate may have asked again.
        """
        request = application.sent
        for key in keys:
            candidate = request.answers.candidate(key) if request else None
            if candidate:
                person = self.person_of(application.ref.season, candidate)
                self.claims.release(person, application.ref, key, until)
