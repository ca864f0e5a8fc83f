"""The season of a re-enrolment: the year in which its period opens, in Paris; and how long it is kept."""

from datetime import datetime

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod
from chalicelib.values import frozen

_KEPT_YEARS = 3  # the school year that a season prepares, then two years (network.toml, [data_protection])


@frozen
class EnrolmentRef:
    """Which re-enrolment: of which account, in which season (« 2027 »)."""

    account: AccountRef
    season: str


def season_of(period: EnrolmentPeriod | None, now: datetime) -> str:
    """Name the season of a period; while none is announced, that of the day."""
    return period.season if period else str(now.astimezone(PARIS).year)


def seasons_at(now: datetime) -> tuple[str, str]:
    """Name the seasons of which something may be kept that a page tells: this year's and last year's."""
    year = now.astimezone(PARIS).year
    return str(year), str(year - 1)


def seasons_kept(now: datetime) -> tuple[str, ...]:
    """Name the seasons of which anything may be there: a period may open next year already, and TTL deletes late."""
    year = now.astimezone(PARIS).year
    return tuple(str(season) for season in range(year - _KEPT_YEARS - 1, year + 2))


def forgotten_at(season: str) -> datetime:
    """Compute the moment from which nothing is kept of a season: two years after the school year that it prepared."""
    return datetime(int(season) + _KEPT_YEARS, 9, 1, tzinfo=PARIS)
