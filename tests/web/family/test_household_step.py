"""The page « Mon foyer »: stored data as text, typed values shown again, refusals beside their fields."""

import html
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import HouseholdAnswers
from chalicelib.domain.family.corrections import Actor
from tests.support.answers import WHOLE
from tests.support.enrolment import FOYER, REF, SAVED, ZELIE_KEY, enrolment, next_season, open_season
from tests.support.enrolment_pages import (
    error_beside,
    page_html,
    post,
    version_in,
    version_of_page,
    wait_for_the_end,
    words_of_page,
)
from tests.support.households import change_household
from tests.support.receipts import send_enrolment
from tests.support.world import Visitor, World

PAGE = "/extranet/compte/reinscription/foyer"


def send(visitor: Visitor, **more: str) -> tuple[int, str]:
    return post(visitor, PAGE, FOYER | more)


def test_what_is_on_file_is_text_and_is_corrected_elsewhere(inside: Visitor) -> None:
    page = page_html(inside, PAGE)

    for words in ("Mme Aimée Rossignol", "come@example.org", "06 99 00 10 01", "3 allée des Tilleuls", "91000 Evry"):
        assert words in page
    assert 'href="/extranet/compte/famille"' in page


def test_the_answers_are_saved_and_come_back(world: World, inside: Visitor) -> None:
    status, _ = send(inside, urgence_telephone="+33 6 99 00 10 02", urgence_nom="  M.\u00a0 Merle ")

    assert status == 303
    household = enrolment(world).household
    assert (household.emergency_name, household.emergency_telephone) == ("M. Merle", "06 99 00 10 02")
    assert (household.coordinates_exact, household.rules_accepted) == (True, True)
    page = page_html(inside, PAGE)
    assert 'name="image"' not in page
    assert 'value="06 99 00 10 02"' in page


@pytest.mark.parametrize(
    ("fields", "refusals"),
    [
        (
            {"coordonnees": "", "reglement": ""},
            {"coordonnees": "Cochez que vos coordonnées", "reglement": "acceptez le règlement"},
        ),
        ({"urgence_telephone": "0699001002 " * 3}, {"urgence_telephone": "n'est pas complet"}),
        ({"urgence_telephone": "0699001002, 0699001003, 0699001004"}, {"urgence_telephone": "un ou deux numéros"}),
    ],
)
def test_each_refusal_is_beside_its_field_and_the_form_shown_again_with_all_that_was_typed_can_be_sent(
    world: World, inside: Visitor, fields: dict[str, str], refusals: dict[str, str]
) -> None:
    status, page = send(inside, personnes_autorisees="Mme Geai", **fields)

    assert status == 422
    for field, sentence in refusals.items():
        assert sentence in error_beside(page, field)
        assert f'href="#{field}"' in page
    assert [value_of(page, field) for field in ("urgence_nom", "personnes_autorisees")] == ["M. Merle", "Mme Geai"]
    assert "rien n'a été enregistré" in page
    assert enrolment(world).household == HouseholdAnswers()
    assert inside.post(PAGE, FOYER | {"vu": version_in(page)}).status_code == 303


def test_who_may_fetch_the_pupils_may_be_said_on_one_line_or_left_out(world: World, inside: Visitor) -> None:
    page = page_html(inside, PAGE)
    assert "Personnes autorisées à venir chercher l'élève</label>" in page
    assert "Facultatif : prénom et nom de chacune, séparés par des virgules. 120 caractères au plus." in page
    assert send(inside)[0] == 303
    assert enrolment(world).household.pickup_persons == ""

    status, _ = send(inside, personnes_autorisees=" Aimé Pinson,\r\nMme  Geai ")

    assert status == 303
    assert enrolment(world).household.pickup_persons == "Aimé Pinson, Mme Geai"
    assert value_of(page_html(inside, PAGE), "personnes_autorisees") == "Aimé Pinson, Mme Geai"
    assert send(inside, personnes_autorisees="")[0] == 303
    assert enrolment(world).household.pickup_persons == ""


def test_finishing_later_keeps_what_is_there_and_empties_nothing_complete(world: World, inside: Visitor) -> None:
    assert send(inside, urgence_nom="", plus_tard="oui")[0] == 303
    assert enrolment(world).household.payer == "Mme Aimée Rossignol"
    assert send(inside)[0] == 303
    before = enrolment(world)

    status, page = send(inside, urgence_telephone="", payeur="M. Loriot", plus_tard="oui")

    assert status == 422
    assert "déjà enregistrées sont complètes" in page
    assert "Indiquez le téléphone" in page.partition('id="urgence_telephone-erreur"')[2].partition("</div>")[0]
    assert 'value="M. Loriot"' in page
    assert enrolment(world) == before
    assert send(inside, payeur="M. Loriot", plus_tard="oui")[0] == 303
    assert enrolment(world).household.payer == "M. Loriot"


def test_past_the_last_second_it_is_refused_kindly_and_what_was_saved_is_kept(world: World, inside: Visitor) -> None:
    send(inside)
    shown = version_of_page(inside, PAGE)
    wait_for_the_end(world, inside)

    for wrong in ({}, {"urgence_telephone": "le soir"}, {"urgence_nom": "a" * 101}, {"par": ""}):
        answer = inside.post(PAGE, FOYER | {"vu": shown, "payeur": "M. Côme Rossignol"} | wrong)

        page = html.unescape(answer.text)
        assert answer.status_code == 422
        assert "n'est pas ouverte en ce moment" in page
        assert "Ce que vous aviez enregistré est conservé" in page
        assert [part in page for part in ("À corriger", '<form class="card"')] == [False, False]
        recorded, _, typed = page.partition("qui n'est pas enregistré")
        assert "M. Côme Rossignol" in typed.partition("</section>")[0]
        assert "Mme Aimée Rossignol" in recorded.rpartition("Ce qui est enregistré")[2]
    assert enrolment(world).household.payer == "Mme Aimée Rossignol"


def value_of(page: str, field: str) -> str:
    return page.partition(f'<input id="{field}"')[2].partition('value="')[2].partition('"')[0]


def test_nobody_pays_until_somebody_says_so(world: World, inside: Visitor) -> None:
    assert value_of(page_html(inside, PAGE), "payeur") == ""

    status, page = send(inside, payeur="")

    assert (status, value_of(page, "payeur")) == (422, "")
    assert "Indiquez qui paie les droits d'inscription." in page
    change_household(world, payer="M. Houx")
    world.database.write_together(world.services.enrolments.delete(REF))
    assert value_of(page_html(inside, PAGE), "payeur") == "M. Houx"


def test_a_new_season_proposes_what_was_last_sent_and_takes_it_for_no_answer(world: World, visitor: Visitor) -> None:
    open_season(world)
    send_enrolment(world, household=replace(WHOLE, pickup_persons="Mme Geai"))
    stored = enrolment(world)
    draft = replace(WHOLE, payer="M. Houx", emergency_name="Mme Houx")
    world.services.enrolments.change(stored, stored.with_household(draft, SavedBy("M. Côme Rossignol", world.now)))
    next_season(world)
    visitor.log_in()

    page = page_html(visitor, PAGE)

    fields = ("payeur", "urgence_nom", "urgence_telephone")
    assert [value_of(page, each) for each in fields] == ["Mme Rossignol", "M. Merle", "06 99 00 00 01"]
    assert "L'an dernier : Mme Rossignol." in page
    assert "L'an dernier : M. Merle, 06 99 00 00 01." in page
    assert value_of(page, "personnes_autorisees") == "Mme Geai"
    assert "120 caractères au plus. L'an dernier : Mme Geai." in page
    assert " checked" not in page
    assert "Houx" not in page
    assert "Mon foyer à faire" in words_of_page(page_html(visitor, "/extranet/compte/reinscription"))
    assert "Payeur pas encore indiqué En cas d'urgence pas encore indiqué" in words_of_page(
        page_html(visitor, "/extranet/compte/reinscription/recapitulatif")
    )
    status, page = send(visitor, payeur="", urgence_nom="")
    assert status == 422
    assert [value_of(page, each) for each in fields[:2]] == ["", ""]
    assert "L'an dernier : Mme Rossignol." in page


@pytest.mark.parametrize(
    ("delay", "payer", "sentence"),
    [
        (timedelta(days=-1), "Mme Rossignol", "À votre dossier : M. Houx."),
        (timedelta(days=90), "M. Houx", "L'an dernier : Mme Rossignol."),
    ],
    ids=["before the sending", "since then"],
)
def test_who_paid_last_year_is_proposed_unless_corrected_on_file_since_then(
    world: World, visitor: Visitor, delay: timedelta, payer: str, sentence: str
) -> None:
    open_season(world)
    if delay < timedelta():
        change_household(world, Actor("family", "Mme Rossignol"), SAVED.at + delay, payer="M. Houx")
    send_enrolment(world)
    if delay > timedelta():
        change_household(world, Actor("family", "Mme Rossignol"), SAVED.at + delay, payer="M. Houx")
    next_season(world)
    visitor.log_in()

    page = page_html(visitor, PAGE)
    assert value_of(page, "payeur") == payer
    assert sentence in page


def test_another_guardian_s_words_stand_beside_one_s_own_and_a_button_keeps_one(world: World, inside: Visitor) -> None:
    shown = version_of_page(inside, PAGE)
    send(inside, payeur="M. Houx", par="2")

    answer = inside.post(PAGE, FOYER | {"payeur": "Mme Houx", "personnes_autorisees": "Mme Geai", "vu": shown})

    page = html.unescape(answer.text)
    compared = words_of_page("<section" + page.partition('<section class="conflict"')[2].partition("</section>")[0])
    assert answer.status_code == 422
    assert "a été enregistrée le 2 juin 2027 à 20 h 00 par M. Côme Rossignol" in page
    assert "Vos réponses et celles de M. Côme Rossignol" in compared
    assert "Payeur Vous : Mme Houx M. Côme Rossignol : M. Houx" in compared
    assert "l'élève Vous : Mme Geai M. Côme Rossignol : pas indiqué" in compared
    assert "Règlement" not in compared
    assert ">Garder mes réponses</button>" in page
    assert f'href="/extranet/compte/reinscription/eleves/{ZELIE_KEY}">Garder celles de' in page
    assert inside.post(PAGE, FOYER | {"payeur": "Mme Houx", "vu": version_in(page)}).status_code == 303
    assert enrolment(world).household.payer == "Mme Houx"


def test_one_s_own_old_page_is_not_taken_for_another_guardian_s(inside: Visitor) -> None:
    version = version_of_page(inside, PAGE)
    send(inside, payeur="M. Houx")

    page = html.unescape(inside.post(PAGE, FOYER | {"payeur": "Mme Houx", "vu": version}).text)

    words = words_of_page(page)
    assert "Vous avez déjà enregistré cette étape le 2 juin 2027 à 20 h 00, sur une autre page." in words
    assert "Payeur Ici : Mme Houx Le 2 juin 2027 à 20 h 00 : M. Houx" in words
    assert "Garder les réponses de cette page Garder celles qui sont enregistrées" in words
    assert "réponses et celles de" not in words
