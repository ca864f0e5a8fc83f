"""Fixtures: the stack deployed into the emulator once (`--stack`), what breaks it, visitors by HTTP and in Chromium."""

import pytest

from tests.support.breaker import Breaker
from tests.support.stack import Deployed
from tests.support.stack_visitor import Visitor
from tools.stack.deployed import Stack


@pytest.fixture(scope="session")
def stack(running: Deployed) -> Stack:
    return running.stack


@pytest.fixture
def visitor(stack: Stack) -> Visitor:
    return Visitor(stack)


@pytest.fixture
def breaker(stack: Stack) -> Breaker:
    return Breaker(stack)
