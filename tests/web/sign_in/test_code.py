"""The page of the code that proves a login: alike for known and unknown, and nothing opens by its cookies."""

import pytest

from tests.support.admission import mailed_code
from tests.support.world import EMAIL, ROSSIGNOL, Visitor, World

ACCESS = "/extranet/compte/acces"
FORM = {"site": ROSSIGNOL.site, "identifiant": ROSSIGNOL.identifier, "email": EMAIL}


def ask(visitor: Visitor, **typed: str) -> None:
    answer = visitor.post(f"{ACCESS}/premiere-connexion", FORM | typed)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{ACCESS}/code")


@pytest.mark.parametrize(
    "typed", [{"identifiant": "nobody"}, {"email": "autre@example.org"}, {"site": "villabe-yves-henry"}]
)
def test_known_and_unknown_look_alike_to_the_last_try(world: World, visitor: Visitor, typed: dict[str, str]) -> None:
    world.settle(disabled="site" in typed)
    shown = []
    for form in ({}, typed):
        ask(visitor, **form)
        world.deliver()
        pages = [visitor.get(f"{ACCESS}/code")] + [visitor.post(f"{ACCESS}/code", {"code": "000000"}) for _ in range(6)]
        shown.append([(page.status_code, page.text) for page in pages])

    assert shown[0] == shown[1]
    assert "recommencez" in shown[0][-1][1]
    assert 'name="code"' not in shown[0][-1][1]


def test_neither_the_code_s_cookie_nor_the_proof_s_opens_a_page_or_stands_for_the_other(
    world: World, visitor: Visitor
) -> None:
    world.settle()
    ask(visitor)
    question = visitor.cookie("clef-acces")
    assert 'name="nouveau"' not in visitor.get(f"{ACCESS}/choix").text
    world.deliver()
    answer = visitor.post(f"{ACCESS}/code", {"code": mailed_code(world)})
    assert answer.headers["Location"] == f"{ACCESS}/choix"
    proof = visitor.cookie("clef-acces")
    assert visitor.get(f"{ACCESS}/code").status_code == 303

    for cookie in (question, proof):
        visitor.show(cookie)
        assert visitor.get("/extranet/compte").headers["Location"] == "/extranet/usager"
