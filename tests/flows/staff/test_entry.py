"""Enter the desk: by the session, the member and the list of managers as they are now."""

from datetime import timedelta

import pytest

from chalicelib.domain.refusals import NotLoggedIn
from chalicelib.domain.staff.recent_logins import HALF_OPEN
from chalicelib.domain.staff.staff_sessions import IDLE, LIFETIME, new_token
from chalicelib.flows.staff.entry import CodeAwaited, enter
from tests.support.staff import MANAGER, SECRETARY, TEACHER, entered, half_open, is_in, member, read_member, stores
from tests.support.world import World

SECOND = timedelta(seconds=1)


def test_thirty_minutes_without_a_page_end_a_session_to_the_second(world: World) -> None:
    token = entered(world).token
    world.wait(IDLE - SECOND)
    assert is_in(world, token), "and this page counts as one"

    world.wait(IDLE - SECOND)
    assert is_in(world, token)
    world.wait(IDLE)
    assert not is_in(world, token)


def test_ten_hours_end_a_session_to_the_second_however_busy(world: World) -> None:
    token = entered(world).token
    beginning = world.now
    while world.now < beginning + LIFETIME - SECOND:
        assert is_in(world, token)
        world.wait(min(timedelta(minutes=20), beginning + LIFETIME - SECOND - world.now))

    assert is_in(world, token)
    world.wait(SECOND)
    assert not is_in(world, token)


def test_half_a_session_ends_after_ten_minutes_to_the_second(world: World) -> None:
    member(world)
    context = half_open(world)

    world.wait(HALF_OPEN - SECOND)
    assert enter(world.visit(context.token), "password").member.email == SECRETARY
    with pytest.raises(CodeAwaited):
        enter(world.visit(context.token))
    world.wait(SECOND)
    with pytest.raises(NotLoggedIn) as over:
        enter(world.visit(context.token))
    assert not isinstance(over.value, CodeAwaited)


def test_a_session_is_seen_at_most_every_five_minutes(world: World) -> None:
    token = entered(world).token
    world.wait(timedelta(minutes=4, seconds=59))
    world.aws.calls.clear()
    assert is_in(world, token)
    assert world.aws.calls == ["GetItem", "BatchGetItem"]

    world.wait(SECOND)
    world.aws.calls.clear()
    assert is_in(world, token)
    assert world.aws.calls == ["GetItem", "BatchGetItem", "UpdateItem"]


def test_a_disabled_member_is_out_at_once(world: World) -> None:
    token = entered(world).token

    stores(world).members.revise(SECRETARY, lambda one: one.with_disabled(is_disabled=True))

    assert not is_in(world, token)


def test_another_stamp_and_a_reset_end_every_session(world: World) -> None:
    tokens = [entered(world).token for _ in range(2)]

    stores(world).members.revise(SECRETARY, lambda one: one.without_proofs())

    assert [is_in(world, token) for token in tokens] == [False, False]


def test_a_role_counts_from_the_next_page_on(world: World) -> None:
    token = entered(world).token

    stores(world).members.revise(SECRETARY, lambda one: one.with_role("reader", ("evry-magnard",)))

    context = enter(world.visit(token))
    assert (context.role, [site.code for site in context.sites]) == ("reader", ["evry-magnard"])
    assert not context.may("secretary")
    assert not context.sees("evry-xenakis")


def test_a_manager_whom_the_list_lacks_is_out_at_once(world: World) -> None:
    token = entered(world, MANAGER).token
    member(world, TEACHER, "manager")
    assert is_in(world, token)

    stores(world).managers.remove(MANAGER)

    assert not is_in(world, token)
    assert read_member(world, MANAGER).role == "manager", "the role alone opens nothing"


def test_no_token_or_one_of_nobody_opens_nothing(world: World) -> None:
    entered(world)

    assert not is_in(world, new_token())
    with pytest.raises(NotLoggedIn):
        enter(world.visit())
