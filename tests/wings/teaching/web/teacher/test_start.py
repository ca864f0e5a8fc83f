"""The teachers' login: the login of the staff, and the redirect once logged in."""

from tests.support.staff import DESK, SECRETARY, TEACHER, code, enter, member
from tests.support.staff import PASSWORD as STAFF_PASSWORD
from tests.support.teaching import DOOR
from tests.support.world import Visitor, World


def test_the_door_has_the_login_form_and_a_teacher_comes_to_the_own_week(world: World, visitor: Visitor) -> None:
    member(world, TEACHER)
    door = visitor.get(DOOR)
    assert door.status_code == 200
    assert 'action="/extranet/bureau/connexion"' in door.text

    visitor.post(f"{DESK}/connexion", {"courriel": TEACHER, "mot_de_passe": STAFF_PASSWORD})
    assert visitor.get(DOOR).headers["Location"] == f"{DESK}/code"
    answer = visitor.post(f"{DESK}/code", {"code": code(world)})

    assert answer.headers["Location"] == DESK
    assert visitor.get(DESK).headers["Location"] == f"{DOOR}/semaine"
    assert visitor.get(DOOR).headers["Location"] == f"{DOOR}/semaine"
    assert "Aucun cours n'est encore relié" in visitor.get(f"{DOOR}/semaine").text


def test_a_secretary_at_the_teachers_door_is_led_to_the_desk(world: World, visitor: Visitor) -> None:
    enter(world, visitor, SECRETARY)

    assert visitor.get(DOOR).headers["Location"] == DESK
