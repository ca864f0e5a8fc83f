"""A receipt: its sender, its time, the next steps, its PDF and its calendar. For its own family only."""

import re
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from chalicelib.domain.dossiers.documents import DocumentCheck, SavedBy
from chalicelib.domain.enrolment.answers import PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, Verdict
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.enrolment.submissions import sendable, submit
from tests.support.answers import WHOLE
from tests.support.enrolment import EVE_KEY, LAST_SECOND, SAVED, ZELIE_KEY, enrolment, open_season
from tests.support.enrolment_flows import decide, keep
from tests.support.enrolment_pages import page_html, words_of_page, words_of_pdf
from tests.support.french import plain, slips
from tests.support.households import change_account
from tests.support.pdf_tags import heard
from tests.support.receipts import NUMBER, send_enrolment
from tests.support.world import Visitor, World

NEXT_JUNE = EnrolmentPeriod(date(2028, 5, 1), date(2028, 6, 15))
PAGE = f"/extranet/compte/reinscription/recus/{NUMBER}"


@pytest.fixture
def inside(world: World, visitor: Visitor) -> Visitor:
    open_season(world, display_identifier="XEN 1")
    send_enrolment(world)
    visitor.log_in()
    return visitor


def test_it_says_all_that_was_sent(inside: Visitor) -> None:
    page = words_of_page(page_html(inside, PAGE))

    for part in (
        "Numéro R27-K4TN-8WCB Au téléphone, dites R 2 7 - K 4 T N - 8 W C B",
        "Envoyé le 2 juin 2027 à 20 h 00 (heure de Paris) Par Mme Aimée Rossignol",
        "Famille Famille Rossignol Identifiant XEN 1 Site Evry - Xénakis",
        "Zélie Rossignol Se réinscrit. Hautbois : change pour Alto ; jours souhaités, dans l'ordre : mardi, jeudi",
        "(cette année : Cycle 1, mercredi 14 h 30 - 15 h 15) Formation musicale : arrête (cette année : Cycle 1)",
        "Formation musicale : arrête (cette année : Cycle 1) Droit à l'image : non Remarque : Plutôt après 17 h.",
        "Léo Rossignol Se réinscrit. Danse classique : continue (cette année : Éveil) Droit à l'image : non",
        "Ève Rossignol Ne se réinscrit pas (motif : Déménagement).",
        "Payeur Mme Rossignol En cas d'urgence M. Merle, 06 99 00 00 01 Règlement accepté",
        "Certificat médical pour la danse (Léo Rossignol) : promise sur papier, à remettre au conservatoire",
        "Avis d'imposition ou attestation de quotient familial : promise sur papier",
        "Zélie Rossignol : l'administration étudie vos réponses ; sa décision arrivera par mail",
        "Ève Rossignol : il n'y a rien d'autre à faire.",
        "Pièces promises sur papier : Certificat médical pour la danse (Léo Rossignol), Avis d'imposition ou",
        "Remettez-les à votre conservatoire, ou envoyez-les sur l'extranet, jusqu'au 15 juin 2027 inclus.",
        "Vous pouvez changer vos réponses jusqu'au 15 juin 2027 inclus, puis les envoyer à nouveau.",
        "Envoyé pour la réinscription 2027-2028 : Zélie Rossignol, Léo Rossignol, Ève Rossignol, foyer.",
        "Ce reçu a été envoyé par mail à chaque adresse de votre dossier.",
        "choisissez « Imprimer » dans le menu de votre navigateur",
        "01 99 00 10 03",
    ):
        assert part in page
    assert slips(page) == []


def test_it_says_that_it_was_sent_for_as_long_as_that_is_news(world: World, inside: Visitor) -> None:
    for heading, title in (
        ("C'est envoyé", "C'est envoyé : reçu R27-K4TN-8WCB"),
        ("Reçu de réinscription 2027-2028", "Reçu R27-K4TN-8WCB"),
    ):
        page = page_html(inside, PAGE)
        assert f"<h1>{heading}</h1>" in page
        assert f"<title>{title}, réinscription 2027-2028 - " in page
        world.wait(timedelta(minutes=10))


def test_of_another_season_no_last_day_is_told(world: World, inside: Visitor) -> None:
    world.wait(timedelta(days=364))
    world.services.periods.write(world.services.periods.read(), Periods(NEXT_JUNE))
    inside.log_in()

    page = words_of_page(page_html(inside, PAGE))

    assert "Remettez-les à votre conservatoire." in page
    assert "15 juin 2028" not in page.partition("Et ensuite")[2]
    assert "cette année" not in page, "the courses on file are another year's"
    assert "réinscription 2027-2028" in page
    assert "R27-K4TN-8WCB" in words_of_pdf(inside.get(f"{PAGE}/pdf").data)
    assert inside.get(f"{PAGE}/agenda").headers["Location"] == PAGE


# As a PDF.


def test_its_pdf_says_what_its_page_says(inside: Visitor) -> None:
    page = page_html(inside, PAGE)
    paragraphs = re.findall(
        r"<(?:p|li|dt|dd|h2)\b[^>]*>(.*?)</(?:p|li|dt|dd|h2)>",
        page.partition("</h1>")[2].partition("</main>")[0].partition('<section class="card on-screen"')[0],
        re.DOTALL,
    )
    screen = ("Ce reçu a été envoyé", "Télécharger")
    texts = [" ".join(re.sub("<[^>]+>", "", part).split()) for part in paragraphs]

    answer = inside.get(f"{PAGE}/pdf")

    words = words_of_pdf(answer.data).replace("• ", "")

    assert [part for part in texts if part not in words and not part.startswith(screen)] == []
    assert "Reçu de réinscription 2027-2028" in words
    assert "Ce document dit où en était la réinscription le 2 juin 2027 à 20 h 00." in words
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="recu-R27-K4TN-8WCB.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    pdf = PdfReader(BytesIO(answer.data))
    assert pdf.metadata
    assert pdf.metadata.title == "Reçu R27-K4TN-8WCB, réinscription 2027-2028"
    assert pdf.metadata.author == "Réseau des conservatoires 91"
    assert ("P", "R27-K4TN-8WCB") in heard(answer.data)
    assert slips(words) == []


def test_its_pdf_of_one_pupil_with_a_full_household_is_one_page(world: World, visitor: Visitor) -> None:
    open_season(world)
    household = replace(WHOLE, payer="M. et Mme Rossignol-Desvignes, par moitié", pickup_persons="Mme Merle, M. Houx")
    send_enrolment(world, ZELIE_KEY, household=household)
    visitor.log_in()

    answer = visitor.get(f"{PAGE}/pdf")

    assert len(PdfReader(BytesIO(answer.data)).pages) == 1
    assert "Mme Merle, M. Houx" in words_of_pdf(answer.data)


# As a calendar.


def test_its_calendar_has_the_last_day_and_the_documents_due_and_rings_the_day_before(inside: Visitor) -> None:
    answer = inside.get(f"{PAGE}/agenda")

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="agenda-R27-K4TN-8WCB.ics"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Rossignol" not in answer.text
    assert NUMBER not in answer.text
    events = Calendar.from_ical(answer.data).events
    assert [(plain(str(event["SUMMARY"])), str(event.start), str(event.end)) for event in events] == [
        ("Dernier jour pour changer ou compléter : réinscription 2027-2028", "2027-06-15", "2027-06-16"),
        ("Pièces à fournir : réinscription 2027-2028", "2027-06-15", "2027-06-16"),
    ]
    last_day, documents = (plain(str(event["DESCRIPTION"])) for event in events)
    assert last_day.startswith("Jusqu'au 15 juin 2027 inclus, vous pouvez changer vos réponses sur l'extranet")
    assert documents.startswith("À remettre à votre conservatoire, ou à envoyer sur l'extranet, au plus tard le 15")
    assert "\n- Certificat médical pour la danse (Léo)\n- Avis d'imposition ou attestation" in documents
    for event in events:
        (alarm,) = event.walk("VALARM")
        assert (alarm["ACTION"], alarm["DESCRIPTION"]) == ("DISPLAY", event["DESCRIPTION"])
        (rings,) = event.alarms.times
        assert f"{rings.trigger:%Y-%m-%d %H:%M}" == "2027-06-14 09:00", "of the telephone's own time"


def test_a_calendar_taken_again_changes_the_same_days(world: World, inside: Visitor) -> None:
    def uids(number: str) -> list[str]:
        calendar = inside.get(f"/extranet/compte/reinscription/recus/{number}/agenda").text
        return [line for line in calendar.splitlines() if line.startswith("UID")]

    before = uids(NUMBER)
    keep(world, later(enrolment(world)))
    keep(world, submit(enrolment(world), sendable(enrolment(world), [EVE_KEY]), "R27-AAAA-BBBB", SAVED))

    after = uids("R27-AAAA-BBBB")

    assert len(set(before)) == 2
    assert set(after) <= set(before)


def test_of_who_leaves_alone_it_has_no_household_and_the_calendar_no_documents(world: World, visitor: Visitor) -> None:
    open_season(world)
    send_enrolment(world, EVE_KEY)
    visitor.log_in()

    page = words_of_page(page_html(visitor, PAGE))
    assert [words in page for words in ("Payeur", "Pièces Avis")] == [False, False]
    assert visitor.get(f"{PAGE}/agenda").text.count("BEGIN:VEVENT") == 1


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        ("accepted", "l'administration a accepté la réinscription."),
        ("declined", "l'administration n'a pas pu accepter la réinscription : appelez-la"),
        ("to_complete", "l'administration attend une précision, à compléter pour Zélie Rossignol."),
    ],
)
def test_it_says_what_the_office_decided_since(world: World, inside: Visitor, verdict: Verdict, says: str) -> None:
    decide(world, ZELIE_KEY, verdict, "Quel jour ?")

    assert f"Zélie Rossignol : {says}" in words_of_page(page_html(inside, PAGE)).replace(" .", ".").replace(" ,", ",")


def test_a_precision_awaited_once_the_period_is_over_is_told_by_telephone(world: World, inside: Visitor) -> None:
    decide(world, ZELIE_KEY, "to_complete", "Quel jour ?")
    world.now = LAST_SECOND + timedelta(seconds=1)
    inside.log_in()

    words = words_of_page(page_html(inside, PAGE)).replace(" .", ".")

    assert "Zélie Rossignol : l'administration attend une précision : appelez-la." in words
    pupil = words_of_page(page_html(inside, f"/extranet/compte/reinscription/eleves/{ZELIE_KEY}"))
    assert "Vous pouvez revenir sur votre réponse quand vous voulez, en écrivant à" in pupil


def later(enrolment: Enrolment) -> Enrolment:
    file = enrolment.pupil(EVE_KEY)
    assert file
    comes_back = PupilAnswers(stays=True, image_rights=False)
    return enrolment.with_pupil(file.with_draft(comes_back, SavedBy("M. Côme Rossignol", SAVED.at)), SAVED.at)


def test_it_says_where_other_answers_were_given_or_sent_since(world: World, inside: Visitor) -> None:
    keep(world, later(enrolment(world)))
    assert "vous avez changé vos réponses depuis" in words_of_page(page_html(inside, PAGE))
    now = world.now
    world.wait(LAST_SECOND + timedelta(seconds=1) - now)
    inside.log_in()
    late = words_of_page(page_html(inside, PAGE))
    assert "Remettez-les à votre conservatoire, qui les attendait jusqu'au 15 juin 2027." in late
    assert "agenda" not in late
    assert inside.get(f"{PAGE}/agenda").headers["Location"] == PAGE
    assert "vous avez changé vos réponses depuis, sans les envoyer à temps : celles de ce reçu tiennent." in late
    world.now = now
    inside.log_in()
    keep(world, submit(enrolment(world), sendable(enrolment(world), [EVE_KEY]), "R27-AAAA-BBBB", SAVED))

    page = page_html(inside, PAGE)

    assert "Ne se réinscrit pas" in page
    assert "de nouvelles réponses ont été envoyées depuis, sous le reçu R27-AAAA-BBBB" in words_of_page(page)
    assert 'href="/extranet/compte/reinscription/recus/R27-AAAA-BBBB"' in page


@pytest.mark.parametrize(
    ("facts", "how"),
    [
        ({"object_key": "documents/x"}, "envoyée sur l'extranet"),
        ({"check": DocumentCheck("received", "Secrétariat", LAST_SECOND)}, "remise au conservatoire"),
    ],
)
def test_a_document_that_was_promised_and_came_since_is_not_waited_for(
    world: World, inside: Visitor, facts: dict[str, Any], how: str
) -> None:
    arrivals = tuple(replace(document, **facts) for document in enrolment(world).provided)
    keep(world, replace(enrolment(world), provided=arrivals))

    page = words_of_page(page_html(inside, PAGE))

    assert f"(Léo Rossignol) : promise sur papier ; depuis, {how}" in page
    assert "Remettez-" not in page


def test_a_family_without_an_address_is_not_told_of_a_mail(world: World, inside: Visitor) -> None:
    change_account(world, emails=())

    page = words_of_page(page_html(inside, PAGE))

    assert "Aucune adresse e-mail n'est à votre dossier : notez ce numéro." in page


def test_it_is_found_from_the_overview_this_year_and_the_next(world: World, inside: Visitor) -> None:
    link = f'href="{PAGE}">{NUMBER}, 2 juin 2027 à 20 h 00</a>'
    assert link in page_html(inside)
    world.wait(timedelta(days=320))
    inside.log_in()

    assert link in page_html(inside)
    assert NUMBER in page_html(inside, PAGE)
