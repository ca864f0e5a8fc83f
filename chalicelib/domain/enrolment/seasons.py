"""The season of a re-enrolment: the year in which its period opens, in Paris, and its retention."""

from datetime import datetime

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod
from chalicelib.values import frozen

_KEPT_YEARS = 3  # the school year that a season prepares, then two years (network.toml, [data_protection])


@frozen
class EnrolmentRef:
    """The key of a re-enrolment: its account and season (« 2027 »)."""

    account: AccountRef
    season: str


def season_of(period: EnrolmentPeriod | None, now: datetime) -> str:
    """Return the season of a period, or the current year if there is none."""
    return period.season if period else str(now.astimezone(PARIS).year)


def seasons_at(now: datetime) -> tuple[str, str]:
    """List the seasons that a page may show: this year's and last year's."""
    year = now.astimezone(PARIS).year
    return str(year), str(year - 1)


def seasons_kept(now: datetime) -> tuple[str, ...]:
    """List the seasons that may have data: a period may open next year already, and TTL deletes late."""
    year = now.astimezone(PARIS).year
    return tuple(str(season) for season in range(year - _KEPT_YEARS - 1, year + 2))


def forgotten_at(season: str) -> datetime:
    """Compute when a season's data is deleted: two years after the school year that it prepared."""
    return datetime(int(season) + _KEPT_YEARS, 9, 1, tzinfo=PARIS)
