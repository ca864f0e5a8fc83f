"""The stores of applications."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from chalicelib.services.family import Services
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.periods import PeriodStore
from chalicelib.wings.admission.domain.applications import Application, Candidate
from chalicelib.wings.admission.stores.applicants import Applicants
from chalicelib.wings.admission.stores.applications import Applications
from chalicelib.wings.admission.stores.claims import CandidateClaims, IdentifierNumbers
from chalicelib.wings.admission.stores.draws import Draws, SeasonStatisticsStore
from chalicelib.wings.admission.stores.pools import Pools

_PERIODS: Final = "new-periods"  # in the office's table, beside the periods of the re-enrolment


class AdmissionStores:
    """The stores of applications."""

    def __init__(self, services: Services) -> None:
        database, settings, table = services.database, services.settings, services.settings.table
        self.applications = Applications(database, table("Applications"))
        self.claims = CandidateClaims(database, table("Applications"))
        self.applicants = Applicants(database, table("Applicants"))
        self.attempts = Attempts(database, table("Applicants"))  # at codes, and code requests of addresses
        self.periods = PeriodStore(database, settings.office_table, _PERIODS)  # of applications
        self.draws = Draws(database, table("Places"))
        self.statistics = SeasonStatisticsStore(database, table("Places"))
        self.pools = Pools(database, table("Places"))
        self.identifier_numbers = IdentifierNumbers(database, table("Places"))
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
