"""A pool: places that are alike, of one site, discipline and level or age; and who holds each of them.

What is true of places stands here and nowhere else, so that one write of a pool gives a place, takes it back or passes
it on, and none has two holders (docs/decisions/0062).
"""

import secrets
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any, Literal

from chalicelib.domain.admission.applications import CandidateRef, Wish
from chalicelib.domain.admission.refusals import OfferGone, PoolFull
from chalicelib.domain.text import fold
from chalicelib.values import frozen

HolderState = Literal["offered", "taken"]
PassedHow = Literal["declined", "expired"]


@frozen
class PoolRef:
    """Which pool: its site's code, the season, and its own code (« piano-debutant »)."""

    site: str
    season: str
    code: str


@frozen
class Holder:
    """Who holds a place, and how. `name`: random, of this very offer; `until`: its term, None once it is taken.

    `by` and `why`: of an offer that the office made out of order.
    """

    candidate: CandidateRef
    name: str
    state: HolderState
    at: datetime
    until: datetime | None = None
    by: str = field(default="", repr=False)
    why: str = field(default="", repr=False)


@frozen
class Passed:
    """Who was offered a place here and has none: declined, or let its term pass; it is not offered here again."""

    candidate: CandidateRef
    how: PassedHow
    at: datetime
    name: str  # of the offer
    until: datetime | None = None  # its term


@frozen
class Offer:
    """A place about to be offered until a moment; `by` and `why` where the office does so out of order."""

    candidate: CandidateRef
    until: datetime
    by: str = field(default="", repr=False)
    why: str = field(default="", repr=False)


@frozen
class Pool:
    """The places of one site, discipline and level or age band (whole years at the network's day; None: any age).

    `total`: all of them; `returning`: those of pupils that stay. `started_at`: since when they are given; None until
    the office begins.
    """

    ref: PoolRef
    discipline: str
    level: str = ""
    youngest: int | None = None
    oldest: int | None = None
    total: int = 0
    returning: int = 0
    holders: tuple[Holder, ...] = ()
    passed: tuple[Passed, ...] = ()
    started_at: datetime | None = None
    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # as it was read, if it was

    @property
    def capacity(self) -> int:
        """How many places there are for new pupils."""
        return max(0, self.total - self.returning)

    @property
    def free(self) -> int:
        """How many places nobody holds; none where there are fewer than are held."""
        return max(0, self.capacity - len(self.holders))

    def takes(self, wish: Wish, age: int) -> bool:
        """Whether a wish of somebody of this age falls into it."""
        return (
            wish.site == self.ref.site
            and fold(wish.discipline) == fold(self.discipline)
            and (not self.level or fold(wish.level) == fold(self.level))
            and (self.youngest is None or age >= self.youngest)
            and (self.oldest is None or age <= self.oldest)
        )

    def holder(self, candidate: CandidateRef) -> Holder | None:
        """Find the place that a candidate holds."""
        return next((holder for holder in self.holders if holder.candidate == candidate), None)

    def passed_by(self, candidate: CandidateRef) -> Passed | None:
        """Find how a candidate passed."""
        return next((passed for passed in self.passed if passed.candidate == candidate), None)

    def offer(self, offer: Offer, now: datetime) -> "Pool":
        """Offer a free place; who holds one keeps it. Raises `PoolFull`."""
        if self.holder(offer.candidate):
            return self
        if not self.free:
            raise PoolFull
        holder = Holder(offer.candidate, new_name(), "offered", now, offer.until, offer.by, offer.why)
        passed = tuple(one for one in self.passed if one.candidate != offer.candidate)
        return replace(self, holders=(*self.holders, holder), passed=passed)

    def give(self, offer: Offer, now: datetime) -> "Pool":
        """Give a free place, or the one that it is offered, to somebody who said yes already. Raises `PoolFull`."""
        offered = self.holder(offer.candidate)
        if offered and offered.state == "taken":
            return self
        after = self if offered else self.offer(offer, now)
        holders = (
            replace(one, state="taken", at=now, until=None, by=offer.by, why=offer.why)
            if one.candidate == offer.candidate
            else one
            for one in after.holders
        )
        return replace(after, holders=tuple(holders))

    def take(self, candidate: CandidateRef, now: datetime) -> "Pool":
        """Let a candidate take what it is offered, before its term; twice is once. Raises `OfferGone`."""
        holder = self.holder(candidate)
        if holder is None or (holder.state == "offered" and not is_standing(holder, now)):
            raise OfferGone
        if holder.state == "taken":
            return self
        taken = replace(holder, state="taken", at=now, until=None)
        return replace(self, holders=tuple(taken if one is holder else one for one in self.holders))

    def decline(self, candidate: CandidateRef, now: datetime) -> "Pool":
        """Let a candidate decline what it is offered; twice is once. Raises `OfferGone`."""
        holder, passed = self.holder(candidate), self.passed_by(candidate)
        if holder is None and passed and passed.how == "declined":
            return self
        if holder is None or holder.state == "taken":
            raise OfferGone
        return self._pass(holder, "declined", now)

    def expire(self, now: datetime) -> "Pool":
        """Take back each offer whose term is past."""
        after = self
        for holder in self.holders:
            if holder.state == "offered" and not is_standing(holder, now):
                after = after._pass(holder, "expired", now)
        return after

    def release(self, candidate: CandidateRef) -> "Pool":
        """Free what a candidate holds: it withdrew, or has another place; nothing where it holds nothing."""
        holders = tuple(holder for holder in self.holders if holder.candidate != candidate)
        return replace(self, holders=holders) if holders != self.holders else self

    def start(self, now: datetime) -> "Pool":
        """Begin to give its places."""
        return self if self.started_at else replace(self, started_at=now)

    def _pass(self, holder: Holder, how: PassedHow, now: datetime) -> "Pool":
        others = tuple(one for one in self.holders if one is not holder)
        return replace(
            self, holders=others, passed=(*self.passed, Passed(holder.candidate, how, now, holder.name, holder.until))
        )


@frozen
class Ranking:
    """Who waits for a pool, first to last, as last worked out, and when that was."""

    ref: PoolRef
    waiting: tuple[CandidateRef, ...] = ()
    at: datetime | None = None

    def position(self, candidate: CandidateRef) -> int | None:
        """Find the position of a candidate, from 1; None where it does not wait."""
        return self.waiting.index(candidate) + 1 if candidate in self.waiting else None


def new_name() -> str:
    """Make the random name of an offer."""
    return secrets.token_hex(6)


def is_standing(holder: Holder, now: datetime) -> bool:
    """Whether an offer may still be answered."""
    return holder.until is not None and now < holder.until
