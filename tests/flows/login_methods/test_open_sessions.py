"""End other sessions: the tries that it counts, faults at each call, and a page open in the ended session."""

import pytest

from chalicelib.domain.account.sessions import ALL
from chalicelib.domain.refusals import FieldsRefused, SlowedDown, Unavailable
from chalicelib.flows.family.visit import Visitor, enter
from chalicelib.flows.login_methods.open_sessions import SessionChoice, end_sessions, other_sessions
from tests.support.aws import When, faults_of
from tests.support.logins import WRONG, attempt, is_in
from tests.support.world import PASSWORD, World


@pytest.fixture
def two(world: World) -> tuple[Visitor, Visitor]:
    """Log in twice to one account."""
    world.settle()
    first, second = (enter(world.visit(attempt(world, PASSWORD))) for _ in range(2))
    return first, second


def end(world: World, me: Visitor, password: str = PASSWORD) -> None:
    end_sessions(world.visit(), me, SessionChoice(ALL, password))


def test_five_wrong_passwords_slow_down_as_at_login_and_end_nothing(world: World, two: tuple[Visitor, Visitor]) -> None:
    me, visitor = two
    for _ in range(5):
        with pytest.raises(FieldsRefused):
            end(world, me, WRONG)
    with pytest.raises(SlowedDown):
        end(world, me)

    assert is_in(world, visitor.token)


@faults_of("UpdateItem", "BatchWriteItem", "Query", "BatchGetItem")
def test_after_a_fault_the_same_form_ends_it(world: World, two: tuple[Visitor, Visitor], call: str, when: When) -> None:
    me, visitor = two
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        end(world, me)

    end(world, me)

    assert (is_in(world, visitor.token), is_in(world, me.token)) == (False, True)


def test_a_page_open_in_the_ended_session_does_not_bring_it_back(world: World, two: tuple[Visitor, Visitor]) -> None:
    me, visitor = two
    end(world, me)
    world.services.sessions.touch(visitor.session, world.now)

    assert other_sessions(world.services, me, world.now) == ()
    assert not is_in(world, visitor.token)
