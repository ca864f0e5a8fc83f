"""Deliveries: a mail is claimed by one worker, and sent once."""

from datetime import timedelta

import pytest

from chalicelib.stores.deliveries import CLAIMED_FOR, AlreadyMailed, BeingMailed
from tests.support.staff import in_parallel
from tests.support.teaching import SITE, stores
from tests.support.world import World

MAIL = ("absence", "course", "2026-11-04", "a mailbox")


def test_a_mail_that_left_is_not_claimed_again(world: World) -> None:
    deliveries = stores(world).deliveries
    deliveries.claim(SITE, *MAIL, now=world.now)
    deliveries.confirm(SITE, *MAIL)

    with pytest.raises(AlreadyMailed):
        deliveries.claim(SITE, *MAIL, now=world.wait(timedelta(days=1)))


def test_a_mail_that_another_worker_has_is_waited_for_and_taken_over_where_it_died(world: World) -> None:
    deliveries = stores(world).deliveries
    deliveries.claim(SITE, *MAIL, now=world.now)

    with pytest.raises(BeingMailed):
        deliveries.claim(SITE, *MAIL, now=world.wait(CLAIMED_FOR - timedelta(seconds=1)))
    deliveries.claim(SITE, *MAIL, now=world.wait(timedelta(seconds=1)))


def test_a_mail_given_back_is_claimed_at_once(world: World) -> None:
    deliveries = stores(world).deliveries
    deliveries.claim(SITE, *MAIL, now=world.now)
    deliveries.release(SITE, *MAIL)

    deliveries.claim(SITE, *MAIL, now=world.now)


def test_of_eight_workers_at_once_one_has_the_mail(world: World) -> None:
    deliveries = stores(world).deliveries

    def claim(_number: int) -> str:
        try:
            deliveries.claim(SITE, *MAIL, now=world.now)
        except BeingMailed:
            return "waits"
        return "has it"

    assert sorted(map(str, in_parallel(8, claim))) == ["has it", *["waits"] * 7]
