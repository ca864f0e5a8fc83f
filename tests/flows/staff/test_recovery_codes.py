"""Codes for paper that are made anew: shown once, and the former sheet opens nothing."""

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.recovery import recovery_digest
from chalicelib.flows.staff.recovery_codes import renew_codes
from tests.support.aws import When
from tests.support.staff import SECRETARY, entered, found, in_parallel, is_in
from tests.support.world import World


def kept(world: World, codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(recovery_digest(world.services.settings.key_ring("staff-codes"), SECRETARY, code) for code in codes)


def test_eight_new_ones_take_the_place_of_those_there_were(world: World) -> None:
    context = entered(world)
    former = renew_codes(world.services, context, world.client, world.now)

    codes = renew_codes(world.services, context, world.client, world.now)

    assert not set(former) & set(codes)
    assert found(world).recovery == kept(world, codes)
    assert is_in(world, context.token)


def test_of_sheets_made_at_once_the_last_one_counts(world: World) -> None:
    context = entered(world)

    came = in_parallel(4, lambda _: renew_codes(world.services, context, world.client, world.now))

    assert found(world).recovery in [kept(world, codes) for codes in came if isinstance(codes, tuple)]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["SendMessageBatch", "UpdateItem"])
def test_after_a_failure_the_same_form_works(world: World, call: str, when: When) -> None:
    context = entered(world)
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        renew_codes(world.services, context, world.client, world.now)

    codes = renew_codes(world.services, context, world.client, world.now)

    assert found(world).recovery == kept(world, codes)
