"""The page « Retirer ma demande »: its pupils, its effects, and the telephone number once it is too late."""

import html

import pytest

from chalicelib.domain.admission.applications import AdmissionDecision, Standing
from tests.support.admission import START, applicant, application_of, stores
from tests.support.applications import ALBA, NILS
from tests.support.offers import PIANO, holder_or_none, offer_place, send_application
from tests.support.world import Visitor, World

APPLICATION = f"{START}/demande"
PAGE = f"{APPLICATION}/retrait"


@pytest.fixture(autouse=True)
def sent(world: World, visitor: Visitor) -> None:
    send_application(world, visitor)


def words(visitor: Visitor, path: str = PAGE) -> str:
    return html.unescape(visitor.get(path).text)


def test_it_says_what_it_ends_and_of_whom(world: World, visitor: Visitor) -> None:
    offer_place(world, PIANO)

    page = words(visitor)

    assert "met fin à tous les vœux" in page
    assert "Alba Geai (une place est proposée)" in page
    assert f'name="retirer-{NILS.key}"' in page
    assert "checked" not in page


def test_who_is_ticked_is_withdrawn_and_the_application_says_so(world: World, visitor: Visitor) -> None:
    offer_place(world, PIANO)

    answer = visitor.post(PAGE, {f"retirer-{ALBA.key}": "oui"})

    assert (answer.status_code, answer.headers["Location"]) == (303, APPLICATION)
    assert [application_of(world).state(key) for key in (ALBA.key, NILS.key)] == ["withdrawn", "sent"]
    assert holder_or_none(world, PIANO) is None
    assert "<strong>Retirée</strong> le" in words(visitor, APPLICATION)
    assert "Alba Geai" not in words(visitor).partition("<form class=")[2]
    visitor.post(PAGE, {f"retirer-{NILS.key}": "oui"})
    assert "Il n'y a rien à retirer" in words(visitor)
    assert "Retirer ma demande" not in words(visitor, APPLICATION)


def test_with_no_box_ticked_nothing_is_withdrawn_and_one_is_told(world: World, visitor: Visitor) -> None:
    answer = visitor.post(PAGE, {"retirer-ffffffff": "oui"})

    assert answer.status_code == 422
    assert "Cochez au moins un élève" in html.unescape(answer.text)
    assert application_of(world).state(ALBA.key) == "sent"


def test_who_is_accepted_is_told_to_call(world: World, visitor: Visitor) -> None:
    before = application_of(world)
    accepted = Standing(ALBA.key, decision=AdmissionDecision("accepted", "M. Office", world.now))
    stores(world).applications.change(before, before.with_standing(accepted))

    page = words(visitor)

    assert "Alba Geai : la demande est acceptée. Pour renoncer à l'inscription, appelez le conservatoire." in page
    assert f"retirer-{ALBA.key}" not in page


def test_an_application_that_is_not_sent_has_nothing_to_withdraw(world: World, visitor: Visitor) -> None:
    applicant(world, visitor, "pie@example.org")

    assert visitor.get(PAGE).headers["Location"] == APPLICATION
    assert visitor.post(PAGE, {f"retirer-{ALBA.key}": "oui"}).status_code in {303, 422}
    assert application_of(world).state(ALBA.key) == "sent"
