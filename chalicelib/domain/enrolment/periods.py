"""The re-enrolment period of a site: two days, inclusive, Paris time."""

import hashlib
from dataclasses import field
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from chalicelib.values import frozen

PARIS: Final = ZoneInfo("Europe/Paris")

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


@frozen
class Publication:
    """The last publication of the static pages: the version of their periods, and its time."""

    version: str
    at: datetime
