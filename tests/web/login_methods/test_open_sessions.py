"""/extranet/compte/mot-de-passe/connexions: other sessions are listed, and ended with the password."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.sessions import OpenedBy, Token
from chalicelib.presentation.texts import OPENED_BY
from tests.support.french import visible_text
from tests.support.world import PASSWORD, Visitor, World

PAGE = "/extranet/compte/mot-de-passe/connexions"
TELEPHONE = "Mozilla/5.0 (Linux; Android 14; Mobile) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
LIBRARY = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def devices(world: World, front: Any, at_home: Visitor) -> list[Visitor]:
    """Log in on a telephone and in a library, on the account that is at home."""
    assert at_home
    visitors = [
        Visitor(front, {"Sec-Fetch-Site": "same-origin", "User-Agent": agent}, world) for agent in (TELEPHONE, LIBRARY)
    ]
    for visitor in visitors:
        world.wait(timedelta(minutes=1))
        visitor.log_in()
    return visitors


def names_of(page: str) -> list[str]:
    return re.findall(r'name="connexion" value="(\w+)"', page)


def test_other_sessions_are_listed_with_their_browser_and_hour(at_home: Visitor, devices: list[Visitor]) -> None:
    page = visible_text(at_home.get(PAGE).text)

    assert "Firefox, Windows, depuis le" in page
    assert page.index("Firefox, Windows") < page.index("Chrome, Android")
    assert "Ici : Firefox, Windows, depuis le" in visible_text(devices[1].get(PAGE).text)


@pytest.mark.parametrize("way", get_args(OpenedBy))
def test_each_says_how_it_was_opened(world: World, at_home: Visitor, devices: list[Visitor], way: OpenedBy) -> None:
    token = Token.parse(at_home.cookie() or "")
    session = world.services.sessions.find(token) if token else None
    assert session
    world.database.write_together(world.services.sessions.put(replace(session, opened_by=way)))

    here, elsewhere = (visible_text(visitor.get(PAGE).text) for visitor in (at_home, devices[0]))

    assert f"à 9 h 00, {OPENED_BY[way]}. Terminer" in here
    assert f"à 9 h 00, {OPENED_BY[way]}" in elsewhere
    assert "par mot de passe" in here


def test_one_session_is_ended_with_the_password_alone(world: World, at_home: Visitor, devices: list[Visitor]) -> None:
    library, telephone, everything = names_of(at_home.get(PAGE).text)

    wrong = at_home.post(PAGE, {"connexion": telephone, "mot_de_passe": "Faux1234"})
    assert (wrong.status_code, devices[0].get("/extranet/compte").status_code) == (422, 200)
    answer = at_home.post(PAGE, {"connexion": telephone, "mot_de_passe": PASSWORD})

    assert "cet appareil devra se reconnecter" in answer.text
    assert [visitor.get("/extranet/compte").status_code for visitor in (*devices, at_home)] == [303, 200, 200]
    assert names_of(at_home.get(PAGE).text) == [library]
    assert (everything, world.events()[-1]["reason"]) == ("toutes", "owner")


def test_all_others_of_the_account_are_ended(
    world: World, front: Any, at_home: Visitor, devices: list[Visitor]
) -> None:
    stranger = names_of(devices[0].get(PAGE).text)[0]
    ref = AccountRef("evry-magnard", "mag2999")
    world.settle(ref)
    elsewhere = Visitor(front, world=world)
    elsewhere.log_in(ref)
    assert names_of(elsewhere.get(PAGE).text) == []
    elsewhere.post(PAGE, {"connexion": stranger, "mot_de_passe": PASSWORD})
    assert at_home.get("/extranet/compte").status_code == 200

    at_home.post(PAGE, {"connexion": "toutes", "mot_de_passe": PASSWORD})

    assert [browser.get("/extranet/compte").status_code for browser in (*devices, at_home, elsewhere)] == [
        303,
        303,
        200,
        200,
    ]


def test_an_empty_form_names_both_fields(at_home: Visitor, devices: list[Visitor]) -> None:
    answer = at_home.post(PAGE, {})

    assert (answer.status_code, len(devices)) == (422, 2)
    assert "Choisissez la connexion à terminer." in answer.text.split('id="connexion-erreur"')[1]
    assert "Saisissez votre mot de passe actuel." in answer.text.split('id="mot_de_passe-erreur"')[1]
