"""« Rien ne change »: all kept answers on one page, questions for the missing ones only, and a receipt once sent."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.dossiers.documents import ProvidedDocument
from chalicelib.domain.enrolment.answers import CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import PupilFile
from tests.support.answers import WHOLE
from tests.support.enrolment import (
    ANSWERED,
    EVE_KEY,
    FOYER,
    HOUSEHOLD,
    LEAVES,
    LEO_KEY,
    PROMISED,
    SAVED,
    ZELIE,
    ZELIE_KEY,
    answer_all,
    enrolment,
    open_season,
)
from tests.support.enrolment_flows import keep
from tests.support.enrolment_pages import page_html, post, version_of_page, wait_for_the_end, words_of_page
from tests.support.french import plain, slips
from tests.support.households import change_household
from tests.support.unchanged import PAGE, answered, hidden_fields, sent_last_year
from tests.support.world import Visitor, World

STEPS = "/extranet/compte/reinscription"
HOME = "/extranet/compte"
LINK = f'href="{PAGE}"'


@pytest.fixture
def again(world: World, visitor: Visitor) -> Visitor:
    """Log in a family that sent its re-enrolment last year too."""
    open_season(world)
    sent_last_year(world)
    visitor.log_in()
    return visitor


def test_the_button_of_home_leads_there_and_one_answer_to_the_receipt(world: World, again: Visitor) -> None:
    assert LINK in page_html(again, HOME)
    assert "Toute la réinscription et vos reçus" in page_html(again, HOME), "those of last year"
    assert LINK in page_html(again, STEPS)
    form = answered(again)
    world.aws.calls.clear()

    answer = again.post(PAGE, form)

    [receipt] = enrolment(world).receipts
    assert (answer.status_code, answer.location) == (303, f"{STEPS}/recus/{receipt.number}")
    assert len(receipt.pupils) == 3
    assert LINK not in page_html(again, HOME)


def test_all_that_is_sent_is_there_as_text_with_a_link_beside_each_part(world: World, again: Visitor) -> None:
    page = page_html(again, PAGE)

    words = words_of_page(page)
    for part in (
        "Réinscription 2027-2028, à faire jusqu'au 15 juin 2027 inclus.",
        "Zélie Rossignol Se réinscrit, avec les mêmes cours. Hautbois, Cycle 1, Mme Saule, mercredi 14 h 30 - 15 h 15",
        "06 99 00 10 01",
        "3 allée des Tilleuls",
        "Payeur Mme Rossignol En cas d'urgence M. Merle, 06 99 00 00 01",
        "Certificat médical pour la danse (Léo Rossignol) : à apporter sur papier",
        "Après cet envoi, vous pourrez encore l'envoyer ici, en photo ou en PDF, jusqu'au 15 juin 2027 inclus.",
        "Mes coordonnées sont exactes. J'accepte le règlement intérieur du conservatoire",
    ):
        assert part in words
    for path in (
        *(f"{STEPS}/eleves/{key}" for key in (ZELIE_KEY, LEO_KEY, EVE_KEY)),
        f"{STEPS}/foyer",
        f"{HOME}/famille",
    ):
        assert f'href="{path}"' in page
    assert slips(words) == []
    keep(world, enrolment(world).with_household(replace(WHOLE, pickup_persons="Mme Houx, voisine"), SAVED))
    assert "Mme Houx, voisine" in page_html(again, PAGE)


def test_nothing_is_asked_but_the_tick_and_who_where_the_network_asks_nothing_new(again: Visitor) -> None:
    page = page_html(again, PAGE).partition("<main")[2]

    assert 'type="text"' not in page
    assert 'type="tel"' not in page
    assert set(answered(again)) == {
        "jeton",
        "vu",
        "accord",
        "par",
        *(f"envoyer-{key}" for key in HOUSEHOLD.pupils_by_key),
    }
    again.post(PAGE, {"par": "2"})
    page = page_html(again, PAGE)
    assert "Vous êtes M. Côme Rossignol. Ce n'est pas vous ?" in page
    assert 'id="par-2" name="par" value="2" checked' in page


def test_what_lacks_is_asked_pupil_by_pupil_and_once_for_the_household(world: World, visitor: Visitor) -> None:
    open_season(world)
    visitor.log_in()

    page = page_html(visitor, PAGE)

    for name in ("payeur", "urgence_nom", "urgence_telephone"):
        assert f'name="{name}"' in page
    assert 'name="personnes_autorisees"' not in page, "what may be left out is asked in its step"
    for key in HOUSEHOLD.pupils_by_key:
        assert page.count(f'name="image-{key}"') == 2
    assert "sur la page de l'élève jusqu'au 15 juin 2027 inclus" in page
    assert visitor.post(PAGE, answered(visitor)).status_code == 303
    [receipt] = enrolment(world).receipts
    assert (receipt.household.payer, receipt.household.emergency_telephone) == ("Mme Houx", "06 99 00 10 03")
    assert {answers.image_rights for _, _, answers in receipt.pupils} == {False}


def test_what_is_refused_keeps_what_was_answered_and_names_each_field(world: World, visitor: Visitor) -> None:
    open_season(world)
    visitor.log_in()
    form = answered(visitor)
    entry = {name: value for name, value in form.items() if name not in {"accord", "par", f"image-{LEO_KEY}", "payeur"}}

    answer = visitor.post(PAGE, entry | {"urgence_nom": "Mme Houx"})

    page = html.unescape(answer.text)
    assert answer.status_code == 422
    for name in ("accord", "par", f"image-{LEO_KEY}", "payeur"):
        assert f'href="#{name}"' in page
    assert "Léo Rossignol : répondez par oui ou par non" in plain(page)
    assert 'value="Mme Houx"' in page
    assert f'id="image-{ZELIE_KEY}-non" name="image-{ZELIE_KEY}" value="non" checked' in page
    assert enrolment(world).started_at is None
    for wrong in ({"urgence_telephone": "12"}, {"payeur": "é" * 101}):
        assert visitor.post(PAGE, form | wrong).status_code == 422
    assert enrolment(world).started_at is None


def compared(page: str) -> str:
    """Read the text of the section that compares two answers."""
    return words_of_page("<section" + page.partition('<section class="conflict"')[2].partition("</section>")[0])


@pytest.mark.parametrize("keeps", ["mes-reponses", "autres"])
@pytest.mark.parametrize("is_sent", [True, False])
def test_one_button_keeps_either_one_s_answer(world: World, visitor: Visitor, keeps: str, *, is_sent: bool) -> None:
    open_season(world)
    visitor.log_in()
    form = answered(visitor) | {"urgence_nom": "Mme Houx", f"image-{ZELIE_KEY}": "oui"}
    world.wait(timedelta(minutes=2))
    other = {"par": "2", "urgence_nom": "M. Orme"}
    if is_sent:
        visitor.post(PAGE, form | other | {f"image-{ZELIE_KEY}": "non"})
    else:
        step = version_of_page(visitor, f"{STEPS}/foyer")
        visitor.post(f"{STEPS}/foyer", FOYER | other | {"payeur": "Mme Houx", "vu": step, "plus_tard": "oui"})

    page = html.unescape(visitor.post(PAGE, form).text)

    assert "M. Côme Rossignol a enregistré d'autres réponses le 2 juin 2027 à 20 h 02" in words_of_page(page)
    telephone = "06 99 00 10 03" if is_sent else "06 99 00 10 02"
    both = f"En cas d'urgence Vous : Mme Houx, 06 99 00 10 03 M. Côme Rossignol : M. Orme, {telephone}"
    assert both in compared(page)
    assert ("Droit à l'image, Zélie Rossignol Vous : oui M. Côme Rossignol : non" in compared(page)) is is_sent
    assert "Garder mes réponses Garder celles de M. Côme Rossignol" in compared(page)
    assert "rien à envoyer" not in page
    assert "puis envoyez-les" not in page
    assert len(enrolment(world).receipts) == is_sent

    chosen = hidden_fields(page) | {"garder": keeps, "par": "1"}
    answers = [visitor.post(PAGE, chosen), visitor.post(PAGE, chosen)]

    stands = enrolment(world)
    assert answers[1].status_code == 200, "sent twice, it finds its receipt"
    assert stands.receipts[-1].number in answers[1].text
    mine = keeps == "mes-reponses"
    assert answers[0].status_code == (200 if is_sent and not mine else 303)
    assert len(stands.receipts) == (2 if is_sent and mine else 1)
    assert stands.sent_household == stands.household
    assert stands.household.emergency_name == ("Mme Houx" if mine else "M. Orme")
    sent = stands.pupil(ZELIE_KEY)
    assert sent is not None
    assert sent.state == "submitted"
    assert sent.answers == PupilAnswers(
        stays=True,
        wishes=(CourseWish("Hautbois", "keep"), CourseWish("Formation musicale", "keep")),
        image_rights=mine or not is_sent,
    )


@pytest.mark.parametrize(
    ("by", "says", "rows"),
    [
        (
            "2",
            "M. Côme Rossignol a enregistré d'autres réponses",
            "Réinscription, Zélie Rossignol Vous : se réinscrit M. Côme Rossignol : ne se réinscrit pas",
        ),
        (
            "1",
            "vous avez enregistré d'autres réponses le 2 juin 2027 à 20 h 00, sur une autre page",
            "Réinscription, Zélie Rossignol Ici : se réinscrit Le 2 juin 2027 à 20 h 00 : ne se réinscrit pas",
        ),
    ],
    ids=["another guardian", "one's own old page"],
)
def test_two_answers_for_a_pupil_are_shown_at_once(world: World, again: Visitor, by: str, says: str, rows: str) -> None:
    form = answered(again)
    assert post(again, f"{STEPS}/eleves/{ZELIE_KEY}", LEAVES | {"par": by})[0] == 303
    if by == "2":
        again.post(PAGE, answered(again) | {"par": by})

    page = html.unescape(again.post(PAGE, form | {"par": "1"}).text)

    assert says in words_of_page(page)
    assert rows in compared(page)
    assert ("Mme Aimée Rossignol :" in compared(page)) is False
    assert again.post(PAGE, hidden_fields(page) | {"garder": "mes-reponses", "par": "1"}).status_code == 303
    sent = enrolment(world).pupil(ZELIE_KEY)
    assert sent
    assert sent.sent
    assert sent.sent.answers.stays


def test_what_lacks_in_both_answers_is_asked_beside_them(world: World, visitor: Visitor) -> None:
    open_season(world)
    visitor.log_in()
    form = {name: text for name, text in answered(visitor).items() if name not in {"accord", "par", "payeur"}}
    keep(world, enrolment(world).with_household(HouseholdAnswers(emergency_name="M. Orme"), SAVED))

    page = html.unescape(visitor.post(PAGE, form).text)

    assert {'name="accord"', 'name="par"', 'name="payeur"'} <= set(re.findall(r'name="[^"]+"', page))
    fields = hidden_fields(page) | {"garder": "mes-reponses"}
    answer = visitor.post(PAGE, fields)
    assert answer.status_code == 422
    assert compared(html.unescape(answer.text))
    assert visitor.post(PAGE, fields | {"accord": "oui", "par": "1", "payeur": "Mme Houx"}).status_code == 303
    assert enrolment(world).receipts[0].household.emergency_name == "Mme Houx"


def test_a_pupil_that_stands_otherwise_is_shown_so(world: World, again: Visitor) -> None:
    draft = PupilFile(LEO_KEY, "Léo Rossignol", PupilAnswers(), SAVED)
    answer_all(
        world,
        pupils=(ANSWERED[2], draft),
        household=HouseholdAnswers(),
        household_saved=None,
        provided=(ProvidedDocument("quotient-familial", "foyer", SAVED, "documents/x"), PROMISED[0]),
    )

    words = words_of_page(page_html(again, PAGE))

    assert "Zélie Rossignol Se réinscrit, avec les mêmes cours." in words
    assert "Ève Rossignol Ne se réinscrit pas (motif : Déménagement)." in words
    assert "Léo Rossignol Il manque une réponse : ne part pas avec cet envoi. Compléter pour Léo Rossignol" in words
    assert "quotient familial : envoyée" in words
    assert "à apporter sur papier" not in words


def test_a_pupil_without_courses_is_sent_and_one_thing_changed_leads_back(world: World, again: Visitor) -> None:
    change_household(world, pupils=(replace(ZELIE, courses=()),))
    assert "Se réinscrit." in page_html(again, PAGE)
    step = f"{STEPS}/eleves/{ZELIE_KEY}"

    page = again.get(step, headers={"Referer": f"http://127.0.0.1:8000{PAGE}"}).text
    vu = page.partition('name="vu" value="')[2].partition('"')[0]
    form = {"choix": "oui", "remarque": "Plutôt le lundi.", "par": "1", "image": "non", "vu": vu}
    assert 'name="retour" value="rien-ne-change"' in page
    answer = again.post(step, {**form, "choix": "", "retour": "rien-ne-change"})
    assert 'name="retour" value="rien-ne-change"' in answer.text
    back = again.post(step, form | {"retour": "rien-ne-change"})

    assert (back.status_code, back.location) == (303, PAGE)
    assert "Plutôt le lundi." in page_html(again, PAGE)
    assert 'name="retour"' not in again.get(step).text, "the long way stays as it is"
    assert again.post(PAGE, answered(again)).status_code == 303
    assert enrolment(world).receipts[0].pupils[0][2].remark == "Plutôt le lundi."


def test_outside_the_period_it_is_told_and_what_was_answered_is_shown(world: World, visitor: Visitor) -> None:
    open_season(world)
    visitor.log_in()
    form = answered(visitor)
    wait_for_the_end(world, visitor)

    answer = visitor.post(PAGE, form)

    words = words_of_page(html.unescape(answer.text))
    assert answer.status_code == 422
    assert "rien de nouveau n'a été enregistré" in words
    assert "Payeur Mme Houx" in words
    assert "Envoyer la réinscription" not in words
    assert visitor.get(PAGE).status_code == 200
    assert LINK not in page_html(visitor, HOME)
    assert enrolment(world).started_at is None


def test_where_nothing_is_left_to_send_the_page_says_so(world: World, again: Visitor) -> None:
    again.post(PAGE, answered(again))

    words = words_of_page(page_html(again, PAGE))
    assert (
        "Vos réponses sont envoyées : il n'y a rien à envoyer d'ici. Voir toute la réinscription et vos reçus" in words
    )
    change_household(world, pupils=())
    assert "il n'y a rien à envoyer d'ici." in words_of_page(page_html(again, PAGE))
