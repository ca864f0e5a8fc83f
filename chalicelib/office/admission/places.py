"""The places as the office of requests reads them: which pool a wish falls into, and who holds a place of it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from chalicelib.domain.admission.applications import Application, Candidate, CandidateRef, Wish
from chalicelib.services import Services
from chalicelib.values import frozen

HoldState = Literal["offered", "taken"]
WishState = Literal["uncounted", "in_line", "offered", "taken", "declined", "expired"]


@frozen
class Hold:
    """A place that a candidate holds: offered until a moment, or taken; for which of its wishes."""

    wish: Wish
    pool: str
    state: HoldState
    until: datetime | None = None


@frozen
class WishStanding:
    """Where a wish stands: in no pool, or in one; its position in the line, from 1, where that is known."""

    wish: Wish
    state: WishState
    pool: str = ""
    at: datetime | None = None  # until when it is offered; when it was taken, declined, or let pass
    position: int | None = None


@frozen
class Places:
    """The pools of a season, read once."""

    def pool_of(self, candidate: Candidate, wish: Wish) -> str | None:
        """Name the pool into which a wish falls; None where the network counts no places for it."""
        _ = candidate, wish
        return None

    def hold_of(self, ref: CandidateRef, candidate: Candidate) -> Hold | None:
        """Find the place that a candidate holds: what is taken first, else what is offered."""
        _ = ref, candidate
        return None

    def standings(self, ref: CandidateRef, candidate: Candidate) -> Iterator[WishStanding]:
        """Find where the wishes of a candidate stand, in their order."""
        _ = ref
        yield from (WishStanding(wish, "uncounted") for wish in candidate.wishes)

    def capacities(self, site: str) -> dict[str, int]:
        """Count the places of each discipline of a site."""
        _ = site
        return {}


def places_of(services: Services, season: str) -> Places:
    """Read the pools of a season at every site."""
    _ = services, season
    return Places()


def free_place(services: Services, application: Application, candidate: Candidate) -> None:
    """Free the place that a candidate holds, if it holds one. Twice frees nothing."""
    _ = services, application, candidate
