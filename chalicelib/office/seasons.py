"""The season of the office's pages: an announced period's, else the last one with something in it."""

from collections.abc import Callable, Iterator
from datetime import datetime

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, season_of
from chalicelib.services.family import Services
from chalicelib.stores.summary_index import enrolment_summaries


def reenrolment_season(services: Services, site: str, period: EnrolmentPeriod | None, now: datetime) -> str:
    """Return the season of a site's re-enrolments. Without a period: last year's, until this year's has begun."""
    if period:
        return period.season
    return begun_season(season_of(None, now), lambda season: enrolment_summaries(services.enrolments, season, site))


def begun_season(season: str, reader: Callable[[str], Iterator[object]]) -> str:
    """Return a season, or the one before if only that one has something in it."""
    last = str(int(season) - 1)
    is_last = next(reader(season), None) is None and next(reader(last), None) is not None
    return last if is_last else season
