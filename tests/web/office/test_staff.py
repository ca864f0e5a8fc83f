"""GET /extranet/bureau/personnel: a manager lists the staff."""

from tests.support.staff import DESK, MANAGER, SECRETARY, enter, member
from tests.support.world import Visitor, World

STAFF = f"{DESK}/personnel"


def test_a_manager_sees_who_is_of_the_staff(world: World, visitor: Visitor) -> None:
    member(world)
    enter(world, visitor, MANAGER)

    page = visitor.get(STAFF).text

    for words in ("Basile Troglodyte", SECRETARY, "secrétariat", "Evry - Xénakis", "actif", "jamais"):
        assert words in page
    assert f'href="{STAFF}/' in page
