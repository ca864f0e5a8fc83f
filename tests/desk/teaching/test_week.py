"""A teacher's week."""

from tests.support.teaching import DOOR, enter_as_teacher
from tests.support.world import Visitor, World


def test_a_teacher_sees_the_own_courses(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)

    page = visitor.get(f"{DOOR}/semaine").text

    assert "Violon, mercredi 14 h 30 - 15 h 15" in page
    assert "Violoncelle" not in page
