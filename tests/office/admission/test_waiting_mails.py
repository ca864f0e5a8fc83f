"""Who waits is told so once, with a band; of whom something was decided, nothing more is."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.admission.applications import Decision
from chalicelib.office.admission.offers import advance
from tests.support.admission import stores
from tests.support.allocation import HARP, VIOLIN, ask, asked, close
from tests.support.function_policy import held_to_the_policy
from tests.support.world import World

A, B, C, D = (f"P26-{letter * 4}-2222" for letter in "ABCD")
HOUR = timedelta(hours=1)


def run(world: World) -> None:
    with held_to_the_policy("offers", world.aws, world.resources):
        advance(world.services, world.now)


def test_who_waits_reads_how_far_and_no_promise_and_is_told_once(world: World) -> None:
    close(world, {HARP: 0})
    for number in range(6):
        ask(world, f"P26-2222-222{number}", HARP, at=world.now - timedelta(days=3, minutes=-number))

    run(world)
    world.wait(timedelta(days=2))
    run(world)
    world.deliver()

    assert len(world.mails()) == 6
    assert "parmi les 4 premières places" in world.mails()[0].text
    assert "entre la 5e et la 10e place" in world.mails()[5].text
    assert "Ce n'est pas une inscription" in world.mails()[5].text


def test_who_the_office_asked_to_complete_keeps_its_place_in_line(world: World) -> None:
    close(world, {VIOLIN: 0})
    first = ask(world, A, VIOLIN)
    application = asked(world, first)
    decision = Decision("to_complete", "M. Office", world.now, "Une pièce manque.")
    stores(world).applications.change(
        application, application.with_standing(replace(application.standing(first.key), decision=decision))
    )

    run(world)

    assert asked(world, first).standing(first.key).decision == decision
    assert stores(world).pools.rankings([VIOLIN])[VIOLIN].waiting == (first,)
