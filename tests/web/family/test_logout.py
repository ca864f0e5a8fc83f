"""POST /extranet/compte/deconnexion: what a family sees."""

from tests.support.world import Visitor, World

LOGOUT = "/extranet/compte/deconnexion"


def test_logging_out_leads_to_the_login_form_and_forgets_the_cookie(world: World, visitor: Visitor) -> None:
    world.settle()
    visitor.log_in()
    cookie = visitor.cookie()

    answer = visitor.post(LOGOUT)

    assert (answer.status_code, answer.location) == (303, "/extranet/usager")
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    again = visitor.get("/extranet/compte", headers={"Cookie": f"clef={cookie}"})
    assert again.location == "/extranet/usager"


def test_logging_out_twice_or_without_a_session_is_the_same(visitor: Visitor) -> None:
    assert visitor.post(LOGOUT).location == "/extranet/usager"
    assert visitor.post(LOGOUT).location == "/extranet/usager"


def test_a_link_cannot_log_out(world: World, visitor: Visitor) -> None:
    world.settle()
    visitor.log_in()

    visitor.get(LOGOUT)

    assert visitor.get("/extranet/compte").status_code == 200
