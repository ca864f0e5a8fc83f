"""The page of the code: which address waits, until when; and back to « Famille » once it counts."""

import html
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.email_change import AIMEE, COME, NEW, mailed_code, name_of
from tests.support.family_pages import CODE, FAMILY, PAGE, form, seen
from tests.support.households import HOUSEHOLD
from tests.support.world import PASSWORD, Visitor, World


@pytest.fixture
def waiting(world: World, visitor: Visitor) -> Visitor:
    world.settle(household=HOUSEHOLD, emails=(AIMEE, COME))
    visitor.log_in()
    visitor.post(PAGE, form(visitor))
    world.deliver()
    return visitor


def send(visitor: Visitor, code: str, name: str) -> tuple[int, str]:
    answer = visitor.post(CODE, {"code": code, "vu": name})
    return answer.status_code, html.unescape(answer.text)


def test_it_says_which_address_waits_and_until_when(waiting: Visitor) -> None:
    page = seen(waiting, CODE)

    assert f"<strong>{NEW}</strong>" in page
    assert "valable jusqu'à 9 h 30" in page
    assert 'autocomplete="one-time-code"' in page


def test_the_right_code_leads_back_where_the_address_counts(world: World, waiting: Visitor) -> None:
    answer = waiting.post(CODE, {"code": mailed_code(world), "vu": name_of(world)})

    assert (answer.status_code, answer.location) == (303, FAMILY)
    page = seen(waiting, FAMILY)
    assert "Votre modification est enregistrée." in page
    assert "attend le code" not in page
    assert NEW in page


def test_a_wrong_code_is_told_beside_its_field_and_the_fifth_ends_it(world: World, waiting: Visitor) -> None:
    name = name_of(world)
    wrong = "000000" if mailed_code(world) != "000 000" else "000001"
    for _ in range(4):
        status, page = send(waiting, wrong, name)
        assert (status, "Ce n'est pas le code du mail" in page.split('id="code-erreur"')[1]) == (422, True)

    status, page = send(waiting, wrong, name)

    assert (status, "Ce code n'est plus valable" in page) == (422, True)
    assert 'name="code"' not in page
    assert f'href="{PAGE}"' in page


def test_once_it_has_expired_no_form_is_shown(world: World, waiting: Visitor) -> None:
    world.wait(timedelta(minutes=30))

    for page in (seen(waiting, CODE), send(waiting, mailed_code(world), name_of(world))[1]):
        assert "Aucune adresse n'attend de code." in page
        assert 'name="code"' not in page


def test_a_form_sent_twice_leads_back_too(world: World, waiting: Visitor) -> None:
    typed = {"code": mailed_code(world), "vu": name_of(world)}

    assert [waiting.post(CODE, typed).location for _ in range(2)] == [FAMILY, FAMILY]

    world.deliver_patiently()
    assert sorted(mail.to for mail in world.mails()) == [COME, NEW, AIMEE]


def test_addresses_changed_meanwhile_are_shown_before_anything_is_replaced(world: World, waiting: Visitor) -> None:
    before = world.account()
    world.services.accounts.change(before, replace(before, emails=(COME,)))

    status, page = send(waiting, mailed_code(world), name_of(world))

    assert status == 422
    assert "ont été changées entre-temps par quelqu'un d'autre" in page
    assert f"Remplacer {COME}" in page


def test_where_a_mailed_password_ended_it_is_said_and_one_stays_inside(world: World, visitor: Visitor) -> None:
    world.settle(household=HOUSEHOLD, emails=(AIMEE, COME), origin="mailed")
    visitor.log_in()
    visitor.post(PAGE, form(visitor))
    world.deliver()

    waiting = visitor.post(CODE, {"code": mailed_code(world), "vu": name_of(world)})

    assert waiting.location == FAMILY
    for path in (FAMILY, "/extranet/compte"):
        assert "il n'ouvre plus rien" in seen(visitor, path)
    assert visitor.get("/extranet/compte/mot-de-passe").status_code == 200
    assert visitor.log_in(password=PASSWORD).status_code == 401
