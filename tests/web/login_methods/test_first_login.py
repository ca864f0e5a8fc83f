"""« Première connexion » in three screens: alike for known and unknown, then a password of one's own."""

import re
from datetime import timedelta

from chalicelib.domain.account.sessions import Token
from tests.support.admission import mailed_code
from tests.support.authenticator import field
from tests.support.french import plain
from tests.support.households import MERLE
from tests.support.logins import opens
from tests.support.passkeys import telephone
from tests.support.world import EMAIL, ROSSIGNOL, Visitor, World

ACCESS = "/extranet/compte/acces"
FORM = {"site": ROSSIGNOL.site, "identifiant": ROSSIGNOL.identifier, "email": EMAIL}
NEW = {"nouveau": "Bruant4Zizi", "confirmation": "Bruant4Zizi"}


def ask(visitor: Visitor, **fields: str) -> None:
    answer = visitor.post(f"{ACCESS}/premiere-connexion", FORM | fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{ACCESS}/code")


def prove(world: World, visitor: Visitor) -> None:
    ask(visitor)
    world.deliver()
    answer = visitor.post(f"{ACCESS}/code", {"code": mailed_code(world)})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{ACCESS}/choix")


def test_three_screens_lead_from_the_letter_to_the_first_page(world: World, visitor: Visitor) -> None:
    world.settle(password=None)
    assert 'href="/extranet/usager/premiere-connexion"' in visitor.get("/extranet/usager").text
    assert f'action="{ACCESS}/premiere-connexion"' in visitor.get("/extranet/usager/premiere-connexion").text
    ask(visitor)
    page = visitor.get(f"{ACCESS}/code").text
    assert all(words in page for words in ('autocomplete="one-time-code"', 'inputmode="numeric"', "9 h 10"))
    world.deliver()
    visitor.post(f"{ACCESS}/code", {"code": mailed_code(world)})
    assert 'autocomplete="new-password"' in visitor.get(f"{ACCESS}/choix").text

    answer = visitor.post(f"{ACCESS}/choix", NEW)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/extranet/compte")
    assert visitor.get("/extranet/compte").status_code == 200
    assert visitor.cookie("clef-acces") is None
    assert visitor.cookie("clef-appareil"), "the browser is known from now on"
    assert opens(world, NEW["nouveau"])


def test_a_passkey_is_chosen_on_the_same_screen(world: World, visitor: Visitor) -> None:
    world.settle(password=None)
    prove(world, visitor)
    page = visitor.get(f"{ACCESS}/choix").text
    challenge = re.search(r'data-challenge="([^"]+)"', page)
    assert challenge
    assert "Famille Rossignol, Evry - Xénakis" in plain(page)
    assert visitor.post(f"{ACCESS}/choix", {"cle": "forged"}).status_code == 422

    answer = visitor.post(f"{ACCESS}/choix", {"cle": field(telephone().make(challenge[1]))})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/extranet/compte")
    assert visitor.get("/extranet/compte").status_code == 200
    assert [passkey.name for passkey in world.account().passkeys] == ["Mon appareil"]


def test_the_browser_s_session_of_another_account_is_closed(world: World, visitor: Visitor) -> None:
    world.settle()
    world.settle(MERLE)
    visitor.log_in(MERLE)
    former = Token.parse(visitor.cookie() or "")
    assert former
    prove(world, visitor)

    visitor.post(f"{ACCESS}/choix", NEW)

    assert world.services.sessions.find(former) is None
    assert "Rossignol" in visitor.get("/extranet/compte").text


def test_an_incomplete_form_says_what_to_do_beside_each_field_alone(world: World, visitor: Visitor) -> None:
    answer = visitor.post(f"{ACCESS}/premiere-connexion", {"site": "", "identifiant": "", "email": "rossignol"})

    assert answer.status_code == 422
    assert all(f'id="{name}-erreur"' in answer.text for name in FORM)
    assert 'value="rossignol"' in answer.text
    assert world.aws.calls == []


def test_a_refused_choice_can_be_mended_and_a_late_one_says_how_to_begin(world: World, visitor: Visitor) -> None:
    world.settle()
    prove(world, visitor)
    answer = visitor.post(f"{ACCESS}/choix", {"nouveau": "court", "confirmation": "Autre1234"})
    assert answer.status_code == 422
    assert "trop court" in answer.text
    assert "ne sont pas identiques" in answer.text
    world.wait(timedelta(minutes=15))

    answer = visitor.post(f"{ACCESS}/choix", NEW)
    assert (answer.status_code, "recommencez" in answer.text) == (422, True)


def test_a_double_click_on_the_choice_stays_inside(world: World, visitor: Visitor) -> None:
    world.settle()
    prove(world, visitor)
    proof = visitor.cookie("clef-acces")
    visitor.post(f"{ACCESS}/choix", NEW)
    visitor.show(proof, "clef-acces")

    assert visitor.post(f"{ACCESS}/choix", NEW).headers["Location"] == "/extranet/compte"
    assert visitor.get("/extranet/compte").status_code == 200


def test_no_other_site_sends_these_forms(world: World, visitor: Visitor) -> None:
    world.settle()
    for path in ("premiere-connexion", "code", "choix"):
        assert visitor.post(f"{ACCESS}/{path}", FORM, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
