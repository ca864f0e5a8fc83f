"""A pool: equivalent places of one site, discipline and level or age band, their holders, and the term of offers.

All facts about places are here and nowhere else, so that one write of a pool gives a place, takes it back or passes it
on, and no place has two holders (docs/decisions/0062).
"""

import secrets
from dataclasses import field, replace
from datetime import datetime, time, timedelta
from typing import Final, Literal

from chalicelib.domain.enrolment.periods import PARIS, is_day_off
from chalicelib.domain.refusals import FormRefusal
from chalicelib.domain.text import fold
from chalicelib.values import Stored, frozen
from chalicelib.wings.admission.domain.applications import CandidateRef, Wish

_EARLIEST: Final = time(9)  # in Paris
_LATEST: Final = time(20)
_NOON: Final = time(12)  # for moved terms: families then have the morning to read their mail
_HOUR: Final = timedelta(hours=1)


class OfferGone(FormRefusal):
    """The offer is over: expired, answered or taken back."""

    code = "offer_gone"


class PoolFull(Exception):
    """No place is free."""


def offer_term(now: datetime, hours: int) -> datetime:
    """Compute the term of an offer made now: at least so many hours, rounded up to the hour, by day in Paris."""
    earliest = now + timedelta(hours=hours)
    hour_start = earliest.replace(minute=0, second=0, microsecond=0)
    local = (hour_start if hour_start == earliest else hour_start + _HOUR).astimezone(PARIS)
    day, hour = local.date(), local.timetz().replace(tzinfo=None)
    if hour > _LATEST:
        day, hour = day + timedelta(days=1), _NOON
    elif hour < _EARLIEST:
        hour = _NOON
    while is_day_off(day):
        day, hour = day + timedelta(days=1), _NOON
    return datetime.combine(day, hour, PARIS)


HolderState = Literal["offered", "taken"]
PassedHow = Literal["declined", "expired"]


@frozen
class PoolRef:
    """The key of a pool: its site's code, the season, and its own code (« piano-debutant »)."""

    site: str
    season: str
    code: str


@frozen
class Holder:
    """The holder of a place. `name`: the random name of its offer. `until`: its term, None once taken.

    `by` and `why`: set if the office offered it out of order.
    """

    candidate: CandidateRef
    name: str
    state: HolderState
    at: datetime
    until: datetime | None = None
    by: str = field(default="", repr=False)
    why: str = field(default="", repr=False)


@frozen
class ClosedOffer:
    """A candidate who declined an offer here or let it expire. The place is not offered to them again."""

    candidate: CandidateRef
    how: PassedHow
    at: datetime
    name: str  # the offer's
    until: datetime | None = None  # the offer's term


@frozen
class Offer:
    """A place to offer until a time. `by` and `why`: set if the office offers it out of order."""

    candidate: CandidateRef
    until: datetime
    by: str = field(default="", repr=False)
    why: str = field(default="", repr=False)


@frozen
class Pool(Stored):
    """The places of one site, discipline and level or age band (whole years on the network's day, None: any age).

    `total`: all of them. `returning`: those of returning pupils. `started_at`: when the office started the allocation,
    None before.
    """

    ref: PoolRef
    discipline: str
    level: str = ""
    youngest: int | None = None
    oldest: int | None = None
    total: int = 0
    returning: int = 0
    holders: tuple[Holder, ...] = ()
    passed: tuple[ClosedOffer, ...] = ()
    started_at: datetime | None = None

    @property
    def capacity(self) -> int:
        """The number of places for new pupils."""
        return max(0, self.total - self.returning)

    @property
    def free(self) -> int:
        """The number of free places. Zero if more are held than exist."""
        return max(0, self.capacity - len(self.holders))

    def is_for(self, wish: Wish) -> bool:
        """Whether a wish is for its site and discipline, at any level and age."""
        return wish.site == self.ref.site and fold(wish.discipline) == fold(self.discipline)

    def takes(self, wish: Wish, age: int) -> bool:
        """Whether a wish falls into it, at this age."""
        return (
            self.is_for(wish)
            and (not self.level or fold(wish.level) == fold(self.level))
            and (self.youngest is None or age >= self.youngest)
            and (self.oldest is None or age <= self.oldest)
        )

    def holder(self, candidate: CandidateRef) -> Holder | None:
        """Find the place of a candidate."""
        return next((holder for holder in self.holders if holder.candidate == candidate), None)

    def passed_by(self, candidate: CandidateRef) -> ClosedOffer | None:
        """Find how a candidate declined their offer or let it expire."""
        return next((passed for passed in self.passed if passed.candidate == candidate), None)

    def offer(self, offer: Offer, now: datetime) -> "Pool":
        """Offer a free place. A candidate who holds one keeps it. Raises `PoolFull`."""
        if self.holder(offer.candidate):
            return self
        if not self.free:
            raise PoolFull
        holder = Holder(offer.candidate, secrets.token_hex(6), "offered", now, offer.until, offer.by, offer.why)
        closed_offers = tuple(one for one in self.passed if one.candidate != offer.candidate)
        return replace(self, holders=(*self.holders, holder), passed=closed_offers)

    def give(self, offer: Offer, now: datetime) -> "Pool":
        """Give a free or offered place to a candidate that has already accepted. Raises `PoolFull`."""
        holder = self.holder(offer.candidate)
        if holder and holder.state == "taken":
            return self
        after = self if holder else self.offer(offer, now)
        holders = (
            replace(holder, state="taken", at=now, until=None, by=offer.by, why=offer.why)
            if holder.candidate == offer.candidate
            else holder
            for holder in after.holders
        )
        return replace(after, holders=tuple(holders))

    def take(self, candidate: CandidateRef, now: datetime) -> "Pool":
        """Accept a candidate's offer before its term. Idempotent. Raises `OfferGone`."""
        holder = self.holder(candidate)
        if holder is None or (holder.state == "offered" and not is_standing(holder, now)):
            raise OfferGone
        if holder.state == "taken":
            return self
        place = replace(holder, state="taken", at=now, until=None)
        return replace(self, holders=tuple(place if one is holder else one for one in self.holders))

    def decline(self, candidate: CandidateRef, now: datetime) -> "Pool":
        """Decline a candidate's offer. Idempotent. Raises `OfferGone`."""
        holder, closed_offer = self.holder(candidate), self.passed_by(candidate)
        if holder is None and closed_offer and closed_offer.how == "declined":
            return self
        if holder is None or holder.state == "taken":
            raise OfferGone
        return self._pass(holder, "declined", now)

    def expire(self, now: datetime) -> "Pool":
        """Take back each expired offer."""
        after = self
        for holder in self.holders:
            if holder.state == "offered" and not is_standing(holder, now):
                after = after._pass(holder, "expired", now)
        return after

    def release(self, candidate: CandidateRef) -> "Pool":
        """Release the place of a candidate that withdrew or has another. No change if it holds none."""
        holders = tuple(holder for holder in self.holders if holder.candidate != candidate)
        return replace(self, holders=holders) if holders != self.holders else self

    def start(self, now: datetime) -> "Pool":
        """Start the allocation of its places."""
        return self if self.started_at else replace(self, started_at=now)

    def _pass(self, holder: Holder, how: PassedHow, now: datetime) -> "Pool":
        other_holders = tuple(one for one in self.holders if one is not holder)
        return replace(
            self,
            holders=other_holders,
            passed=(*self.passed, ClosedOffer(holder.candidate, how, now, holder.name, holder.until)),
        )


@frozen
class Ranking(Stored):
    """The candidates that wait for a pool, in order, as last computed, and the time of it."""

    ref: PoolRef
    waiting: tuple[CandidateRef, ...] = ()
    at: datetime | None = None

    def position(self, candidate: CandidateRef) -> int | None:
        """Return the position of a candidate, from 1. None if it does not wait."""
        return self.waiting.index(candidate) + 1 if candidate in self.waiting else None


def is_standing(holder: Holder, now: datetime) -> bool:
    """Whether an offer may still be answered."""
    return holder.until is not None and now < holder.until
