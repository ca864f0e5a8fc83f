"""Browsers of families: logged in, at home or during the period of the re-enrolment."""

import pytest

from tests.support.enrolment import open_season
from tests.support.world import Visitor, World


@pytest.fixture
def at_home(world: World, visitor: Visitor) -> Visitor:
    """Log in a family of which little is known."""
    world.settle()
    visitor.log_in()
    return visitor


@pytest.fixture
def inside(world: World, visitor: Visitor) -> Visitor:
    """Log in the family of three pupils during its period."""
    open_season(world)
    visitor.log_in()
    return visitor
