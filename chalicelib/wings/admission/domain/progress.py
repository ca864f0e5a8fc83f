"""The progress of each candidate of an application, combined from the application and the pools."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final, Literal

from chalicelib.domain.family.birth_dates import age_at
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import Application, Candidate, CandidateRef, Standing, State, Wish
from chalicelib.wings.admission.domain.pools import ClosedOffer, Holder, Pool, PoolRef, Ranking, is_standing

# « declined »: by the office. An offer that the family declined shows on its wish.
ProgressState = State | Literal["offered", "taken"]
WishState = Literal["none", "waiting", "offered", "taken", "declined", "expired"]
# A position is shown as a band, never as a promise. Beyond the last: « after the 50th ».
_BANDS: Final = ((1, 4), (5, 10), (11, 20), (21, 50))
_ASKS: Final[frozenset[State]] = frozenset({"sent", "waiting", "to_complete"})


@frozen
class Place:
    """A place that a candidate holds, offered or taken, in a pool."""

    pool: Pool
    holder: Holder

    @property
    def is_taken(self) -> bool:
        """Whether it was accepted."""
        return self.holder.state == "taken"


@frozen
class WishProgress:
    """A wish and its state. `position`: among those waiting for such a place, from 1, as last computed."""

    wish: Wish
    state: WishState = "none"
    position: int | None = None

    @property
    def band(self) -> tuple[int, int | None] | None:
        """The first and last position of the band that the family sees, or (51, None) beyond the last band."""
        if self.position is None:
            return None
        return next((band for band in _BANDS if self.position <= band[1]), (_BANDS[-1][1] + 1, None))


@frozen
class CandidateProgress:
    """A candidate and their state. `age`: in whole years, on the reference day.

    `places`: the open offers, and the place taken, best first.
    """

    candidate: Candidate
    state: ProgressState
    standing: Standing
    age: int
    wishes: tuple[WishProgress, ...] = ()
    places: tuple[Place, ...] = ()
    held: tuple[Place, ...] = ()  # all of them, with expired offers not taken back yet
    passed: tuple[ClosedOffer, ...] = ()

    @property
    def offers(self) -> tuple[Place, ...]:
        """The places that the candidate may accept."""
        return () if self.taken else tuple(place for place in self.places if not place.is_taken)

    @property
    def taken(self) -> Place | None:
        """The place that the candidate accepted."""
        return next((place for place in self.places if place.is_taken), None)

    def offer(self, name: str) -> Place | None:
        """Find a held place by the name of its offer."""
        return next((place for place in self.held if place.holder.name == name), None)


@frozen
class Places:
    """The pools that may concern an application, and their rankings."""

    pools: tuple[Pool, ...]
    rankings: Mapping[PoolRef, Ranking]


def concerns(pool: Pool, application: Application) -> bool:
    """Whether a candidate may hold a place of a pool, by a wish at any level."""
    sent_candidates = application.sent.answers.candidates if application.sent else ()
    return any(pool.is_for(wish) for candidate in sent_candidates for wish in candidate.wishes)


def progress(application: Application, places: Places, age_day: date, now: datetime) -> tuple[CandidateProgress, ...]:
    """Return the progress of each sent candidate, in the application's order."""
    candidates = application.sent.answers.candidates if application.sent else ()
    return tuple(_progress_of(application, candidate, places, age_day, now) for candidate in candidates)


def rank_of(pool: Pool, candidate: Candidate, age: int) -> tuple[int, str, str]:
    """Sort key of pools by a candidate's preference, as in the hourly job: the rank of its first wish for such a place.

    If no wish has its level or age any longer, the rank of the first one for its discipline at its site.
    """
    exact = [rank for rank, wish in enumerate(candidate.wishes) if pool.takes(wish, age)]
    alike = [rank for rank, wish in enumerate(candidate.wishes) if pool.is_for(wish)]
    return (*exact, *alike, len(candidate.wishes))[0], pool.ref.code, pool.ref.site


def _progress_of(
    application: Application, candidate: Candidate, places: Places, age_day: date, now: datetime
) -> CandidateProgress:
    state, standing = application.state(candidate.key), application.standing(candidate.key)
    ref = CandidateRef(application.number, candidate.key)
    age = age_at(candidate.born_on, age_day) if candidate.born_on else 0
    places_held = _held(places.pools, candidate, age, ref)
    closed_offers = tuple(closed_offer for pool in places.pools if (closed_offer := pool.passed_by(ref)))
    if state not in _ASKS:
        return CandidateProgress(candidate, state, standing, age, held=places_held)
    open_places = tuple(place for place in places_held if place.is_taken or is_standing(place.holder, now))
    wishes = tuple(WishProgress(wish, *_state_of(wish, age, ref, places, now)) for wish in candidate.wishes)
    return CandidateProgress(
        candidate, _state(state, open_places), standing, age, wishes, open_places, places_held, closed_offers
    )


def _held(pools: Iterable[Pool], candidate: Candidate, age: int, ref: CandidateRef) -> tuple[Place, ...]:
    pools_in_order = sorted(pools, key=lambda pool: rank_of(pool, candidate, age))
    return tuple(Place(pool, holder) for pool in pools_in_order if (holder := pool.holder(ref)))


def _state(state: State, places: tuple[Place, ...]) -> ProgressState:
    if any(place.is_taken for place in places):
        return "taken"
    return "offered" if places else state


def _state_of(wish: Wish, age: int, ref: CandidateRef, places: Places, now: datetime) -> tuple[WishState, int | None]:
    pool = next((pool for pool in places.pools if pool.takes(wish, age)), None)
    if pool is None:
        return "none", None
    if holder := pool.holder(ref):
        is_open = holder.state == "taken" or is_standing(holder, now)
        return holder.state if is_open else "expired", None
    if closed_offer := pool.passed_by(ref):
        return closed_offer.how, None
    position = places.rankings[pool.ref].position(ref) if pool.ref in places.rankings else None
    return ("waiting" if position else "none"), position
