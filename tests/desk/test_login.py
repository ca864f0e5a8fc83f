"""POST /extranet/bureau/connexion, then its code: the door of the desk."""

from tests.support.staff import DESK, PASSWORD, SECRETARY, code, log_in, member
from tests.support.world import Visitor, World


def test_a_secretary_logs_in_with_a_password_and_a_code(world: World, visitor: Visitor) -> None:
    member(world)

    log_in(world, visitor)

    page = visitor.get(DESK)
    assert page.status_code == 200
    assert "Bonjour Basile Troglodyte." in page.text


def test_a_password_alone_opens_nothing(world: World, visitor: Visitor) -> None:
    member(world)
    visitor.post(f"{DESK}/connexion", {"courriel": SECRETARY, "mot_de_passe": PASSWORD})

    answer = visitor.get(DESK)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{DESK}/code")


def test_a_code_works_once(world: World, visitor: Visitor) -> None:
    member(world)
    shown = code(world)
    for expected in (303, 422):
        visitor.post(f"{DESK}/connexion", {"courriel": SECRETARY, "mot_de_passe": PASSWORD})
        assert visitor.post(f"{DESK}/code", {"code": shown}).status_code == expected
