"""The page « Adresses e-mail »: its choices, typed values shown again, and never the password."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.coordinates import record_corrections
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.family.households import Guardian, Household
from tests.support.email_change import AIMEE, COME, NEW, mailed_code, name_of
from tests.support.family_pages import CODE, FAMILY, PAGE, form, mark, seen
from tests.support.french import slips
from tests.support.french import visible_text as words
from tests.support.households import HOUSEHOLD, change_account
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


def test_addresses_changed_meanwhile_are_shown_before_anything_is_replaced(world: World, waiting: Visitor) -> None:
    change_account(world, emails=(COME,))

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


@pytest.fixture
def inside(world: World, visitor: Visitor) -> Visitor:
    world.settle(household=HOUSEHOLD, emails=(AIMEE, COME))
    visitor.log_in()
    return visitor


def labels(page: str) -> list[str]:
    return re.findall(r'<label for="action-[^"]+">([^<]+)</label>', page)


def test_what_may_be_done_is_listed_with_whose_each_address_is(world: World, inside: Visitor) -> None:
    page = seen(inside)

    assert labels(page) == [
        f"Remplacer {AIMEE} (Aimée Rossignol)",
        f"Remplacer {COME} (Côme Rossignol)",
        "Ajouter une autre adresse",
        f"Retirer {AIMEE} (Aimée Rossignol)",
        f"Retirer {COME} (Côme Rossignol)",
    ]
    assert f'href="{PAGE}"' in seen(inside, FAMILY)
    guardians = (Guardian("Aimée Rossignol", AIMEE), Guardian("Côme Rossignol", AIMEE))
    world.settle(household=Household(guardians), emails=(AIMEE,))
    inside.log_in()
    assert labels(seen(inside)) == [
        f"Remplacer {AIMEE} (Aimée Rossignol, Côme Rossignol)",
        "Ajouter une adresse pour Aimée Rossignol",
        "Ajouter une adresse pour Côme Rossignol",
    ]


def test_a_new_address_leads_to_the_code_and_is_said_to_wait(inside: Visitor) -> None:
    answer = inside.post(PAGE, form(inside))

    assert (answer.status_code, answer.location) == (303, CODE)
    assert f"L'adresse {NEW} attend le code" in seen(inside, FAMILY)
    page = seen(inside, CODE)
    for part in (f"<strong>{NEW}</strong>", "valable jusqu'à 9 h 30", 'autocomplete="one-time-code"'):
        assert part in page
    assert [slips(words(inside.get(path).text)) for path in (FAMILY, PAGE, CODE)] == [[]] * 3


def test_an_address_taken_away_leads_back_and_is_said(inside: Visitor) -> None:
    answer = inside.post(PAGE, form(inside, action="retirer-2", email=""))

    assert (answer.status_code, answer.location) == (303, FAMILY)
    page = seen(inside, FAMILY)
    assert "Votre modification est enregistrée." in page
    assert f'{AIMEE} <span class="hint">' in page.split("E-mails")[1]


def test_a_refusal_is_told_beside_its_field_and_the_password_does_not_come_back(inside: Visitor) -> None:
    answer = inside.post(PAGE, form(inside, email="nouvelle@", actuel=""))
    page = html.unescape(answer.text)

    assert answer.status_code == 422
    assert "n'est pas complète" in page.split('id="email-erreur"')[1].split("</div>")[0]
    assert "Saisissez votre mot de passe actuel" in page.split('id="actuel-erreur"')[1]
    assert 'value="nouvelle@"' in page
    assert 'value="remplacer-1" checked' in page
    wrong = inside.post(PAGE, form(inside, actuel="Faux1234"))
    assert "Ce n'est pas votre mot de passe actuel" in html.unescape(wrong.text)
    assert "Faux1234" not in wrong.text


def test_slowed_down_says_until_when(inside: Visitor) -> None:
    for number in range(3):
        inside.post(PAGE, form(inside, email=f"n{number}@example.org"))

    answer = inside.post(PAGE, form(inside))

    assert (answer.status_code, "à partir de 9 h 20" in html.unescape(answer.text)) == (429, True)


def test_what_the_office_changed_meanwhile_is_shown_with_when(world: World, inside: Visitor) -> None:
    fields = form(inside)
    before = world.account()
    after = replace(before, emails=(COME,))
    world.services.accounts.change(before, record_corrections(before, after, Actor("office", "Mme Lyre"), world.now))

    answer = inside.post(PAGE, fields)
    page = html.unescape(answer.text)

    assert answer.status_code == 422
    assert "ont été changées le 1er septembre 2026 à 9 h 00 par l'administration" in page
    assert labels(page)[0] == f"Remplacer {COME} (Côme Rossignol)"
    assert inside.post(PAGE, fields | {"vu": mark(page), "action": "remplacer-1"}).status_code == 303
