"""The draws in their table: one is prepared and one seed is used, even under concurrent applications."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.infra.dynamo.database import Put
from chalicelib.wings.admission.domain.draws import Draw, Preparation, Ticket, prepare
from chalicelib.wings.admission.domain.statistics import SeasonStatistics, StatisticsRow
from chalicelib.wings.admission.stores.draws import Draws, SeasonStatisticsStore
from tests.support.applications import NOW
from tests.support.aws import When
from tests.support.world import World

ROW = StatisticsRow("evry-xenakis", "Piano", 2, 1, 1, 3)


def store(world: World) -> SeasonStatisticsStore:
    return world.services.admission.statistics


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
    world.database.write_together(Put(world.resources.table("Places"), item))

    assert store(world).find("2027") == SeasonStatistics("2027", NOW, (StatisticsRow("evry-xenakis", "Piano", 2),))


SITE, SEASON = "evry-xenakis", "2027"
PREPARED_AT = datetime(2027, 6, 20, 8, tzinfo=UTC)
TICKETS = (Ticket("P27-K4TN-8WCB", 1, ("aa11aa11", "bb22bb22")), Ticket("P27-AAAA-2222", 2, ("3f9a12bc",)))


def prepared(by: str = "M. Merle", at: datetime = PREPARED_AT) -> Draw:
    return prepare(SITE, SEASON, TICKETS, Preparation("les cinq numéros du Loto", date(2027, 7, 3), at, by))


def run(draw: Draw, seed: str = "04-11-23-38-42") -> Draw:
    return draw.run(seed, "Mme Pie", PREPARED_AT + timedelta(days=14))


@pytest.fixture
def draws(world: World) -> Draws:
    return Draws(world.services.database, world.services.settings.table("Places"))


def test_one_that_is_cancelled_stays_told_and_another_is_prepared(draws: Draws) -> None:
    first = draws.prepare(prepared())
    cancellations = first.cancel("Mme Pie", "une demande manquait", PREPARED_AT + timedelta(hours=1))
    draws.cancel(first, cancellations)
    assert draws.find(SITE, SEASON) is None
    assert draws.record(SITE, SEASON).cancelled == cancellations

    second = prepared(at=PREPARED_AT + timedelta(hours=2))
    draws.prepare(second)

    assert draws.find(SITE, SEASON) == replace(second, cancelled=cancellations)
    assert cancellations[0].digest == first.digest


def test_another_draw_than_the_one_that_was_read_is_not_run(draws: Draws) -> None:
    draw = draws.prepare(prepared())
    draws.cancel(draw, draw.cancel("Mme Pie", "une demande manquait", PREPARED_AT))
    again = draws.prepare(prepared(at=PREPARED_AT + timedelta(hours=2)))

    with pytest.raises(WriteConflict):
        draws.run(run(draw))

    assert draws.find(SITE, SEASON) == replace(again, cancelled=draws.record(SITE, SEASON).cancelled)


def test_the_same_seed_again_finds_the_first_and_another_is_refused(draws: Draws) -> None:
    first = draws.run(run(draws.prepare(prepared())))
    assert draws.run(replace(first, run_at=PREPARED_AT + timedelta(days=20), run_by="M. Merle")) == first
    with pytest.raises(WriteConflict):
        draws.run(run(first, "04-11-23-38-43"))
    assert draws.find(SITE, SEASON) == first


def test_of_many_seeds_at_once_one_is_drawn_with(draws: Draws) -> None:
    draw = draws.prepare(prepared())
    won: list[str] = []

    def try_one(seed: str) -> None:
        try:
            won.append(draws.run(run(draw, seed)).seed)
        except WriteConflict:
            return

    threads = [threading.Thread(target=try_one, args=(f"04-11-23-38-{number}",)) for number in range(40, 46)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [one.seed for one in [draws.find(SITE, SEASON)] if one] == won


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_write_whose_answer_is_lost_may_be_made_again(world: World, draws: Draws, when: When) -> None:
    draw = prepared()
    steps = (
        lambda: draws.prepare(draw),
        lambda: draws.cancel(draw, draw.cancel("Mme Pie", "une demande manquait", PREPARED_AT)),
        lambda: draws.prepare(prepared(at=PREPARED_AT + timedelta(hours=2))),
        lambda: draws.run(run(prepared(at=PREPARED_AT + timedelta(hours=2)))),
    )
    for step in steps:
        with world.aws.failing("UpdateItem", when), pytest.raises(Unavailable):
            step()
        step()

    draw_found = draws.find(SITE, SEASON)
    assert draw_found is not None
    assert draw_found.seed == "04-11-23-38-42"
    assert len(draw_found.cancelled) == 1


def test_a_list_that_was_tampered_with_is_seen(world: World, draws: Draws) -> None:
    draws.prepare(prepared())
    for text in ("tirage 2027 evry-xenakis\n2 P27-AAAA-2222\n", prepared().list_text + "1 P27-ZZZZ-9999\n"):
        world.services.database.update(
            world.services.settings.table("Places"),
            {"site": SITE, "identifier": f"{SEASON}#draw"},
            "SET #list = :tampered",
            "attribute_exists(#digest)",
            tampered=text,
        )

        draw = draws.find(SITE, SEASON)

        assert draw is not None
        assert not draw.is_intact


def test_the_draws_of_all_seasons_are_listed(draws: Draws) -> None:
    draws.prepare(prepared())
    draws.prepare(replace(prepared(), season="2028"))

    site_draws = draws.all(["evry-magnard", SITE], ["2028", "2027", "2026"])

    assert [(one.site, one.season) for one in site_draws] == [(SITE, "2028"), (SITE, "2027")]
