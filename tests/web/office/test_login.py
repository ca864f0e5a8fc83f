"""Login to the desk: address and password, then a code, with no dead end."""

from datetime import timedelta

import pytest

from tests.support.staff import DESK, PASSWORD, SECRETARY, code, enter, log_in, member
from tests.support.world import Visitor, World

DOOR = f"{DESK}/connexion"
CODE = f"{DESK}/code"
FORM = {"courriel": SECRETARY, "mot_de_passe": PASSWORD}


def led_to(visitor: Visitor, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_a_secretary_logs_in_with_a_password_and_a_code(world: World, visitor: Visitor) -> None:
    member(world)

    log_in(world, visitor)

    page = visitor.get(DESK)
    assert page.status_code == 200
    assert "Bonjour Basile Troglodyte." in page.text


def test_a_password_alone_opens_nothing_and_leads_to_the_code(world: World, visitor: Visitor) -> None:
    member(world)
    visitor.post(DOOR, FORM)

    assert led_to(visitor, DESK) == CODE
    assert visitor.get(CODE).status_code == 200
    assert visitor.get(DOOR).status_code == 200, "the way to another address"


def test_who_is_logged_in_is_led_to_the_desk_from_its_door(world: World, visitor: Visitor) -> None:
    enter(world, visitor)

    assert (led_to(visitor, DOOR), led_to(visitor, CODE)) == (DESK, DESK)
    again = visitor.post(CODE, {"code": code(world)})  # « Back », and the former form
    assert again.headers["Location"] == DESK


@pytest.mark.parametrize("minutes", [31, 601])
def test_a_session_that_is_over_says_so_at_the_door(world: World, visitor: Visitor, minutes: int) -> None:
    enter(world, visitor)
    world.wait(timedelta(minutes=minutes))

    assert led_to(visitor, f"{DESK}/mon-acces") == f"{DOOR}?fait=terminee"
    assert "Votre connexion est terminée : reconnectez-vous." in visitor.get(f"{DOOR}?fait=terminee").text


def test_who_never_had_a_session_is_shown_nothing_of_what_a_form_holds(visitor: Visitor) -> None:
    answer = visitor.post(f"{DESK}/reinscriptions/evry-xenakis/xen1/decision", {"texte": "Plus de place."})

    assert (answer.status_code, answer.headers["Location"]) == (303, DOOR)


def test_after_ten_minutes_before_the_code_the_way_back_is_clear(world: World, visitor: Visitor) -> None:
    member(world)
    visitor.post(DOOR, FORM)
    world.wait(timedelta(minutes=10))

    answer = visitor.post(CODE, {"code": code(world)})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{DOOR}?fait=terminee")
    assert "pour saisir le code, dix minutes" in visitor.get(f"{DOOR}?fait=terminee").text
    log_in(world, visitor)


def test_who_leaves_is_told_so_and_nothing_opens_any_more(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    token = visitor.cookie("clef-bureau")

    answer = visitor.post(f"{DESK}/deconnexion")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{DOOR}?fait=sortie")
    assert "Votre connexion est terminée : à bientôt." in visitor.get(f"{DOOR}?fait=sortie").text
    visitor.show(token, "clef-bureau")
    assert led_to(visitor, DESK) == f"{DOOR}?fait=terminee"


def test_a_browser_that_logged_in_is_known_from_then_on(world: World, visitor: Visitor) -> None:
    member(world)

    log_in(world, visitor)

    cookie = visitor.cookie("clef-bureau-appareil")
    assert cookie
    visitor.post(f"{DESK}/deconnexion")
    stranger = {"courriel": SECRETARY, "mot_de_passe": "pas le bon du tout"}
    visitor.show("", "clef-bureau-appareil")
    assert [visitor.post(DOOR, stranger).status_code for _ in range(6)] == [401] * 5 + [429]
    visitor.show(cookie, "clef-bureau-appareil")
    log_in(world, visitor)


def test_known_and_unknown_addresses_are_answered_alike(world: World, visitor: Visitor) -> None:
    member(world)
    pages = [
        [visitor.post(DOOR, {"courriel": email, "mot_de_passe": "pas le bon du tout"}) for _ in range(6)]
        for email in (SECRETARY, "corneille@example.org")
    ]

    first, unknown = (
        [(one.status_code, one.text.replace(SECRETARY, "corneille@example.org")) for one in pair] for pair in pages
    )

    assert first == unknown
    assert [status for status, _ in first] == [401] * 5 + [429]


def test_what_is_missing_is_told_beside_its_field_and_an_address_stays_typed(world: World, visitor: Visitor) -> None:
    member(world)

    answer = visitor.post(DOOR, {"courriel": SECRETARY, "mot_de_passe": ""})

    assert answer.status_code == 422
    assert 'id="mot_de_passe-erreur"' in answer.text
    assert f'value="{SECRETARY}"' in answer.text
    visitor.post(DOOR, FORM)
    assert "Saisissez le code à six chiffres" in visitor.post(CODE, {"code": " "}).text
