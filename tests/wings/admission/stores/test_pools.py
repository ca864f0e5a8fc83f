"""The pools' table: a place is given by one conditional write, so that it is never given twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.wings.admission.domain.applications import CandidateRef
from chalicelib.wings.admission.domain.pools import Offer, Pool, PoolFull, Ranking
from chalicelib.wings.admission.stores.pools import Pools
from tests.support.applications import NOW, SEASON
from tests.support.pools import FIRST, PIANO, POOL, SECOND, UNTIL, VIOLIN
from tests.support.world import World


@pytest.fixture
def pools(world: World) -> Pools:
    return world.services.admission.pools


def test_pools_of_a_season_are_read_by_site_without_anything_else(pools: Pools, world: World) -> None:
    violin = Pool(VIOLIN, "Violon", total=2)
    pools.change(None, POOL)
    pools.change(None, violin)
    pools.change(None, replace(POOL, ref=replace(PIANO, season="2026")))
    world.database.write_together(pools.rankings.put(Ranking(PIANO, (FIRST,))))

    assert pools.of_season(SEASON, ["evry-xenakis", "evry-magnard"]) == (POOL, violin)


def test_many_at_once_never_give_more_places_than_there_are(pools: Pools) -> None:
    pools.change(None, POOL)

    def give(number: int) -> bool:
        try:
            pools.revise(PIANO, lambda pool: pool.offer(Offer(CandidateRef(f"P27-{number:04}", "k"), UNTIL), NOW))
        except PoolFull:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        count = sum(threads.map(give, range(4)))

    item = pools.find(PIANO)
    assert item
    assert (count, len(item.holders)) == (2, 2)


def test_who_waits_is_found_as_last_worked_out_by_whoever_came_first(pools: Pools) -> None:
    first, second = Ranking(PIANO, (FIRST, SECOND), NOW), Ranking(PIANO, (SECOND,), NOW + timedelta(hours=1))
    pools.rankings.replace(Ranking(PIANO), first)
    pools.rankings.replace(first, second)
    pools.rankings.replace(first, Ranking(PIANO, (), NOW + timedelta(hours=2)))

    assert pools.rankings.of([PIANO, VIOLIN]) == {PIANO: second, VIOLIN: Ranking(VIOLIN)}
