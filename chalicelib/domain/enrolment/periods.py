"""The re-enrolment period of a site: two days, inclusive, Paris time."""

import hashlib
from dataclasses import field, replace
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.refusals import FormRefusal
from chalicelib.values import frozen

_SUNDAY: Final = 6
# Fixed dates, and days after Easter Sunday: Code du travail, L3133-1.
_FIXED: Final = frozenset({(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)})
_AFTER_EASTER: Final = frozenset({1, 39, 50})  # Monday, Ascension, Whit Monday


class PeriodClosed(FormRefusal):
    """The re-enrolment is not open. Saved answers stay, new ones are refused."""

    code = "period_closed"


def is_day_off(day: date) -> bool:
    """Whether it is a Sunday or a public holiday of metropolitan France (those of Alsace and Moselle are not)."""
    is_moving = (day - easter(day.year)).days in _AFTER_EASTER
    return day.weekday() == _SUNDAY or (day.month, day.day) in _FIXED or is_moving


def easter(year: int) -> date:
    """Compute Easter Sunday, by the Gregorian computus (Meeus, Jones and Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


PARIS: Final = ZoneInfo("Europe/Paris")

PERIODS_AGE: Final = timedelta(seconds=10)  # at most, of those that a page or an act goes by
_LAST_WRITES: Final = timedelta(minutes=5)  # of requests that began before

PeriodState = Literal["before", "during", "after"]


@frozen
class EnrolmentPeriod:
    """Two days, inclusive. Raises `ValueError` if it ends before it begins."""

    opens_on: date
    closes_on: date

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins."""
        if self.closes_on < self.opens_on:
            raise ValueError("a period closes on the day it opens, or later")

    @property
    def season(self) -> str:
        """Its season: the year in which it opens (« 2027 »)."""
        return str(self.opens_on.year)

    def state(self, now: datetime) -> PeriodState:
        """Return the state at a time. The last day ends at midnight in Paris."""
        today = now.astimezone(PARIS).date()
        if today < self.opens_on:
            return "before"
        return "during" if today <= self.closes_on else "after"

    @property
    def ends_at(self) -> datetime:
        """The first moment after it: midnight in Paris after the last day."""
        return datetime.combine(self.closes_on + timedelta(days=1), time(), PARIS)

    def is_settled(self, now: datetime) -> bool:
        """Whether it is over, and everything sent in its last second is stored."""
        return now >= self.ends_at + _LAST_WRITES


@frozen
class Periods:
    """The announced periods: one for the network, and those of sites with their own."""

    of_all: EnrolmentPeriod | None = None
    of_sites: tuple[tuple[str, EnrolmentPeriod], ...] = ()

    def of(self, site: str) -> EnrolmentPeriod | None:
        """Return a site's period. None if none is announced."""
        return dict(self.of_sites).get(site, self.of_all)

    @property
    def version(self) -> str:
        """A hash of the announced periods, for forms to detect any change."""
        every = (("*", self.of_all), *self.of_sites)
        days = "\n".join(f"{site} {period.opens_on} {period.closes_on}" for site, period in every if period)
        return hashlib.sha256(days.encode()).hexdigest()[:16]


def period_of(account: Account, periods: Periods) -> EnrolmentPeriod | None:
    """Return the period in which a family re-enrols: its site's. None for a newcomer, or if none is announced.

    A fictitious family of a rehearsal has its own, of two days, so that the announced ones never change for it. A
    family with an extension has until that day.
    """
    if account.rehearsed_on:
        return EnrolmentPeriod(account.rehearsed_on, account.rehearsed_on + timedelta(days=1))
    period = None if account.is_newcomer else periods.of(account.ref.site)
    until = account.extension.until if account.extension else date.min
    is_extended = period is not None and period.closes_on < until and until.year == period.opens_on.year
    return replace(period, closes_on=until) if period and is_extended else period


@frozen
class AnnouncedPeriods:
    """The announced periods, with the author and time of the last change. Older versions did not store these."""

    periods: Periods
    who: str = field(default="", repr=False)
    at: datetime | None = None

    @property
    def name(self) -> str:
        """The author's name, without the address."""
        return self.who.partition(" <")[0]

    def is_settled(self, now: datetime) -> bool:
        """Whether every function knows the last change, if any, and all acts before it are stored."""
        return self.at is None or now >= self.at + _LAST_WRITES


@frozen
class Publication:
    """The last publication of the static pages: the version of their periods, and its time."""

    version: str
    at: datetime


YEAR_BEGINS_IN: Final = 9  # September
_KEPT_YEARS = 3  # the school year that a season prepares, then two years (network.toml, [data_protection])


@frozen
class EnrolmentRef:
    """The key of a re-enrolment: its account and season (« 2027 »)."""

    account: AccountRef
    season: str


def today(now: datetime) -> date:
    """Return the day of a moment, in Paris."""
    return now.astimezone(PARIS).date()


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
    return datetime(int(season) + _KEPT_YEARS, YEAR_BEGINS_IN, 1, tzinfo=PARIS)


def name_of_year(day: date) -> str:
    """Return the school year of a day, from September to August."""
    return str(day.year if day.month >= YEAR_BEGINS_IN else day.year - 1)


def year_ends_at(name: str) -> datetime:
    """Compute the end of a school year: the 1st of September after it."""
    return datetime(int(name) + 1, YEAR_BEGINS_IN, 1, tzinfo=PARIS)
