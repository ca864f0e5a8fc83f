"""The statistics of seasons: written once, and readable by versions with fewer or more fields."""

from chalicelib.domain.admission.statistics import SeasonStatistics, StatisticsRow
from chalicelib.infra.dynamo.database import Put
from chalicelib.services.admission import admission_stores
from chalicelib.stores.season_statistics import SeasonStatisticsStore
from tests.support.applications import NOW
from tests.support.world import World

ROW = StatisticsRow("evry-xenakis", "Piano", 2, 1, 1, 3)


def store(world: World) -> SeasonStatisticsStore:
    return admission_stores(world.services).statistics


def test_a_season_is_kept_as_it_was_counted_first(world: World) -> None:
    assert store(world).find("2027") is None
    first = SeasonStatistics("2027", NOW, (ROW,))

    store(world).add(first)
    store(world).add(SeasonStatistics("2027", NOW, ()))

    assert store(world).find("2027") == first
    assert store(world).find("2026") is None


def test_what_another_version_counted_besides_is_passed_over(world: World) -> None:
    row = {"site": "evry-xenakis", "discipline": "Piano", "accepted": 2, "elsewhere": 4}
    item = {"site": "@statistics", "identifier": "2027", "at": NOW, "rows": [row]}
    world.database.write_together(Put(world.resources.places_table, item))

    assert store(world).find("2027") == SeasonStatistics("2027", NOW, (StatisticsRow("evry-xenakis", "Piano", 2),))
