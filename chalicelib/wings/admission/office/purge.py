"""The retention of applications: the office purges the expired ones, counted first without naming persons."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from chalicelib.domain.account.audit import Erasure
from chalicelib.domain.dossiers.uploads import UploadedFile
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.domain.refusals import WriteConflict
from chalicelib.office.account import add_tombstones, trail_deletions
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.settings.environment import Network
from chalicelib.settings.wings import has
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import Application
from chalicelib.wings.admission.domain.paperwork import FOLDER, application_folder
from chalicelib.wings.admission.domain.retention import closed_at, due_at, is_forgotten
from chalicelib.wings.admission.domain.statistics import SeasonStatistics, count
from chalicelib.wings.admission.office.applications import audited_as

NO_SITE = "*"  # of a draft without a wish


def has_applications(services: Services) -> bool:
    """Whether the stage has applications: a network that leaves admission out keeps them, until they are due."""
    return has("admission", services.settings.wing_tables)


def site_of(application: Application) -> str:
    """Find the site that counts an application: that of its first wish."""
    wishes = (wish for candidate in application.answers.candidates for wish in candidate.wishes)
    return next((wish.site for wish in wishes), NO_SITE)


def forget(services: Services, application: Application, now: datetime) -> bool:
    """Delete every trace of an application from the tables and the bucket. False if it was changed concurrently.

    Pools, rankings and draws keep the receipt's number, which leads nowhere from then on, and the candidate's key.
    Raises `Unavailable`.
    """
    stores, number = services.admission, application.number
    candidates = application.sent.answers.candidates if application.sent else ()
    add_tombstones(services, (audited_as(application.ref),), now)
    services.admission.release_claims(application, [candidate.key for candidate in candidates])
    services.documents.delete_under(application_folder(application.ref))
    services.staff.sessions.forget_opened(application.ref.mailbox, application.ref.season)
    stores.applicants.forget(application.ref)
    ref = audited_as(application.ref)
    services.database.write_all(
        (*trail_deletions(services, ref), services.staff.turns.delete(ref.site, ref.identifier))
    )
    if number:
        services.database.write_together(stores.applications.delete_number(number))
    try:
        stores.applications.forget(application)
    except WriteConflict as conflict:
        if number and conflict.item:  # it stays, so it must still be found
            with suppress(WriteConflict):
                stores.applications.add_number(number, application.ref)
        return conflict.item is None
    return True


@frozen
class DueApplications:
    """The data to purge: applications, with expired drafts, orphan files, and the counts kept."""

    applications: tuple[Application, ...]
    of_nobody: tuple[UploadedFile, ...]
    statistics: tuple[SeasonStatistics, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is due."""
        return not self.applications and not self.of_nobody


def due(services: Services, now: datetime) -> DueApplications:
    """List the expired data. Files are listed before applications, so that a new application's file is no orphan."""
    if not has_applications(services):
        return DueApplications((), (), ())
    stores = services.admission
    files = services.documents.files(FOLDER)
    by_season: dict[str, list[Application]] = defaultdict(list)
    for application in stores.applications.every():
        by_season[application.ref.season].append(application)
    network, periods = services.settings.network, stores.periods.read()
    has_places = bool(services.settings.table("Places"))  # not if that table of a wing left out was never made
    applications = {season: _due(network, periods, season, read, now) for season, read in sorted(by_season.items())}
    statistics = (
        count(season, by_season[season], now)
        for season, rows in applications.items()
        if has_places and any(one.sent for one in rows)
    )
    folders = {application_folder(one.ref) for read in by_season.values() for one in read if not is_forgotten(one, now)}
    return DueApplications(
        tuple(application for some in applications.values() for application in some),
        tuple(file for file in files if f"{'/'.join(file.key.split('/')[:3])}/" not in folders),
        tuple(statistics),
    )


def _due(
    network: Network, periods: Periods, season: str, applications: Iterable[Application], now: datetime
) -> list[Application]:
    rows = list(applications)
    of_season = [period for site in network.sites if (period := periods.of(site.code)) and period.season == season]
    end = closed_at(rows, max((period.ends_at for period in of_season), default=None)) or now  # drafts only
    last = timedelta(days=network.admission.refused_days)
    return [one for one in rows if due_at(one, end, last) <= now]


def purge(services: Services, batch: DueApplications, by: str, now: datetime) -> Erasure:
    """Forget the listed data, except if changed since. After a fault, running it again completes it.

    The audit trail gets sites and counts, before and after. Statistics are stored first. Raises `Unavailable`.
    """
    erasure = Erasure.of_applications(map(site_of, batch.applications), by, "requests", now)
    services.audit_trail.add_erasure(erasure)
    for line in batch.statistics:
        services.admission.statistics.add(line)
    sites = [site_of(application) for application in batch.applications if forget(services, application, now)]
    services.documents.delete(tuple(file.key for file in batch.of_nobody))
    record = erasure.with_erased_at(sites)
    services.audit_trail.add_erasure(record)
    return record
