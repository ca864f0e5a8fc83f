"""Another authenticator application: the key stays until it is taken up, and the former one opens nothing then."""

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FieldsRefused, NotLoggedIn, Unavailable
from chalicelib.domain.staff.refusals import CodeRefused
from chalicelib.domain.staff.totp import code_at, step_at
from chalicelib.flows.staff.application import next_key, replace_application
from chalicelib.flows.staff.code import open_key, prove_code
from chalicelib.flows.staff.entering import StaffContext, enter
from tests.support.aws import When
from tests.support.staff import KEY, SECRETARY, code, code_of, entered, found, half_open, is_in
from tests.support.world import World


def take_up(world: World, context: StaffContext) -> Token:
    code = code_of(world, next_key(world.services, context))
    return replace_application(world.services, context, code, world.new_client(), world.now)


def test_the_new_one_opens_the_former_does_not_and_the_others_are_out(world: World) -> None:
    context, other = entered(world), entered(world)
    key = next_key(world.services, context)

    token = take_up(world, context)

    assert [is_in(world, one) for one in (token, other.token)] == [True, False]
    totp = found(world).totp
    assert totp
    assert open_key(world.services, SECRETARY, totp) == key
    with pytest.raises(CodeRefused):
        prove_code(world.services, half_open(world), code(world), world.new_client(), world.now)


def test_the_key_that_is_proposed_is_the_same_until_it_is_taken_up(world: World) -> None:
    context, other = entered(world), entered(world)
    key = next_key(world.services, context)

    assert key == next_key(world.services, enter(world.services, context.token, world.now))
    assert key not in {KEY, next_key(world.services, other)}
    token = take_up(world, context)
    assert next_key(world.services, enter(world.services, token, world.now)) != key


def test_a_code_of_the_former_one_takes_up_nothing(world: World) -> None:
    context = entered(world)
    before = found(world)

    with pytest.raises(FieldsRefused):
        replace_application(world.services, context, code_at(KEY, step_at(world.now)), world.new_client(), world.now)

    assert found(world) == before


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["SendMessageBatch", "BatchWriteItem", "UpdateItem"])
def test_a_failure_leaves_all_as_it_was_or_all_changed(world: World, call: str, when: When) -> None:
    context = entered(world)
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        take_up(world, context)

    if (call, when) == ("UpdateItem", "after"):
        with pytest.raises(NotLoggedIn):
            enter(world.services, context.token, world.now)
    else:
        assert is_in(world, take_up(world, context))
