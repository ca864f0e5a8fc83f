"""The places as the office looks at them: of each pool how many there are, who has them, and how many wait."""

from datetime import datetime

from chalicelib.domain.admission.pools import Pool
from chalicelib.office.admission.import_places import season_now
from chalicelib.office.admission.returning_pupils import count_returning
from chalicelib.office.sites import select_sites
from chalicelib.services.admission import admission_stores
from chalicelib.services.family import Services
from chalicelib.values import frozen


@frozen
class PoolOverview:
    """A pool. `recounted`: how many pupils stay by the re-enrolments, where that differs from what is kept."""

    pool: Pool
    offered: int
    taken: int
    waiting: int
    recounted: int | None = None


@frozen
class PlacesOverview:
    """The pools of a season, in the network's order of sites."""

    season: str
    pools: tuple[PoolOverview, ...]


def places_overview(services: Services, site: str | None, now: datetime) -> PlacesOverview:
    """Read the pools of a site, or of all; and the re-enrolments, to count again who stays. Raises `OfficeRefusal`."""
    sites = [one.code for one in select_sites(services.settings.network, site)]
    season, stores = season_now(services, now), admission_stores(services)
    pools = stores.pools.of_season(season, sites)
    rankings, counted = stores.pools.rankings(pool.ref for pool in pools), count_returning(services, pools, season)
    found = []
    for pool in pools:
        taken = sum(holder.state == "taken" for holder in pool.holders)
        returning = counted.pools[pool.ref]
        differs = pool.ref.site in counted.sites and returning != pool.returning
        waiting, offered = len(rankings[pool.ref].waiting), len(pool.holders) - taken
        found.append(PoolOverview(pool, offered, taken, waiting, returning if differs else None))
    return PlacesOverview(season, tuple(found))
