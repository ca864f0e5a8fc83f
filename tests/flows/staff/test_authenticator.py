"""Another authenticator: each page draws a key, and the former key opens nothing once the new one is stored."""

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FieldsRefused, NotLoggedIn, Unavailable
from chalicelib.domain.staff.refusals import CodeRefused
from chalicelib.flows.staff.authenticator import next_key, replace_authenticator
from chalicelib.flows.staff.entry import StaffContext, enter
from chalicelib.flows.staff.login_code import open_key, prove_code
from chalicelib.flows.staff.second_factor import KEY_LASTS, AuthenticatorInput, ProposedKey
from tests.support.aws import When
from tests.support.staff import MANAGER, SECRETARY, code, code_of, entered, half_open, is_in, read_member
from tests.support.world import World


def view(world: World, context: StaffContext, sent: str = "") -> ProposedKey:
    return next_key(world.services, context, sent, world.now)


def take_up(world: World, context: StaffContext, page: ProposedKey | None = None) -> Token:
    page = page or view(world, context)
    sent = AuthenticatorInput(page.sealed, code_of(world, page.key))
    return replace_authenticator(world.services, context, sent, world.new_client(), world.now)


def test_the_new_one_opens_the_former_does_not_and_the_others_are_out(world: World) -> None:
    context, other = entered(world), entered(world)
    page = view(world, context)

    token = take_up(world, context, page)

    assert [is_in(world, one) for one in (token, other.token)] == [True, False]
    totp = read_member(world).totp
    assert totp
    assert open_key(world.services, SECRETARY, totp) == page.key
    with pytest.raises(CodeRefused):
        prove_code(world.services, half_open(world), code(world), world.new_client(), world.now)


def test_each_page_draws_a_key_that_a_refused_form_of_it_keeps_for_a_day(world: World) -> None:
    """Otherwise a colleague at an open session would learn the key that its owner stores later."""
    context = entered(world)
    page = view(world, context)

    assert view(world, context).key != page.key
    assert view(world, context, page.sealed) == page
    world.wait(KEY_LASTS)
    assert view(world, context, page.sealed).key != page.key


def refused(world: World, context: StaffContext, page: ProposedKey, code: str) -> tuple[str, ...]:
    before = read_member(world)
    with pytest.raises(FieldsRefused) as refusal:
        replace_authenticator(
            world.services, context, AuthenticatorInput(page.sealed, code), world.new_client(), world.now
        )
    assert read_member(world) == before
    return refusal.value.fields["code"]


def test_a_key_counts_in_the_session_whose_page_drew_it(world: World) -> None:
    context, other, manager = entered(world), entered(world), entered(world, MANAGER)

    for page in (view(world, other), view(world, manager)):
        assert refused(world, context, page, code_of(world, page.key)) == ("staff_key_gone",)


def test_a_code_of_the_former_one_takes_up_nothing(world: World) -> None:
    context = entered(world)

    assert refused(world, context, view(world, context), code(world)) == ("staff_code_differs",)


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
