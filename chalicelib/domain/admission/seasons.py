"""The season of applications, which is the year in which their period opens, and the sites open now."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.enrolment.periods import PARIS, Periods


def current_season(periods: Periods, sites: Iterable[str], now: datetime) -> str:
    """Return the season of a day: of the period that opened last, else of the next to open, else its year."""
    announced = [period for period in map(periods.of, sites) if period]
    opened = [period for period in announced if period.state(now) != "before"]
    if opened:
        return max(opened, key=lambda period: period.opens_on).season
    if announced:
        return min(announced, key=lambda period: period.opens_on).season
    return str(now.astimezone(PARIS).year)


def is_open_at(periods: Periods, site: str, season: str, now: datetime) -> bool:
    """Whether a site takes applications of a season."""
    period = periods.of(site)
    return period is not None and period.season == season and period.state(now) == "during"
