"""/extranet/compte/ce-n-est-pas-moi: the page behind the link of a notice, its button, and its answers."""

from datetime import timedelta

import pytest

from tests.support.change_links import NOT_ME, last_link
from tests.support.french import visible_text
from tests.support.world import EMAIL, PASSWORD, Visitor, World

STOLEN = "Merle7Moqueur"


@pytest.fixture
def link(world: World, visitor: Visitor) -> str:
    """Change the family's password as a thief, and return the link mailed to the family."""
    world.settle(display_identifier="XEN 1")
    visitor.log_in()
    form = {"actuel": PASSWORD, "nouveau": STOLEN, "confirmation": STOLEN}
    assert visitor.post("/extranet/compte/mot-de-passe", form).status_code == 303
    world.deliver()
    world.wait(timedelta(minutes=10))
    return last_link(world, EMAIL)


def test_the_page_says_of_which_account_and_what_the_button_does(visitor: Visitor, link: str) -> None:
    answer = visitor.get(f"{NOT_ME}/{link}", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 200
    assert (
        "Compte Famille Rossignol, Evry - Xénakis : le mot de passe a été modifié le 1er septembre 2026"
        in visible_text(answer.text)
    )
    assert "Ce n'est pas moi : protéger le compte</button>" in answer.text
    assert "C'est vous, ou un autre responsable de la famille ?" in answer.text
    assert "jusqu'au 8 septembre 2026 à 9 h 00" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in answer.text
    for text in ("XEN 1", "xen1", EMAIL):
        assert text not in answer.text


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": ""}])
def test_the_button_needs_no_session_and_ends_those_that_are(
    world: World, visitor: Visitor, link: str, headers: dict[str, str]
) -> None:
    thief, family = visitor.cookie(), visitor
    family.show("")
    family.headers = {name: value for name, value in headers.items() if value}  # a very old browser sends none

    answer = family.post(NOT_ME, {"lien": link})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{NOT_ME}/{link}")
    page = family.get(f"{NOT_ME}/{link}")
    assert "« Ce n'est pas moi » a été demandé le 1er septembre 2026 à 9 h 10" in page.text
    assert "<button" not in page.text
    family.show(thief)
    assert family.get("/extranet/compte").headers["Location"] == "/extranet/usager"
    assert family.log_in(password=STOLEN).status_code == 401
    world.deliver()
    assert family.log_in(password=world.mailed_password()).status_code == 303
    assert "Un nouveau mot de passe a servi depuis" in family.get(f"{NOT_ME}/{link}").text
    assert "Accès au compte" in family.get("/extranet/compte/famille").text


def test_neither_a_scanner_nor_another_site_changes_anything(world: World, visitor: Visitor, link: str) -> None:
    before = world.account()

    for method in ("GET", "HEAD"):
        assert visitor.send(method, f"{NOT_ME}/{link}").status_code == 200
    for site in ("cross-site", "same-site"):
        assert visitor.post(NOT_ME, {"lien": link}, headers={"Sec-Fetch-Site": site}).status_code == 403

    assert world.account() == before
    assert visitor.get("/extranet/compte").status_code == 200


def test_unknown_forged_and_expired_are_a_page_with_what_to_do(world: World, visitor: Visitor, link: str) -> None:
    world.services.accounts.erase(world.account())
    unknown = [visitor.get(f"{NOT_ME}/{link}"), visitor.post(NOT_ME, {"lien": link})]
    forged = [visitor.get(f"{NOT_ME}/{link[:-3]}AAA"), visitor.get(f"{NOT_ME}/x"), visitor.post(NOT_ME, {})]
    forged += [visitor.post(NOT_ME, {"lien": each}) for each in ("x" * 9000, f"{link}\r\nSet-Cookie: a=b", "é")]
    world.settle()
    world.wait(timedelta(days=7))
    expired = [visitor.get(f"{NOT_ME}/{link}"), visitor.post(NOT_ME, {"lien": link})]

    answers = [*unknown, *forged, *expired]
    assert {answer.status_code for answer in answers} == {410}
    assert len({answer.text for answer in answers}) == 1
    page = answers[0].text
    for expected in ("Ce lien ne sert plus", "/extranet/usager/mot-de-passe-perdu", "01 99 00 10 03"):
        assert expected in page


def test_a_forged_link_asks_no_table(world: World, visitor: Visitor) -> None:
    visitor.get(f"{NOT_ME}/{'A' * 116}")
    visitor.post(NOT_ME, {"lien": "A" * 116})

    assert world.aws.calls == []
