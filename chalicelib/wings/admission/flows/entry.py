"""Open a page by its token: find the session, its application and the periods, or redirect to the start page."""

from datetime import datetime
from typing import Any

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod, Periods
from chalicelib.domain.refusals import NotLoggedIn
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.family import Visit
from chalicelib.settings.environment import Network, Site
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applicant_sessions import ApplicantSession
from chalicelib.wings.admission.domain.applications import Application, current_season, is_open_at
from chalicelib.wings.admission.domain.retention import is_forgotten
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services


@frozen
class AdmissionPeriods:
    """The periods of applications at one moment: the season applied for, and the sites that accept applications."""

    network: Network
    periods: Periods
    season: str
    now: datetime

    @property
    def open_sites(self) -> tuple[Site, ...]:
        """The sites that accept applications now, in the network's order."""
        sites = self.network.sites
        return tuple(site for site in sites if is_open_at(self.periods, site.code, self.season, self.now))

    @property
    def is_open(self) -> bool:
        """Whether any site accepts applications now."""
        return bool(self.open_sites)

    def period(self, site: str) -> EnrolmentPeriod | None:
        """Find a site's period of this season. None if none is announced."""
        enrolment_period = self.periods.of(site)
        return enrolment_period if enrolment_period and enrolment_period.season == self.season else None


@frozen
class ApplicantContext(AdmissionPeriods):
    """An applicant with a proven mailbox: their application, and the periods of its season at this moment."""

    application: Application
    session: ApplicantSession
    token: Token

    @property
    def is_open(self) -> bool:
        """Whether answers are accepted: while a site is open, and as long as the office awaits a completion.

        After the closing day wishes stay as they were sent (`Catalogue`).
        """
        return bool(self.open_sites) or self.application.is_awaited(self.now.astimezone(PARIS).date())


def read_admission_periods(services: Services, now: datetime) -> AdmissionPeriods:
    """Read the periods of applications: one read at most."""
    periods = services.admission.periods.current(now)
    network = services.settings.network
    return AdmissionPeriods(network, periods, current_season(periods, (site.code for site in network.sites), now), now)


def enter(visit: Visit[Services]) -> ApplicantContext:
    """Find the session of a visit's token, its application and the periods: two reads. Raises `NotLoggedIn`.

    A session whose application is forgotten, or erased, opens nothing.
    """
    services, token, now = visit.services, visit.token, visit.now
    stores = services.admission
    session = stores.applicants.sessions.find(token) if token else None
    if token is None or session is None or not session.is_open(now):
        raise NotLoggedIn
    lookups: list[Lookup[Any]] = [stores.applications.lookup(session.ref), *stores.periods.lookups(now)]
    application, *_ = services.database.read_together(*lookups)
    if application.started_at is None or is_forgotten(application, now):
        raise NotLoggedIn
    if session.needs_touch(now):
        stores.applicants.sessions.touch(session, now)
    return ApplicantContext(
        network=services.settings.network,
        periods=stores.periods.last_known,
        season=session.ref.season,
        now=now,
        application=application,
        session=session,
        token=token,
    )
