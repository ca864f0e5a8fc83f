"""The input of a season's allocation: its pools, the order of each site, and the sites that may allocate."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.enrolment.periods import Periods
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.allocation import Season, SiteOrder, WaitingCandidate, entries_of
from chalicelib.wings.admission.domain.applications import Application, CandidateRef, current_season
from chalicelib.wings.admission.domain.draws import positions
from chalicelib.wings.admission.domain.pools import Pool, PoolRef
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services
from chalicelib.wings.admission.services.stores import AdmissionStores


@frozen
class AllocationInput:
    """A season's pools as read, and the order of each site. `open_sites`: those that take applications now."""

    code: str
    pools: tuple[Pool, ...]
    season: Season
    to_fill: frozenset[PoolRef]  # the pools whose places may be allocated
    open_sites: frozenset[str]


@frozen
class WaitingLists:
    """The season's applications, and each candidate in line with their application."""

    entries: tuple[WaitingCandidate, ...]
    applications: Mapping[CandidateRef, Application]


def seasons_of(services: Services, periods: Periods, now: datetime) -> tuple[str, ...]:
    """List the seasons whose places may be allocated now: those announced, else the season of the day."""
    sites = [site.code for site in services.settings.network.sites]
    seasons = {period.season for period in map(periods.of, sites) if period}
    return tuple(sorted(seasons)) or (current_season(periods, sites, now),)


def read_allocation(services: Services, periods: Periods, code: str, now: datetime) -> AllocationInput:
    """Read the pools of a season (a Query for each site), and the draws of the sites that draw."""
    stores, sites = services.admission, [site.code for site in services.settings.network.sites]
    pools = stores.pools.of_season(code, sites)
    orders = _orders(services, stores, code)
    ready = {site for site in sites if _is_ready(periods, site, code, now)}
    refs = {
        pool.ref for pool in pools if orders[pool.ref.site].is_known and (pool.started_at or pool.ref.site in ready)
    }
    all_periods = ((site, periods.of(site)) for site in sites)
    open_sites = {site for site, period in all_periods if period and period.state(now) == "during"}
    season = Season(orders, services.settings.network.admission.age_day(code))
    return AllocationInput(code, pools, season, frozenset(refs), frozenset(open_sites))


def read_waiting_lists(services: Services, allocation: AllocationInput) -> WaitingLists:
    """Read all applications of a season (Scan), and form the lines."""
    entries: list[WaitingCandidate] = []
    applications: dict[CandidateRef, Application] = {}
    for application in services.admission.applications.all(allocation.code):
        waiting = tuple(entries_of(application, allocation.pools, allocation.season))
        entries += waiting
        applications |= {entry.candidate: application for entry in waiting}
    return WaitingLists(tuple(entries), applications)


def _orders(services: Services, stores: AdmissionStores, code: str) -> dict[str, SiteOrder]:
    settings, sites = services.settings.network.admission, services.settings.network.sites
    groups = tuple(group.code for group in settings.groups)
    drawing = [site.code for site in sites if settings.order_of(site.code) == "draw"]
    draws = stores.draws.all(drawing, [code]) if drawing else ()
    ranks = {one.site: positions(one.record.draw) for one in draws if one.record.draw and one.record.draw.seed}
    return {site.code: SiteOrder(settings.order_of(site.code), groups, ranks.get(site.code)) for site in sites}


def _is_ready(periods: Periods, site: str, code: str, now: datetime) -> bool:
    """Whether a site may begin to allocate: all its applications of the season are in."""
    period = periods.of(site)
    return period is not None and period.season == code and period.is_settled(now)
