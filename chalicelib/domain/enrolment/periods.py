"""The re-enrolment period of a site: from when to when, both days included, as one counts days in Paris."""

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
    """Two days, both included. Raises ValueError when it ends before it begins."""

    opens_on: date
    closes_on: date

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins."""
        if self.closes_on < self.opens_on:
            raise ValueError("a period closes on the day it opens, or later")

    @property
    def season(self) -> str:
        """The season that it is of: the year in which it opens (« 2027 »)."""
        return str(self.opens_on.year)

    def state(self, now: datetime) -> PeriodState:
        """Find the state at a moment: the last day lasts until midnight in Paris."""
        today = now.astimezone(PARIS).date()
        if today < self.opens_on:
            return "before"
        return "during" if today <= self.closes_on else "after"

    @property
    def ends_at(self) -> datetime:
        """The first moment after it: the midnight in Paris that ends the last day."""
        return datetime.combine(self.closes_on + timedelta(days=1), time(), PARIS)


@frozen
class Periods:
    """What the network announced: one period for all, and those of the sites that have their own."""

    of_all: EnrolmentPeriod | None = None
    of_sites: tuple[tuple[str, EnrolmentPeriod], ...] = ()

    def of(self, site: str) -> EnrolmentPeriod | None:
        """Find a site's period; None when none is announced."""
        return dict(self.of_sites).get(site, self.of_all)

    @property
    def version(self) -> str:
        """Name what is announced, for a form that was shown it: another one once anything differs."""
        every = (("*", self.of_all), *self.of_sites)
        days = "\n".join(f"{site} {period.opens_on} {period.closes_on}" for site, period in every if period)
        return hashlib.sha256(days.encode()).hexdigest()[:16]


@frozen
class AnnouncedPeriods:
    """The announced periods, with the author and moment of the last change. Older versions did not note these."""

    periods: Periods
    who: str = field(default="", repr=False)
    at: datetime | None = None

    @property
    def name(self) -> str:
        """Who did it, without an address."""
        return self.who.partition(" <")[0]


@frozen
class Publication:
    """Which periods the static pages were last published with, by their version, and when."""

    version: str
    at: datetime
