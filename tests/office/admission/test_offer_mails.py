"""The mails of an offer: what they say, and that none leaves of an offer that is over."""

from datetime import timedelta

from chalicelib.office.admission.offers import advance
from tests.support.admission import stores
from tests.support.allocation import HARP, VIOLIN, ask, close
from tests.support.function_policy import held_to_the_policy
from tests.support.world import World

A, B, C, D = (f"P26-{letter * 4}-2222" for letter in "ABCD")
HOUR = timedelta(hours=1)


def run(world: World) -> None:
    with held_to_the_policy("offers", world.aws, world.resources):
        advance(world.services, world.now)


def test_an_offer_s_mail_says_until_when_how_to_answer_and_what_it_ends(world: World) -> None:
    close(world, {VIOLIN: 1, HARP: 0})
    ask(world, A, VIOLIN, HARP)
    world.wait(timedelta(minutes=5))

    run(world)
    world.deliver()

    (mail,) = world.mails()
    assert "Répondez avant le 4 septembre 2026 à 10 h 00" in mail.subject
    for words in ("Où en est ma demande", A, "Si vous acceptez, ses autres vœux sont terminés", "01 "):
        assert words in mail.text


def test_who_declined_is_told_of_no_offer_that_is_over(world: World) -> None:
    close(world, {VIOLIN: 1})
    first = ask(world, A, VIOLIN)
    run(world)
    stores(world).pools.revise(VIOLIN, lambda one: one.decline(first, world.now))

    world.deliver_patiently()

    assert world.mails() == []
