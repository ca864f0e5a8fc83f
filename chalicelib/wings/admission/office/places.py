"""The places for the office: the pool of each wish, and the holders of its places."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from chalicelib.domain.enrolment.answers import course_outcomes
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.domain.family.birth_dates import age_at
from chalicelib.domain.family.households import Pupil
from chalicelib.domain.text import fold
from chalicelib.office.enrolment.reenrolments import EnrolledPupil, families
from chalicelib.office.seasons import begun_season
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.allocation import Position, Season, SiteOrder, entries_of
from chalicelib.wings.admission.domain.applications import Application, Candidate, CandidateRef, Wish, current_season
from chalicelib.wings.admission.domain.pools import Holder, Pool, PoolRef, Ranking, is_standing
from chalicelib.wings.admission.domain.progress import concerns
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services
from chalicelib.wings.admission.stores.application_summaries import application_summaries


def admission_season(services: Services, periods: Periods, sites: Iterable[str], now: datetime) -> str:
    """Return the season of the applications of some sites. Without a period: as for re-enrolments."""
    codes = tuple(sites)
    season = current_season(periods, codes, now)
    if any(map(periods.of, codes)):
        return season
    return begun_season(season, lambda season: application_summaries(services.admission.applications, season))


def season_now(services: Services, now: datetime) -> str:
    """Find the season of the places: of the application period that opened last, or opens next."""
    sites = [site.code for site in services.settings.network.sites]
    return admission_season(services, services.admission.periods.read(), sites, now)


@dataclass
class ReturningPupils:
    """Returning pupils by pool, and those of a discipline with pools but in none by level or age.

    `sites`: those with any returning pupil. Pupils without an answer are not counted.
    """

    pools: Counter[PoolRef] = field(default_factory=Counter)
    elsewhere: Counter[tuple[str, str]] = field(default_factory=Counter)  # code of the site, discipline
    sites: set[str] = field(default_factory=set)


def count_returning(services: Services, pools: Iterable[Pool], season: str) -> ReturningPupils:
    """Count the returning pupils at the sites of some pools: sent, and not declined by the office."""
    all_pools, returning = tuple(pools), ReturningPupils()
    age_day = services.settings.network.admission.age_day(season)
    for site in sorted({pool.ref.site for pool in all_pools}):
        its_pools = [pool for pool in all_pools if pool.ref.site == site]
        for family in families(services, site, season):
            for pupil in family.pupils:
                for discipline, level in _staying(pupil):
                    _count(returning, its_pools, pupil.pupil, (discipline, level), age_day)
                    returning.sites.add(site)
    return returning


def _staying(pupil: EnrolledPupil) -> Iterator[tuple[str, str]]:
    """List the disciplines of the next year, each with this year's level if it is kept."""
    sending = pupil.file.sent
    if sending is None or pupil.file.verdict == "declined":
        return
    levels = {course.discipline: course.level for course in pupil.pupil.courses}
    for outcome in course_outcomes(pupil.pupil.courses, sending.answers):
        if outcome.after:
            is_same = fold(outcome.before) == fold(outcome.after)
            yield outcome.after, levels.get(outcome.before, "") if is_same else ""


def _count(returning: ReturningPupils, pools: list[Pool], pupil: Pupil, course: tuple[str, str], age_day: date) -> None:
    discipline, level = course
    alike = [pool for pool in pools if fold(pool.discipline) == fold(discipline)]
    fitting = [pool for pool in alike if _fits(pool, level, pupil, age_day)]
    if fitting:
        returning.pools[fitting[0].ref] += 1
    elif alike:
        returning.elsewhere[alike[0].ref.site, alike[0].discipline] += 1


def _fits(pool: Pool, level: str, pupil: Pupil, age_day: date) -> bool:
    if pool.level and fold(pool.level) != fold(level):
        return False
    if pool.youngest is None and pool.oldest is None:
        return True
    if pupil.born_on is None:
        return False
    age = age_at(pupil.born_on, age_day)
    return (pool.youngest is None or age >= pool.youngest) and (pool.oldest is None or age <= pool.oldest)


@frozen
class PoolOverview:
    """A pool and its counts. `recount`: the number of returning pupils, if another one is stored."""

    pool: Pool
    offers: int
    firm: int
    waiting: int
    recount: int | None = None


@frozen
class PlacesOverview:
    """The pools of a season, in the network's order of sites."""

    season: str
    pools: tuple[PoolOverview, ...]


def places_overview(
    services: Services, sites: Sequence[str], now: datetime, *, recounts: bool = False
) -> PlacesOverview:
    """Read the pools of some sites. `recounts`: count the returning pupils again, which reads every family."""
    season, stores = season_now(services, now), services.admission
    pools = stores.pools.of_season(season, sites)
    rankings = stores.pools.rankings.of(pool.ref for pool in pools)
    count = count_returning(services, pools, season) if recounts else ReturningPupils()
    overviews = []
    for pool in pools:
        firm = sum(holder.state == "taken" for holder in pool.holders)
        returning = count.pools[pool.ref]
        differs = pool.ref.site in count.sites and returning != pool.returning
        waiting, offers = len(rankings[pool.ref].waiting), len(pool.holders) - firm
        overviews.append(PoolOverview(pool, offers, firm, waiting, returning if differs else None))
    return PlacesOverview(season, tuple(overviews))


HoldState = Literal["offered", "taken"]
WishState = Literal["uncounted", "in_line", "offered", "taken", "declined", "expired"]


@frozen
class HeldPlace:
    """A candidate's place, offered until a moment or taken, and the wish for it, unless it was given up."""

    wish: Wish | None
    pool: Pool
    state: HoldState
    until: datetime | None = None


@frozen
class WishStanding:
    """The state of a wish: outside any pool, or in one, with its position in line from 1, if known."""

    wish: Wish
    state: WishState
    pool: Pool | None = None
    at: datetime | None = None  # when the offer ends, or when it was taken, declined or expired
    position: int | None = None
    waiting: int = 0  # that many in line


@frozen
class SeasonPlaces:
    """The pools of a season, read once. `ages_on`: the reference day of ages."""

    ages_on: date
    now: datetime
    pools: tuple[Pool, ...] = ()
    rankings: Mapping[PoolRef, Ranking] = field(default_factory=dict)

    def pool_of(self, candidate: Candidate, wish: Wish) -> Pool | None:
        """Find the pool of a wish. None if its places are not counted."""
        if candidate.born_on is None:
            return None
        age = age_at(candidate.born_on, self.ages_on)
        return next((pool for pool in self.pools if pool.takes(wish, age)), None)

    def pools_for(self, candidate: Candidate) -> list[Pool]:
        """List the pools of a candidate's disciplines and sites, at any level and age."""
        return [pool for pool in self.pools if any(pool.is_for(wish) for wish in candidate.wishes)]

    def may_accept(self, ref: CandidateRef, candidate: Candidate, wish: Wish) -> bool:
        """Whether a wish may be accepted: its place is taken, or its places are not counted and no other is held."""
        hold = self.hold_of(ref, candidate)
        if hold is None:
            return self.pool_of(candidate, wish) is None
        return hold.state == "taken" and hold.wish is not None and hold.wish.slot == wish.slot

    def hold_of(self, ref: CandidateRef, candidate: Candidate) -> HeldPlace | None:
        """Find a candidate's place: a taken one first, else a current offer."""
        pairs = ((pool, pool.holder(ref)) for pool in self.pools)
        standing = [(pool, holder) for pool, holder in pairs if holder and self._stands(holder)]
        holding = min(standing, key=lambda one: one[1].state != "taken", default=None)
        if holding is None:
            return None
        pool, holder = holding
        fitting = (wish for wish in candidate.wishes if self.pool_of(candidate, wish) is pool)
        wish = next(fitting, None) or next((wish for wish in candidate.wishes if pool.is_for(wish)), None)
        return HeldPlace(wish, pool, holder.state, holder.until)

    def standings(self, ref: CandidateRef, candidate: Candidate) -> Iterator[WishStanding]:
        """Find the states of a candidate's wishes, in order."""
        for wish in candidate.wishes:
            pool = self.pool_of(candidate, wish)
            yield self._standing(ref, wish, pool) if pool else WishStanding(wish, "uncounted")

    def capacities(self, site: str) -> dict[str, int]:
        """Count the places of each discipline of a site."""
        counts: dict[str, int] = {}
        for pool in self.pools:
            if pool.ref.site == site:
                counts[pool.discipline] = counts.get(pool.discipline, 0) + pool.capacity
        return counts

    def _standing(self, ref: CandidateRef, wish: Wish, pool: Pool) -> WishStanding:
        holder, past = pool.holder(ref), pool.passed_by(ref)
        if holder and self._stands(holder):
            return WishStanding(wish, holder.state, pool, holder.until or holder.at)
        if holder:
            return WishStanding(wish, "expired", pool, holder.until)
        if past:
            return WishStanding(wish, past.how, pool, past.at)
        ranking = self.rankings.get(pool.ref)
        if ranking is None:
            return WishStanding(wish, "in_line", pool)
        return WishStanding(wish, "in_line", pool, None, ranking.position(ref), len(ranking.waiting))

    def _stands(self, holder: Holder) -> bool:
        return holder.state == "taken" or is_standing(holder, self.now)


def places_of(
    services: Services, season: str, now: datetime, sites: Iterable[str] = (), *, with_rankings: bool = False
) -> SeasonPlaces:
    """Read the pools of a season at some sites, by default every one (a Query each) and, on demand, their rankings."""
    pools = services.admission.pools
    season_pools = pools.of_season(season, sites or [site.code for site in services.settings.network.sites])
    rankings = pools.rankings.of(pool.ref for pool in season_pools) if with_rankings else {}
    return SeasonPlaces(services.settings.network.admission.age_day(season), now, season_pools, rankings)


def with_lines(
    services: Services, places: SeasonPlaces, applications: Iterable[Application], sites: Iterable[str]
) -> SeasonPlaces:
    """Rank the candidates of some sites, of which all applications are given, before places are first allocated.

    A site that draws has no order until its draw.
    """
    settings = services.settings.network.admission
    groups, order_at = tuple(group.code for group in settings.groups), {site: settings.order_of(site) for site in sites}
    orders = {site: SiteOrder(order, groups) for site, order in order_at.items() if order != "draw"}
    holders = {holder.candidate for pool in places.pools for holder in pool.holders}
    lines: dict[PoolRef, list[tuple[Position, CandidateRef]]] = defaultdict(list)
    for application in applications:
        for entry in entries_of(application, places.pools, Season(orders, places.ages_on)):
            for wish in entry.wanted if entry.state == "asks" and entry.candidate not in holders else ():
                lines[wish.pool].append((wish.position, entry.candidate))
    rankings = {
        ref: Ranking(ref, tuple(candidate for _, candidate in sorted(line)))
        for ref, line in lines.items()
        if ref.site in orders and places.rankings[ref].at is None
    }
    return replace(places, rankings={**places.rankings, **rankings})


def places_concerning(services: Services, application: Application, now: datetime) -> SeasonPlaces:
    """Read the pools that may concern an application, and their rankings: a Query for each wished site, and a read."""
    pools = services.admission.pools
    season = application.ref.season
    there = tuple(pool for pool in pools.of_season(season, application.wished_sites) if concerns(pool, application))
    rankings = pools.rankings.of(pool.ref for pool in there)
    return SeasonPlaces(services.settings.network.admission.age_day(season), now, there, rankings)


def places_again(
    services: Services, application: Application, candidate: Candidate, now: datetime, former: SeasonPlaces | None
) -> SeasonPlaces:
    """Read again the pools where a candidate holds a place or wishes for one (BatchGetItem).

    `former`: all pools, as read before. Without them, read the pools of the wished sites (a Query each): the hourly
    job frees a place at any other.
    """
    if former is None:
        return places_of(services, application.ref.season, now, application.wished_sites)
    ref, wished_pools = CandidateRef(application.number, candidate.key), former.pools_for(candidate)
    its_pools = (pool.ref for pool in former.pools if pool in wished_pools or pool.holder(ref))
    lookups = tuple(map(services.admission.pools.lookup, its_pools))
    pools = services.database.read_together(*lookups) if lookups else ()
    return replace(former, pools=tuple(filter(None, pools)))


def free_places(services: Services, pools: Iterable[Pool], candidates: Collection[CandidateRef]) -> bool:
    """Free the places of some pools that candidates hold. Returns whether there were any. Idempotent.

    Raises `Unavailable`.
    """

    def release(pool: Pool) -> Pool:
        for candidate in candidates:
            pool = pool.release(candidate)
        return pool

    held_pools = [pool for pool in pools if any(holder.candidate in candidates for holder in pool.holders)]
    for pool in held_pools:
        services.admission.pools.revise(pool.ref, release, pool)
    return bool(held_pools)
