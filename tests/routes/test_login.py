"""POST /extranet/compte/connexion."""

from tests.world import Visitor, World


def test_2_4_the_right_password_opens_the_account(world: World, visitor: Visitor) -> None:
    world.settle()

    answer = visitor.log_in()

    assert (answer.status_code, answer.location) == (303, "/extranet/compte")
    home = visitor.get("/extranet/compte").text
    assert "Bonjour <strong>Famille Rossignol</strong>" in home
