"""GET and POST /extranet/compte/mot-de-passe: the pages that a family sees."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import wiring
from tests.support.world import PASSWORD, Visitor, World

CHANGE = "/extranet/compte/mot-de-passe"
NEW = "Merle7Moqueur"


def fill(actuel: str = PASSWORD, nouveau: str = NEW, confirmation: str = NEW) -> dict[str, str]:
    return {"actuel": actuel, "nouveau": nouveau, "confirmation": confirmation}


def test_2_6_the_rule_is_shown_before_typing(at_home: Visitor) -> None:
    page = at_home.get(CHANGE).text

    assert (
        "* Le nouveau mot de passe doit avoir une longueur comprise entre 8 et 20 caractères, et doit contenir "
        "au moins une lettre majuscule, une lettre minuscule et un chiffre." in page
    )
    assert page.index("* Le nouveau") < page.index('name="nouveau"')
    assert "maxlength" not in page


def test_who_has_no_password_finds_the_other_login_methods_first(world: World, at_home: Visitor) -> None:
    methods = 'href="/extranet/compte/acces"'
    page = at_home.get(CHANGE).text
    assert page.index(methods) > page.index("</form>\n<p>")
    account = world.account()
    world.services.accounts.change(account, replace(account, password=None))

    page = at_home.get(CHANGE).text

    assert "Vous entrez sans mot de passe" in page
    assert page.index(methods) < page.index('name="nouveau"')


def test_2_7_the_box_says_it_once_changed(world: World, at_home: Visitor) -> None:
    answer = at_home.post(CHANGE, fill())

    assert (answer.status_code, answer.location) == (303, CHANGE)
    assert "Votre mot de passe vient d'être modifié." in at_home.get(CHANGE).text
    world.wait(timedelta(minutes=2))
    assert "vient d'être modifié" not in at_home.get(CHANGE).text


def test_a_refusal_is_told_beside_its_field_and_no_password_comes_back(world: World, at_home: Visitor) -> None:
    answer = at_home.post(CHANGE, fill(nouveau="court", confirmation="Autre1234"))

    assert answer.status_code == 422
    beside = answer.text.split('id="nouveau-erreur"')[1].split("</div>")[0]
    for sentence in ("trop court", "une lettre majuscule", "un chiffre"):
        assert sentence in beside
    assert "ne sont pas identiques" in answer.text.split('id="confirmation-erreur"')[1]
    assert not any(typed in answer.text for typed in (PASSWORD, "court<", 'value="court"', "Autre1234"))
    assert NEW not in world.log.getvalue()


def test_slowed_down_says_until_when(at_home: Visitor) -> None:
    for _ in range(5):
        at_home.post(CHANGE, fill(actuel="Faux1234"))

    answer = at_home.post(CHANGE, fill())

    assert (answer.status_code, "9 h 01" in answer.text) == (429, True)


def test_an_old_cookie_cannot_guess_the_new_password(world: World, at_home: Visitor) -> None:
    old = at_home.cookie()
    at_home.post(CHANGE, fill())
    at_home.show(old)
    for number in range(7):
        guess = f"Devine{number}Merle"
        assert at_home.post(CHANGE, fill(nouveau=guess, confirmation=guess)).location == "/extranet/usager"

    names = [event["event"] for event in world.events()]
    assert (names.count("login_refused"), names.count("login_slowed")) == (5, 2)


@pytest.mark.wing("billing")
def test_where_a_change_is_asked_for_only_its_page_opens(world: World, visitor: Visitor) -> None:
    world.set_mode("must_change")
    world.settle(origin="mailed")
    with wiring.using(world.services):
        visitor.log_in()
        for page in ("", "/famille", "/eleves", "/facturation", "/accessibilite"):
            assert visitor.get(f"/extranet/compte{page}").location == CHANGE
        assert "Choisissez maintenant le vôtre" in visitor.get(CHANGE).text

        visitor.post(CHANGE, fill())

        assert visitor.get("/extranet/compte").status_code == 200
        world.settle(origin="mailed")
        visitor.log_in()
        assert visitor.post("/extranet/compte/deconnexion").location == "/extranet/usager"
        assert visitor.get(CHANGE).location == "/extranet/usager"
