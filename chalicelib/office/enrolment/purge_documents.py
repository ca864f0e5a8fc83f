"""The documents of a past season: the office purges them, with the files of erased accounts."""

from datetime import datetime

from chalicelib.domain.account.audit import Erasure
from chalicelib.domain.dossiers.uploads import FOLDER, UploadedFile, family_of
from chalicelib.domain.dossiers.uploads import season_of as season_of_key
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod, season_of, today
from chalicelib.office.account import pseudonym
from chalicelib.office.dossiers.worklist import check_season
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen


@frozen
class DueDocuments:
    """The files to purge: those of the season, and those of erased accounts in any season."""

    of_season: tuple[UploadedFile, ...]
    of_nobody: tuple[UploadedFile, ...]

    @property
    def files(self) -> tuple[UploadedFile, ...]:
        """The files of the season and those of erased accounts."""
        return self.of_season + self.of_nobody


def due(services: Services, season: str, now: datetime) -> DueDocuments:
    """List the files to purge with a season. Raises `OfficeRefusal` if the season is not over at some site.

    An orphan file was sent by a page already open when its family was erased. Files are listed before accounts, so that
    a new account's file is no orphan.
    """
    _check_over(services, season, now)
    files = services.documents.files(FOLDER)
    accounts = tuple(services.accounts.all())
    last_days = (account.extension.until for account in accounts if account.extension)
    if any(str(last.year) == season and today(now) <= last for last in last_days):
        raise OfficeRefusal("documents_season_open", season=season)
    keys = {(account.ref.site, pseudonym(services, account.ref)) for account in accounts}
    older = (file for file in files if season_of_key(file.key) != season)
    return DueDocuments(
        tuple(file for file in files if season_of_key(file.key) == season),
        tuple(file for file in older if family_of(file.key) not in keys),
    )


def purge(services: Services, batch: DueDocuments, by: str, now: datetime) -> Erasure:
    """Delete the listed files, and audit sites and counts. After a fault, running it again completes it."""
    erasure = Erasure.of_documents((family_of(file.key)[0] for file in batch.files), by, now)
    services.audit_trail.add_erasure(erasure)
    services.documents.delete(tuple(file.key for file in batch.files))
    record = erasure.complete()
    services.audit_trail.add_erasure(record)
    return record


def _check_over(services: Services, season: str, now: datetime) -> None:
    check_season(season)
    periods = services.periods.read()
    all_periods = [periods.of(site.code) for site in services.settings.network.sites]
    if not all(_is_over(season, period, now) for period in all_periods):
        raise OfficeRefusal("documents_season_open", season=season)


def _is_over(season: str, period: EnrolmentPeriod | None, now: datetime) -> bool:
    """Whether a season is over at a site: its period has ended, or it is of a past year."""
    if period and season_of(period, now) == season:
        return period.state(now) == "after"
    return season < str(now.astimezone(PARIS).year)
