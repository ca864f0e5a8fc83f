"""The season of the office's pages: an announced period's, else the last one with something in it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from chalicelib.domain.admission.applications import current_season
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods, season_of
from chalicelib.services.staff import StaffServices as Services
from chalicelib.stores.summary_index import application_summaries, enrolment_summaries


def reenrolment_season(services: Services, site: str, period: EnrolmentPeriod | None, now: datetime) -> str:
    """Return the season of a site's re-enrolments. Without a period: last year's, until this year's has begun."""
    if period:
        return period.season
    return _begun(season_of(None, now), lambda season: enrolment_summaries(services.enrolments, season, site))


def admission_season(services: Services, periods: Periods, sites: Iterable[str], now: datetime) -> str:
    """Return the season of the applications of some sites. Without a period: as for re-enrolments."""
    codes = tuple(sites)
    season = current_season(periods, codes, now)
    if any(map(periods.of, codes)):
        return season
    return _begun(season, lambda season: application_summaries(services.admission.applications, season))


def _begun(season: str, read: Callable[[str], Iterator[object]]) -> str:
    last = str(int(season) - 1)
    is_last = next(read(season), None) is None and next(read(last), None) is not None
    return last if is_last else season
