"""The places for the office: counts of each pool, and a different recount."""

from dataclasses import replace
from datetime import date

from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.wings.admission.domain.pools import Pool, PoolRef
from chalicelib.wings.admission.office.offers import advance
from chalicelib.wings.admission.office.places import places_overview
from tests.support.admission import announce, stores
from tests.support.allocation import HARP, VIOLIN, ask, close
from tests.support.enrolled_families import SEASON, open_for_rossignol
from tests.support.world import ROSSIGNOL, World


def test_each_pool_says_what_is_offered_taken_free_and_awaited(world: World) -> None:
    close(world, {VIOLIN: 2, HARP: 3})
    for letter in "ABC":
        ask(world, f"P26-{letter * 4}-2222", VIOLIN)
    advance(world.services, world.now)
    stores(world).pools.revise(VIOLIN, lambda one: one.take(one.holders[0].candidate, world.now))

    (violin,) = places_overview(world.services, [VIOLIN.site], world.now).pools

    assert (violin.offers, violin.firm, violin.pool.free, violin.waiting) == (1, 1, 0, 1)
    assert len(places_overview(world.services, [VIOLIN.site, HARP.site], world.now).pools) == 2


def test_a_recount_of_who_stays_is_told_where_it_differs(world: World) -> None:
    open_for_rossignol(world)
    announce(world, EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 30)))
    oboe = Pool(PoolRef(ROSSIGNOL.site, SEASON, "hautbois"), "Hautbois", total=3, returning=2)
    stores(world).pools.change(None, oboe)

    (overview,) = places_overview(world.services, [ROSSIGNOL.site], world.now, recounts=True).pools
    assert overview.recount == 1

    stores(world).pools.change(overview.pool, replace(overview.pool, returning=1))
    assert places_overview(world.services, [ROSSIGNOL.site], world.now, recounts=True).pools[0].recount is None
