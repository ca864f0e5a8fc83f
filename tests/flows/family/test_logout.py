"""Log out: the session ends, and only that one."""

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.family.login import Credentials, log_in, log_out
from tests.support.aws import When
from tests.support.world import PASSWORD, ROSSIGNOL, World


def test_logging_out_ends_this_session_and_no_other(world: World) -> None:
    world.settle()
    here, elsewhere = (
        log_in(world.services, Credentials(ROSSIGNOL, PASSWORD), world.new_client(), world.now) for _ in range(2)
    )

    log_out(world.services, here, world.client, world.now)

    assert world.services.sessions.find(here) is None
    assert world.services.sessions.find(elsewhere)
    assert world.events()[-1]["reason"] == "logout"


def test_logging_out_without_a_session_is_nothing(world: World) -> None:
    log_out(world.services, None, world.client, world.now)

    assert world.events() == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_fault_is_told_and_logging_out_again_works(world: World, when: When) -> None:
    world.settle()
    token = log_in(world.services, Credentials(ROSSIGNOL, PASSWORD), world.new_client(), world.now)

    with world.aws.failing("BatchWriteItem", when), pytest.raises(Unavailable):
        log_out(world.services, token, world.client, world.now)

    log_out(world.services, token, world.client, world.now)
    assert world.services.sessions.find(token) is None
