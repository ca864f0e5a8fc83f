"""The office's draws: their candidates and groups, the time of each act, and its refusals."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.office.enrolment.period import PeriodEditor, set_period
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.admission.domain.draws import Draw, list_text
from chalicelib.wings.admission.office.draws import SeedPlan, cancel_draw, group_rank, prepare_draw, run_draw
from tests.support.admission import announce, stores
from tests.support.aws import OVERTAKEN
from tests.support.draws import (
    AFTER,
    CLOSED,
    NUMBERS,
    PLAN,
    SEASON,
    SEED,
    SEED_ON,
    SITE,
    SOURCE,
    ask_for,
    candidate_of,
    close_admission,
)
from tests.support.world import World


def draw_of(world: World) -> Draw:
    draw = stores(world).draws.find(SITE, SEASON)
    assert draw is not None
    return draw


def test_only_live_applications_with_a_wish_at_the_site_are_drawn(world: World) -> None:
    close_admission(world)
    ask_for(world, "P26-EEEE-6666", candidate_of(site="evry-magnard"))
    withdrawal = ask_for(world, "P26-FFFF-7777")
    stores(world).applications.change(withdrawal, withdrawal.withdraw(["a1a1a1a1"], world.now))
    ask_for(world, "P26-GGGG-8888", candidate_of("aa"), candidate_of("bb", "evry-magnard"), candidate_of("cc"))

    prepare_draw(world.services, SITE, PLAN, "M. Merle", world.now)

    tickets = {ticket.name: ticket.candidates for ticket in draw_of(world).tickets}
    assert set(tickets) == {*NUMBERS, "P26-GGGG-8888"}
    assert tickets["P26-GGGG-8888"] == ("aa", "cc")


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(OfficeRefusal) as refusal:
        act()
    return refusal.value.code


def prepared(world: World, plan: SeedPlan = PLAN, site: str = SITE) -> Draw:
    return prepare_draw(world.services, site, plan, "M. Merle", world.now)


def run(world: World, seed: str = SEED) -> Draw:
    return run_draw(world.services, SITE, seed, "M. Merle", world.now)


def cancel(world: World) -> None:
    cancel_draw(world.services, SITE, Author("M. Merle", "une demande manquait"), world.now)


def test_before_the_period_is_over_nothing_is_frozen(world: World) -> None:
    today = world.now.date()
    periods = {
        None: "draw_no_period",
        EnrolmentPeriod(CLOSED.opens_on, today): "draw_period_open",
        EnrolmentPeriod(today + timedelta(days=3), today + timedelta(days=9)): "draw_period_open",
    }
    for period, code in periods.items():
        announce(world, period)
        ask_for(world, NUMBERS[0])

        assert refused(lambda: prepared(world)) == code
    assert stores(world).draws.find(SITE, SEASON) is None


def test_applications_of_the_last_second_are_waited_for(world: World) -> None:
    close_admission(world)
    world.now = CLOSED.ends_at + timedelta(seconds=30)
    assert refused(lambda: prepared(world)) == "draw_period_open"

    world.wait(timedelta(minutes=5))
    assert len(prepared(world).tickets) == len(NUMBERS)


@pytest.mark.parametrize(
    ("plan", "site", "code"),
    [
        (SeedPlan(SOURCE, date(2026, 9, 1)), SITE, "draw_seed_known"),
        (SeedPlan("le Loto", SEED_ON), SITE, "draw_source"),
        (PLAN, "villabe-yves-henry", "draw_other_order"),
        (PLAN, "ailleurs", "site_unknown"),
    ],
)
def test_a_draw_that_is_not_fair_is_refused(world: World, plan: SeedPlan, site: str, code: str) -> None:
    close_admission(world)

    assert refused(lambda: prepared(world, plan, site)) == code
    assert refused(lambda: run(world)) == "draw_absent"


def test_applications_under_the_dates_of_a_moment_ago_are_waited_for(world: World) -> None:
    """Functions decide by dates of up to ten seconds ago: a period that was shortened is still open there."""
    close_admission(world)
    editor = PeriodEditor("Mme Buse <buse@example.org>", world.now)
    set_period(world.services, SITE, CLOSED.opens_on, CLOSED.opens_on, world.now, of="new_requests", editor=editor)

    assert refused(lambda: prepared(world)) == "draw_period_changed"
    world.wait(timedelta(minutes=5))
    assert prepared(world).prepared.at == world.now


def test_a_frozen_list_is_cancelled_until_its_seed_may_be_known(world: World) -> None:
    close_admission(world)
    prepared(world)
    assert refused(lambda: prepared(world)) == "draw_prepared_before"
    world.wait(timedelta(days=4))  # the morning of the fifth

    assert refused(lambda: cancel(world)) == "draw_cancelled_late"


def test_an_office_does_not_begin_again_for_ever(world: World) -> None:
    close_admission(world)
    for _ in range(3):
        prepared(world)
        world.wait(timedelta(hours=1))
        cancel(world)
    prepared(world)

    assert refused(lambda: cancel(world)) == "draw_cancelled_often"


def test_a_seed_counts_from_its_day_on_once_for_all(world: World) -> None:
    close_admission(world)
    prepared(world)
    assert refused(lambda: run(world)) == "draw_early"

    world.wait(timedelta(days=3, hours=15))  # 0 h 00 in Paris
    first = run(world)
    world.wait(timedelta(days=1))

    assert run(world) == first == draw_of(world)
    assert refused(lambda: run(world, "04-11-23-38-43")) == "draw_run_before"
    assert draw_of(world) == first


def test_a_list_that_was_changed_in_the_table_is_not_drawn(world: World) -> None:
    close_admission(world)
    tickets = prepared(world).tickets[:-1]
    key = {"site": SITE, "identifier": f"{SEASON}#draw"}
    text = list_text(SITE, SEASON, tickets)
    table = world.services.settings.table("Places")
    world.database.update(table, key, "SET #list = :changed", "attribute_exists(#digest)", changed=text)
    world.wait(AFTER)

    assert refused(lambda: run(world)) == "draw_list_changed"
    assert draw_of(world).seed == ""


def test_an_overtaken_act_is_refused(world: World) -> None:
    close_admission(world)
    for act, wait in ((prepared, timedelta()), (cancel, timedelta()), (run, AFTER)):
        world.wait(wait)
        with world.aws.failing("UpdateItem", "before", error=OVERTAKEN):
            assert refused(lambda act=act: act(world)) == "draw_meanwhile"  # type: ignore[misc]
        if act is prepared:
            prepared(world)


def test_applications_are_not_taken_again_where_their_list_is_frozen(world: World) -> None:
    close_admission(world)
    prepared(world)
    before, days = stores(world).periods.read(), (date(2026, 8, 17), date(2026, 9, 10))

    def open_again(site: str | None) -> None:
        set_period(world.services, site, *days, world.now, of="new_requests")

    assert [refused(lambda site=site: open_again(site)) for site in (None, SITE)] == ["period_drawn"] * 2  # type: ignore[misc]
    assert stores(world).periods.read() == before
    open_again("evry-magnard")
    cancel(world)
    open_again(SITE)


def test_the_first_group_of_a_family_counts_as_the_network_orders_them(world: World) -> None:
    network = world.services.settings.network
    first, second = (group.code for group in network.admission.groups)

    ranks = [group_rank(network, groups) for groups in ((second, first), (second,), (), ("gone",))]

    assert ranks == [1, 2, 3, 3]
