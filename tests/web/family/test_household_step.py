"""The page « Mon foyer »: stored data as text, typed values shown again, refusals beside their fields."""

import html
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.account.coordinates import record_corrections
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import HouseholdAnswers
from chalicelib.domain.family.corrections import Actor
from tests.support.answers import WHOLE
from tests.support.enrolment import FOYER, LAST_SECOND, REF, SAVED, ZELIE_KEY, enrolment, next_season, open_season
from tests.support.enrolment_pages import page_html, version_of_page, words_of_page
from tests.support.receipts import send_enrolment
from tests.support.world import Visitor, World

PAGE = "/extranet/compte/reinscription/foyer"


@pytest.fixture
def inside(world: World, visitor: Visitor) -> Visitor:
    open_season(world)
    visitor.log_in()
    return visitor


def send(visitor: Visitor, **more: str) -> tuple[int, str]:
    answer = visitor.post(PAGE, FOYER | {"vu": version_of_page(visitor, PAGE)} | more)
    return answer.status_code, html.unescape(answer.text)


def test_what_is_on_file_is_text_and_is_corrected_elsewhere(inside: Visitor) -> None:
    page = page_html(inside, PAGE)

    for words in ("Mme Aimée Rossignol", "come@example.org", "06 99 00 10 01", "3 allée des Tilleuls", "91000 Evry"):
        assert words in page
    assert 'href="/extranet/compte/famille"' in page


def test_the_answers_are_saved_and_come_back(world: World, inside: Visitor) -> None:
    status, _ = send(inside, urgence_telephone="+33 6 99 00 10 02", urgence_nom="  M.\u00a0 Merle ")

    assert status == 303
    saved = enrolment(world).household
    assert (saved.emergency_name, saved.emergency_telephone) == ("M. Merle", "06 99 00 10 02")
    assert (saved.coordinates_exact, saved.rules_accepted) == (True, True)
    page = page_html(inside, PAGE)
    assert 'name="image"' not in page
    assert 'value="06 99 00 10 02"' in page


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ({"coordonnees": ""}, ("coordonnees", "Cochez que vos coordonnées")),
        ({"reglement": ""}, ("reglement", "acceptez le règlement")),
        ({"urgence_telephone": "le soir"}, ("urgence_telephone", "n'est pas complet")),
        ({"urgence_telephone": "0699001002 " * 3}, ("urgence_telephone", "n'est pas complet")),
        ({"urgence_telephone": "06 99 00 10 02 / " * 3 + "0699001003"}, ("urgence_telephone", "au plus 60")),
        ({"urgence_telephone": "0699001002, 0699001003, 0699001004"}, ("urgence_telephone", "un ou deux numéros")),
        ({"urgence_nom": "a" * 101}, ("urgence_nom", "au plus 100 caractères")),
        ({"payeur": "b" * 101}, ("payeur", "au plus 100 caractères")),
    ],
)
def test_each_refusal_is_beside_its_field_and_nothing_typed_is_lost(
    world: World, inside: Visitor, typed: dict[str, str], refused: tuple[str, str]
) -> None:
    field, sentence = refused

    status, page = send(inside, **typed)

    assert status == 422
    error = page.partition(f'id="{field}-erreur"')[2].partition("</div>")[0]
    assert sentence in error
    assert f'href="#{field}"' in page
    assert html.escape(typed.get("urgence_nom", "M. Merle")) in html.escape(page)
    assert "rien n'a été enregistré" in page
    assert enrolment(world).household == HouseholdAnswers()


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


def test_who_may_fetch_the_pupils_is_refused_when_too_long_and_shown_again_with_the_rest(
    world: World, inside: Visitor
) -> None:
    status, page = send(inside, personnes_autorisees="é" * 121)

    assert status == 422
    error = page.partition('id="personnes_autorisees-erreur"')[2].partition("</div>")[0]
    assert "il faut au plus 120 caractères" in error
    assert [value_of(page, field) for field in ("personnes_autorisees", "urgence_nom")] == ["é" * 121, "M. Merle"]
    status, page = send(inside, personnes_autorisees="Mme Geai", payeur="")
    assert (status, value_of(page, "personnes_autorisees")) == (422, "Mme Geai")
    assert enrolment(world).household == HouseholdAnswers()


def test_a_new_season_proposes_who_might_fetch_the_pupils(world: World, visitor: Visitor) -> None:
    open_season(world)
    send_enrolment(world, household=replace(WHOLE, pickup_persons="Mme Geai"))
    next_season(world)
    visitor.log_in()

    page = page_html(visitor, PAGE)

    assert value_of(page, "personnes_autorisees") == "Mme Geai"
    assert "120 caractères au plus. L'an dernier : Mme Geai." in page


def test_a_refused_form_leaves_what_was_complete_as_it_was(world: World, inside: Visitor) -> None:
    send(inside)
    before = enrolment(world)

    status, page = send(inside, urgence_telephone="", payeur="M. Loriot")

    assert status == 422
    assert enrolment(world) == before
    assert 'value="M. Loriot"' in page


def test_finishing_later_keeps_what_is_there_but_empties_nothing_that_was_complete(
    world: World, inside: Visitor
) -> None:
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


def test_the_form_shown_again_can_be_sent(world: World, inside: Visitor) -> None:
    _, page = send(inside, urgence_nom="")
    again = page.partition('name="vu" value="')[2].partition('"')[0]

    answer = inside.post(PAGE, FOYER | {"vu": again})

    assert answer.status_code == 303
    assert enrolment(world).household.emergency_name == "M. Merle"


def test_what_another_guardian_saved_meanwhile_is_said_and_not_written_over(world: World, inside: Visitor) -> None:
    before = version_of_page(inside, PAGE)
    stored = enrolment(world)
    world.services.enrolments.change(stored, stored.with_household(WHOLE, SavedBy("M. Côme Rossignol", world.now)))

    answer = inside.post(PAGE, FOYER | {"vu": before, "urgence_nom": "Mme Merle"})

    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert "a été enregistrée le 2 juin 2027 à 20 h 00 par M. Côme Rossignol" in page
    assert "Mme Merle" in page
    assert enrolment(world).household == WHOLE
    again = page.partition('name="vu" value="')[2].partition('"')[0]
    assert inside.post(PAGE, FOYER | {"vu": again, "urgence_nom": "Mme Merle"}).status_code == 303


def test_past_the_last_second_it_is_refused_kindly_and_what_was_saved_is_kept(world: World, inside: Visitor) -> None:
    send(inside)
    shown = version_of_page(inside, PAGE)
    world.wait(LAST_SECOND - world.now)
    inside.log_in()
    world.wait(timedelta(seconds=1))

    answer = inside.post(PAGE, FOYER | {"vu": shown, "payeur": "M. Côme Rossignol"})

    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert "Ce que vous aviez enregistré est conservé" in page
    assert '<form class="card"' not in page
    recorded, _, typed = page.partition("qui n'est pas enregistré")
    assert "M. Côme Rossignol" in typed.partition("</section>")[0]
    assert "Mme Aimée Rossignol" in recorded.rpartition("Ce qui est enregistré")[2]
    assert enrolment(world).household.payer == "Mme Aimée Rossignol"


def test_past_the_last_second_it_is_the_closing_that_is_told_whatever_was_typed(world: World, inside: Visitor) -> None:
    shown = version_of_page(inside, PAGE)
    world.wait(LAST_SECOND - world.now)
    inside.log_in()
    world.wait(timedelta(seconds=1))

    for typed in ({"urgence_telephone": "le soir"}, {"payeur": "a" * 101}, {"urgence_nom": ""}, {"par": ""}):
        page = html.unescape(inside.post(PAGE, FOYER | {"vu": shown} | typed).text)
        assert "n'est pas ouverte en ce moment" in page
        assert "À corriger" not in page


def test_a_post_from_elsewhere_changes_nothing(world: World, inside: Visitor) -> None:
    answer = inside.post(PAGE, FOYER, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert enrolment(world).ref == REF
    assert enrolment(world).started_at is None


def value_of(page: str, field: str) -> str:
    return page.partition(f'<input id="{field}"')[2].partition('value="')[2].partition('"')[0]


def test_nobody_pays_until_somebody_says_so(world: World, inside: Visitor) -> None:
    assert value_of(page_html(inside, PAGE), "payeur") == ""

    status, page = send(inside, payeur="")

    assert (status, value_of(page, "payeur")) == (422, "")
    assert "Indiquez qui paie les droits d'inscription." in page
    account = world.account()
    world.services.accounts.change(account, replace(account, household=replace(account.household, payer="M. Houx")))
    world.database.write_together(world.services.enrolments.delete(REF))
    assert value_of(page_html(inside, PAGE), "payeur") == "M. Houx"


def test_a_new_season_proposes_what_was_last_sent_and_takes_none_of_it_for_an_answer(
    world: World, visitor: Visitor
) -> None:
    open_season(world)
    send_enrolment(world)
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
    assert " checked" not in page
    assert "Houx" not in page
    overview = words_of_page(page_html(visitor, "/extranet/compte/reinscription"))
    assert "Mon foyer à faire" in overview
    assert "Payeur pas encore indiqué En cas d'urgence pas encore indiqué" in words_of_page(
        page_html(visitor, "/extranet/compte/reinscription/recapitulatif")
    )
    status, page = send(visitor, payeur="", urgence_nom="")
    assert status == 422
    assert [value_of(page, each) for each in fields[:2]] == ["", ""]
    assert "L'an dernier : Mme Rossignol." in page


def on_file(world: World, payer: str, at: datetime) -> None:
    """Correct the payer on the family's file, as « Famille » does."""
    account = world.account()
    after = replace(account, household=replace(account.household, payer=payer))
    world.services.accounts.change(account, record_corrections(account, after, Actor("family", "Mme Rossignol"), at))


def test_who_paid_last_year_is_proposed_before_who_stood_on_file_then(world: World, visitor: Visitor) -> None:
    open_season(world)
    on_file(world, "M. Houx", SAVED.at - timedelta(days=1))
    send_enrolment(world)
    next_season(world)
    visitor.log_in()

    page = page_html(visitor, PAGE)

    assert value_of(page, "payeur") == "Mme Rossignol"
    assert "À votre dossier : M. Houx." in page


def test_a_payer_corrected_in_famille_after_the_sending_is_told_beside_the_one_that_was_sent(
    world: World, inside: Visitor
) -> None:
    send(inside)
    assert "À votre dossier :" not in page_html(inside, PAGE)

    on_file(world, "M. Houx", world.now)

    page = page_html(inside, PAGE)
    assert value_of(page, "payeur") == "Mme Aimée Rossignol"
    assert "À votre dossier : M. Houx." in page


def test_who_pays_was_corrected_on_file_since_last_year_and_is_proposed(world: World, visitor: Visitor) -> None:
    open_season(world)
    send_enrolment(world)
    on_file(world, "M. Houx", SAVED.at + timedelta(days=90))
    next_season(world)
    visitor.log_in()

    page = page_html(visitor, PAGE)

    assert value_of(page, "payeur") == "M. Houx"
    assert "L'an dernier : Mme Rossignol." in page


def test_what_another_guardian_saved_stands_beside_one_s_own_and_either_is_kept_by_one_button(
    world: World, inside: Visitor
) -> None:
    shown = version_of_page(inside, PAGE)
    send(inside, payeur="M. Houx", par="2")

    answer = inside.post(PAGE, FOYER | {"payeur": "Mme Houx", "personnes_autorisees": "Mme Geai", "vu": shown})

    page = html.unescape(answer.text)
    compared = words_of_page("<section" + page.partition('<section class="conflict"')[2].partition("</section>")[0])
    assert answer.status_code == 422
    assert "Vos réponses et celles de M. Côme Rossignol" in compared
    assert "Payeur Vous : Mme Houx M. Côme Rossignol : M. Houx" in compared
    assert "l'élève Vous : Mme Geai M. Côme Rossignol : pas indiqué" in compared
    assert "Règlement" not in compared
    assert ">Garder mes réponses</button>" in page
    assert f'href="/extranet/compte/reinscription/eleves/{ZELIE_KEY}">Garder celles de' in page
    again = page.partition('name="vu" value="')[2].partition('"')[0]
    assert inside.post(PAGE, FOYER | {"payeur": "Mme Houx", "vu": again}).status_code == 303
    assert enrolment(world).household.payer == "Mme Houx"


def test_one_s_own_old_page_is_not_taken_for_another_guardian_s(inside: Visitor) -> None:
    shown = version_of_page(inside, PAGE)
    send(inside, payeur="M. Houx")

    page = html.unescape(inside.post(PAGE, FOYER | {"payeur": "Mme Houx", "vu": shown}).text)

    words = words_of_page(page)
    assert "Vous avez déjà enregistré cette étape le 2 juin 2027 à 20 h 00, sur une autre page." in words
    assert "Payeur Ici : Mme Houx Le 2 juin 2027 à 20 h 00 : M. Houx" in words
    assert "Garder les réponses de cette page Garder celles qui sont enregistrées" in words
    assert "réponses et celles de" not in words
