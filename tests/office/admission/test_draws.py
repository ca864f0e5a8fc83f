"""The office's draws: their candidates and groups, and one seed that wins of several at once."""

import threading

from chalicelib.domain.admission.draws import Draw
from chalicelib.office.admission.draws import SeedPlan, group_rank, prepare_draw, run_draw
from chalicelib.office.refusals import OfficeRefusal
from tests.support.admission import stores
from tests.support.draws import (
    AFTER,
    NUMBERS,
    SEASON,
    SEED_ON,
    SITE,
    SOURCE,
    ask_for,
    candidate_of,
    close_admission,
)
from tests.support.world import World

PLAN = SeedPlan(SOURCE, SEED_ON)


def draw_of(world: World) -> Draw:
    draw = stores(world).draws.find(SITE, SEASON)
    assert draw is not None
    return draw


def test_only_live_applications_with_a_wish_at_the_site_are_drawn(world: World) -> None:
    close_admission(world)
    ask_for(world, "P26-EEEE-6666", candidate_of(site="evry-magnard"))
    gone = ask_for(world, "P26-FFFF-7777")
    stores(world).applications.change(gone, gone.withdraw(["a1a1a1a1"], world.now))
    ask_for(world, "P26-GGGG-8888", candidate_of("aa"), candidate_of("bb", "evry-magnard"), candidate_of("cc"))

    prepare_draw(world.services, SITE, PLAN, "M. Merle", world.now)

    tickets = {ticket.name: ticket.candidates for ticket in draw_of(world).tickets}
    assert set(tickets) == {*NUMBERS, "P26-GGGG-8888"}
    assert tickets["P26-GGGG-8888"] == ("aa", "cc")


def test_of_two_who_run_at_once_with_two_seeds_one_wins(world: World) -> None:
    close_admission(world)
    prepare_draw(world.services, SITE, PLAN, "M. Merle", world.now)
    world.wait(AFTER)
    drawn: list[str] = []
    refused: list[str] = []

    def run(seed: str) -> None:
        try:
            drawn.append(run_draw(world.services, SITE, seed, "M. Merle", world.now).seed)
        except OfficeRefusal as no:
            refused.append(no.code)

    threads = [threading.Thread(target=run, args=(f"04-11-23-38-{number}",)) for number in (40, 41, 42, 43)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [draw_of(world).seed] == drawn
    assert len(refused) == 3


def test_the_first_group_of_a_family_counts_as_the_network_orders_them(world: World) -> None:
    network = world.services.settings.network
    first, second = (group.code for group in network.admission.groups)

    ranks = [group_rank(network, groups) for groups in ((second, first), (second,), (), ("gone",))]

    assert ranks == [1, 2, 3, 3]
