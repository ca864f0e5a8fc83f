"""Fixtures of payments: one stand-in for all, new to each test, and a family with a bill."""

from collections.abc import Iterator

import pytest

from chalicelib.domain.account.sessions import Token
from tests.support.billing import TO_PAY, bill
from tests.support.households import open_session
from tests.support.payments import using_payfip
from tests.support.world import World
from tools.local.payfip import LocalPayFip, serving


@pytest.fixture(scope="session")
def local() -> Iterator[LocalPayFip]:
    with serving() as service:
        yield service


@pytest.fixture
def standin(world: World, local: LocalPayFip) -> Iterator[LocalPayFip]:
    with using_payfip(world, local) as service:
        yield service


@pytest.fixture
def token(world: World) -> Token:
    bill(world, TO_PAY)
    return open_session(world, world.settle())
