"""The retention of documents: those of a season that is over go by the office's word, with those of nobody any more."""

import re
from datetime import datetime
from typing import Final

from chalicelib.domain.account.audit import Erasure
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod
from chalicelib.domain.enrolment.seasons import season_of
from chalicelib.domain.enrolment.uploads import FOLDER, UploadedFile, family_of
from chalicelib.domain.enrolment.uploads import season_of as season_of_key
from chalicelib.office.account import pseudonym
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.family import Services
from chalicelib.values import frozen

_SEASON: Final = re.compile(r"20\d\d")


@frozen
class DueDocuments:
    """What would go: the files of the season; and, of any season, those of accounts that are no more."""

    of_season: tuple[UploadedFile, ...]
    of_nobody: tuple[UploadedFile, ...]

    @property
    def all(self) -> tuple[UploadedFile, ...]:
        """Both together."""
        return self.of_season + self.of_nobody


def due(services: Services, season: str, now: datetime) -> DueDocuments:
    """List what goes with a season. Raises `OfficeRefusal` for one that is not over at some site.

    A file of nobody: it was sent by a page that was open already when its family was erased. Files are listed before
    accounts, so that none seems nobody's whose account came meanwhile.
    """
    _check_over(services, season, now)
    found = services.documents.files(FOLDER)
    known = {(account.ref.site, pseudonym(services, account.ref)) for account in services.accounts.all()}
    others = (file for file in found if season_of_key(file.key) != season)
    return DueDocuments(
        tuple(file for file in found if season_of_key(file.key) == season),
        tuple(file for file in others if family_of(file.key) not in known),
    )


def purge(services: Services, listed: DueDocuments, who: str, now: datetime) -> Erasure:
    """Delete the files listed; begun again after a fault, it ends what is left. It is noted by sites and numbers."""
    erasure = Erasure.of_documents((family_of(file.key)[0] for file in listed.all), who, now)
    services.audit_trail.add_erasure(erasure)
    services.documents.delete(tuple(file.key for file in listed.all))
    done = erasure.complete()
    services.audit_trail.add_erasure(done)
    return done


def _check_over(services: Services, season: str, now: datetime) -> None:
    if not _SEASON.fullmatch(season):
        raise OfficeRefusal("season_malformed", typed=season)
    periods = services.periods.read()
    announced = [periods.of(site.code) for site in services.settings.network.sites]
    if not all(_is_over(season, period, now) for period in announced):
        raise OfficeRefusal("documents_season_open", season=season)


def _is_over(season: str, period: EnrolmentPeriod | None, now: datetime) -> bool:
    """Whether a season is over at a site: its period is, or it is one of a year gone by."""
    if period and season_of(period, now) == season:
        return period.state(now) == "after"
    return season < str(now.astimezone(PARIS).year)
