"""The sites that allocate: once all their applications are in, and their draw, if any, is done."""

from datetime import UTC, datetime, timedelta

from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.wings.admission.domain.draws import order_of
from chalicelib.wings.admission.office.draws import SeedPlan, prepare_draw, run_draw
from tests.support.admission import announce, stores
from tests.support.allocation import DRAWN, PIANO, VIOLIN, ask, asked, close, held, mailed, run
from tests.support.draws import AFTER, SEED, SEED_ON, SOURCE
from tests.support.world import World

A, B, C, D = (f"P26-{letter * 4}-2222" for letter in "ABCD")
HOUR = timedelta(hours=1)


def test_nothing_is_given_while_applications_are_open_or_the_draw_is_to_come(world: World) -> None:
    close(world, {VIOLIN: 1, PIANO: 1})
    ask(world, A, VIOLIN)
    ask(world, B, PIANO)
    today = world.now.date()
    announce(world, EnrolmentPeriod(today, today))
    run(world)
    assert (held(world, VIOLIN), held(world, PIANO)) == ({}, {})

    world.now = datetime(2026, 9, 1, 22, 4, tzinfo=UTC)  # 0 h 04 in Paris: writes may still be pending
    run(world)
    assert held(world, VIOLIN) == {}

    world.wait(timedelta(minutes=1))
    run(world)
    world.deliver()
    assert (len(held(world, VIOLIN)), held(world, PIANO)) == (1, {})
    assert mailed(world) == {(A, "proposée"): 1}


def test_once_drawn_the_first_of_the_draw_is_offered_its_place(world: World) -> None:
    close(world, {PIANO: 1})
    refs = {number: ask(world, number, PIANO) for number in (A, B, C)}
    prepare_draw(world.services, DRAWN, SeedPlan(SOURCE, SEED_ON), "M. Merle", world.now)
    world.wait(AFTER)
    run_draw(world.services, DRAWN, SEED, "M. Merle", world.now)

    run(world)

    draw = stores(world).draws.find(DRAWN, "2026")
    assert draw
    (first, *rest) = order_of(draw)
    assert held(world, PIANO) == {refs[first]: "offered"}
    decision = asked(world, refs[rest[0]]).standing(refs[A].key).decision
    assert decision
    assert decision.by == "Tirage au sort"
