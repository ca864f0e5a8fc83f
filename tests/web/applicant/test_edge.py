"""The edge of the applicants' pages: a cookie of their own, and the start page for visitors without a session."""

from tests.support.admission import COOKIE, START, announce, applicant, ask
from tests.support.world import Visitor, World


def test_the_wing_s_cookie_stands_beside_a_family_s_and_neither_ends_the_other(world: World, visitor: Visitor) -> None:
    world.settle()
    visitor.log_in()
    applicant(world, visitor)

    assert visitor.get("/extranet/compte").status_code == 200
    visitor.post(f"{START}/quitter")

    assert visitor.get("/extranet/compte").status_code == 200
    assert not visitor.cookie(COOKIE)


def test_an_error_of_a_dependency_is_a_page_in_french(world: World, visitor: Visitor) -> None:
    announce(world)
    with world.aws.failing("GetItem", "before"):
        answer = visitor.get(START)

    assert answer.status_code == 503
    assert "Service momentanément indisponible" in answer.text


def test_the_answers_of_the_wing_carry_the_headers_of_all(world: World, visitor: Visitor) -> None:
    announce(world)
    for answer in (visitor.get(START), ask(world, visitor)):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_method_that_is_none_of_a_page_s_is_refused_in_french(visitor: Visitor) -> None:
    assert visitor.send("PUT", START).status_code == 405
    assert visitor.get(f"{START}/quitter").status_code == 405
