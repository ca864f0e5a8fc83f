"""A new authenticator, or another one: proven by a code of the key that its page drew, sealed for its member."""

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FieldsRefused, NotLoggedIn, Unavailable
from chalicelib.domain.staff.members import Totp
from chalicelib.domain.staff.totp import step_at
from chalicelib.flows.staff.entry import StaffContext, enter
from chalicelib.flows.staff.login_code import CodeRefused, open_key, prove_code
from chalicelib.flows.staff.second_factor import (
    KEY_LASTS,
    AuthenticatorInput,
    ProposedKey,
    next_key,
    propose,
    replace_authenticator,
    verify_authenticator,
)
from tests.support.aws import When, faults_of
from tests.support.staff import MANAGER, SECRETARY, code, code_of, entered, half_open, is_in, read_member
from tests.support.world import World

PAGE = "the digest of a link"


def test_a_code_of_the_key_takes_it_up_and_is_used_by_it(world: World) -> None:
    page = propose(world.services, SECRETARY, PAGE, "", world.now)
    authenticator = AuthenticatorInput(page.seal, f" {code_of(world, page.key)} ")

    factor = verify_authenticator(world.services, SECRETARY, PAGE, authenticator, world.now)

    assert isinstance(factor.totp, Totp)
    assert factor.totp.last_step == step_at(world.now)
    assert open_key(world.services, SECRETARY, factor.totp) == page.key
    assert not factor.errors
    assert page.key not in repr(page) + page.seal


def test_no_code_another_one_and_one_of_an_old_page_are_told_apart(world: World) -> None:
    page = propose(world.services, SECRETARY, PAGE, "", world.now)

    def refused(code: str) -> tuple[str, ...]:
        authenticator = AuthenticatorInput(page.seal, code)
        return verify_authenticator(world.services, SECRETARY, PAGE, authenticator, world.now).errors["code"]

    assert [refused(" "), refused("12345")] == [("staff_code_missing",), ("staff_code_differs",)]
    world.wait(KEY_LASTS)
    assert refused(code_of(world, page.key)) == ("staff_key_gone",)


def view(world: World, context: StaffContext, seal: str = "") -> ProposedKey:
    return next_key(world.services, context, seal, world.now)


def take_up(world: World, context: StaffContext, page: ProposedKey | None = None) -> Token:
    page = page or view(world, context)
    authenticator = AuthenticatorInput(page.seal, code_of(world, page.key))
    return replace_authenticator(world.visit(), context, authenticator)


def test_the_new_one_opens_the_former_does_not_and_the_others_are_out(world: World) -> None:
    context, second = entered(world), entered(world)
    page = view(world, context)

    token = take_up(world, context, page)

    assert [is_in(world, one) for one in (token, second.token)] == [True, False]
    totp = read_member(world).totp
    assert totp
    assert open_key(world.services, SECRETARY, totp) == page.key
    with pytest.raises(CodeRefused):
        prove_code(world.visit(), half_open(world), code(world))


def test_each_page_draws_a_key_that_a_refused_form_of_it_keeps_for_a_day(world: World) -> None:
    """Otherwise a colleague at an open session would learn the key that its owner stores later."""
    context = entered(world)
    page = view(world, context)

    assert view(world, context).key != page.key
    assert view(world, context, page.seal) == page
    world.wait(KEY_LASTS)
    assert view(world, context, page.seal).key != page.key


def refused_code(world: World, context: StaffContext, page: ProposedKey, code: str) -> tuple[str, ...]:
    before = read_member(world)
    with pytest.raises(FieldsRefused) as refusal:
        replace_authenticator(world.visit(), context, AuthenticatorInput(page.seal, code))
    assert read_member(world) == before
    return refusal.value.fields["code"]


def test_a_key_counts_in_the_session_whose_page_drew_it(world: World) -> None:
    context, second, manager = entered(world), entered(world), entered(world, MANAGER)

    for page in (view(world, second), view(world, manager)):
        assert refused_code(world, context, page, code_of(world, page.key)) == ("staff_key_gone",)


def test_a_code_of_the_former_one_takes_up_nothing(world: World) -> None:
    context = entered(world)

    assert refused_code(world, context, view(world, context), code(world)) == ("staff_code_differs",)


@faults_of("SendMessageBatch", "BatchWriteItem", "UpdateItem")
def test_a_failure_leaves_all_as_it_was_or_all_changed(world: World, call: str, when: When) -> None:
    context = entered(world)
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        take_up(world, context)

    if (call, when) == ("UpdateItem", "after"):
        with pytest.raises(NotLoggedIn):
            enter(world.visit(context.token))
    else:
        assert is_in(world, take_up(world, context))
