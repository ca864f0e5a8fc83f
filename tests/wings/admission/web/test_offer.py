"""The page of an offer: accepted, or declined after a confirmation. The page that withdraws the application."""

import html
import re

import pytest
from werkzeug.test import TestResponse

from chalicelib.wings.admission.domain.applications import AdmissionDecision, Standing
from tests.support.admission import START, applicant, application_of, stores
from tests.support.applications import ALBA, NILS
from tests.support.offers import PIANO, TERM, VIOLIN, holder, holder_or_none, offer_place, send_application
from tests.support.world import Visitor, World

APPLICATION = f"{START}/demande"
PAGE = f"{APPLICATION}/proposition/{ALBA.key}"


@pytest.fixture(autouse=True)
def sent(world: World, visitor: Visitor) -> None:
    send_application(world, visitor)


def words(answer: TestResponse) -> str:
    return html.unescape(answer.text)


def answer(visitor: Visitor, name: str, action: str, path: str = PAGE) -> TestResponse:
    return visitor.post(path, {"proposition": name, "action": action})


def test_it_says_which_place_until_when_and_what_accepting_ends(world: World, visitor: Visitor) -> None:
    offer_place(world, PIANO)

    page = words(visitor.get(PAGE))

    assert "Piano à Evry - Xénakis, Débutant" in page
    assert "avant le <strong>4 septembre 2026 à 9 h 00</strong>" in page
    assert "Accepter met fin à tous les autres vœux pour Alba Geai" in page
    assert "J'accepte cette place" in page
    assert "01 99 00 10 03" in page


def test_accepted_one_is_led_to_the_application_that_says_so(world: World, visitor: Visitor) -> None:
    name = offer_place(world, PIANO)

    response = answer(visitor, name, "accepter")

    assert (response.status_code, response.headers["Location"]) == (303, APPLICATION)
    assert holder(world, PIANO).state == "taken"
    page = words(visitor.get(APPLICATION))
    assert "<strong>Place acceptée</strong>" in page
    assert "L'administration vérifie les pièces, puis confirme par mail." in page
    assert "ce vœu est terminé, puisqu'une place est acceptée" in page
    assert "Vous avez accepté la place le" in words(visitor.get(PAGE))


def test_declining_asks_once_more_and_only_then_declines(world: World, visitor: Visitor) -> None:
    name = offer_place(world, PIANO)

    assert "vous ne pourrez plus la reprendre" in words(answer(visitor, name, "refuser"))
    assert holder(world, PIANO).state == "offered"
    assert answer(visitor, name, "refuser-vraiment").headers["Location"] == APPLICATION

    assert holder_or_none(world, PIANO) is None
    assert "vous avez refusé la place proposée" in words(visitor.get(APPLICATION))


def test_an_offer_whose_term_is_past_is_said_kindly_with_what_to_do(world: World, visitor: Visitor) -> None:
    name = offer_place(world, PIANO)
    world.wait(TERM)
    applicant(world, visitor)

    late = answer(visitor, name, "accepter")

    assert late.status_code == 422
    assert "son délai est passé" in words(late)
    assert "Appelez le conservatoire" in words(late)
    assert "J'accepte" not in words(late)
    assert "J'accepte" not in words(visitor.get(PAGE))
    assert "le délai pour répondre est passé" in words(visitor.get(APPLICATION))


def test_two_offers_of_one_child_are_answered_each_by_its_own_button(world: World, visitor: Visitor) -> None:
    names = {ref: offer_place(world, ref) for ref in (VIOLIN, PIANO)}
    page = words(visitor.get(PAGE))
    assert re.findall(r'name="proposition" value="([0-9a-f]+)"', page) == [names[PIANO], names[VIOLIN]]

    answer(visitor, names[VIOLIN], "accepter")

    assert holder(world, VIOLIN).state == "taken"
    assert holder_or_none(world, PIANO) is None


def test_the_offer_of_one_child_is_not_answered_for_its_brother(world: World, visitor: Visitor) -> None:
    name = offer_place(world, PIANO)

    assert answer(visitor, name, "accepter", f"{APPLICATION}/proposition/{NILS.key}").status_code == 422

    assert holder(world, PIANO).state == "offered"


APPLICATION = f"{START}/demande"
WITHDRAWAL = f"{APPLICATION}/retrait"


def withdrawal_words(visitor: Visitor, path: str = WITHDRAWAL) -> str:
    return html.unescape(visitor.get(path).text)


def test_it_says_what_it_ends_and_of_whom(world: World, visitor: Visitor) -> None:
    offer_place(world, PIANO)

    page = withdrawal_words(visitor)

    assert "met fin à tous les vœux" in page
    assert "Alba Geai (une place est proposée)" in page
    assert f'name="retirer-{NILS.key}"' in page
    assert "checked" not in page


def test_who_is_ticked_is_withdrawn_and_the_application_says_so(world: World, visitor: Visitor) -> None:
    offer_place(world, PIANO)

    answer = visitor.post(WITHDRAWAL, {f"retirer-{ALBA.key}": "oui"})

    assert (answer.status_code, answer.headers["Location"]) == (303, APPLICATION)
    assert [application_of(world).state(key) for key in (ALBA.key, NILS.key)] == ["withdrawn", "sent"]
    assert holder_or_none(world, PIANO) is None
    assert "<strong>Retirée</strong> le" in withdrawal_words(visitor, APPLICATION)
    assert "Alba Geai" not in withdrawal_words(visitor).partition("<form class=")[2]
    visitor.post(WITHDRAWAL, {f"retirer-{NILS.key}": "oui"})
    assert "Il n'y a rien à retirer" in withdrawal_words(visitor)
    assert "Retirer ma demande" not in withdrawal_words(visitor, APPLICATION)


def test_with_no_box_ticked_nothing_is_withdrawn_and_one_is_told(world: World, visitor: Visitor) -> None:
    answer = visitor.post(WITHDRAWAL, {"retirer-ffffffff": "oui"})

    assert answer.status_code == 422
    assert "Cochez au moins un élève" in html.unescape(answer.text)
    assert application_of(world).state(ALBA.key) == "sent"


def test_who_is_accepted_is_told_to_call(world: World, visitor: Visitor) -> None:
    before = application_of(world)
    standing = Standing(ALBA.key, decision=AdmissionDecision("accepted", "M. Office", world.now))
    stores(world).applications.change(before, before.with_standing(standing))

    page = withdrawal_words(visitor)

    assert "Alba Geai : la demande est acceptée. Pour renoncer à l'inscription, appelez le conservatoire." in page
    assert f"retirer-{ALBA.key}" not in page
