"""The page of a receipt: what was sent, by whom and when, what comes next; nobody else's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.answers import PupilAnswers
from chalicelib.domain.enrolment.enrolments import Decision, Enrolment, SavedBy, Verdict
from chalicelib.domain.enrolment.submissions import record_decision, sendable, submit
from tests.support.enrolling import EVE_KEY, HOUSEHOLD, LAST_SECOND, LEO_KEY, SAVED, ZELIE_KEY, enrolment, open_season
from tests.support.enrolment_pages import page_html, words_of_page
from tests.support.french import slips
from tests.support.receipts import NUMBER, send_enrolment
from tests.support.world import PASSWORD, Visitor, World

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
        "Formation musicale : arrête Droit à l'image : non Remarque : Plutôt après 17 h.",
        "Léo Rossignol Se réinscrit. Danse classique : continue Droit à l'image : non",
        "Ève Rossignol Ne se réinscrit pas (motif : Déménagement).",
        "Payeur Mme Rossignol En cas d'urgence M. Merle, 06 99 00 00 01 Règlement accepté",
        "Certificat médical pour la danse (Léo Rossignol) : promise sur papier, à remettre au conservatoire",
        "Avis d'imposition ou attestation de quotient familial : promise sur papier",
        "Zélie Rossignol : l'administration étudie vos réponses ; sa décision arrivera par mail",
        "Ève Rossignol : il n'y a rien d'autre à faire.",
        "Remettez à votre conservatoire les pièces promises sur papier.",
        "Ce reçu a été envoyé par mail à chaque adresse de votre dossier.",
        "choisissez « Imprimer » dans le menu de votre navigateur",
        "01 99 00 10 03",
    ):
        assert part in page
    assert slips(page) == []


def test_a_page_costs_two_round_trips(world: World, inside: Visitor) -> None:
    world.aws.calls.clear()

    inside.get(PAGE)

    assert world.aws.calls == ["GetItem", "BatchGetItem"]


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        ("accepted", "l'administration a accepté la réinscription."),
        ("declined", "l'administration n'a pas pu accepter la réinscription : appelez-la"),
        ("to_complete", "l'administration attend une précision, à compléter pour Zélie Rossignol."),
    ],
)
def test_it_says_what_the_office_decided_since(world: World, inside: Visitor, verdict: Verdict, says: str) -> None:
    found = enrolment(world)
    world.services.enrolments.change(
        found, record_decision(found, ZELIE_KEY, Decision(verdict, "Mme Houx", world.now, "Quel jour ?")) or found
    )

    assert f"Zélie Rossignol : {says}" in words_of_page(page_html(inside, PAGE)).replace(" .", ".").replace(" ,", ",")


def later(found: Enrolment) -> Enrolment:
    file = found.pupil(EVE_KEY)
    assert file
    comes_back = PupilAnswers(stays=True, image_rights=False)
    return found.with_pupil(file.with_draft(comes_back, SavedBy("M. Côme Rossignol", SAVED.at)), SAVED.at)


def test_it_says_where_other_answers_were_given_or_sent_since(world: World, inside: Visitor) -> None:
    found = enrolment(world)
    world.services.enrolments.change(found, later(found))
    assert "vous avez changé vos réponses depuis" in words_of_page(page_html(inside, PAGE))
    found = enrolment(world)
    after = submit(found, sendable(found, [EVE_KEY]), "R27-AAAA-BBBB", SAVED)
    world.services.enrolments.change(found, after)

    page = page_html(inside, PAGE)

    assert "Ne se réinscrit pas" in page
    assert "de nouvelles réponses ont été envoyées depuis, sous le reçu R27-AAAA-BBBB" in words_of_page(page)
    assert 'href="/extranet/compte/reinscription/recus/R27-AAAA-BBBB"' in page


def test_a_document_that_was_promised_and_came_since_is_not_waited_for(world: World, inside: Visitor) -> None:
    found = enrolment(world)
    for each in found.provided:
        found = found.with_document(replace(each, object_key="documents/x"))
    world.services.enrolments.change(enrolment(world), found)

    page = words_of_page(page_html(inside, PAGE))

    assert "(Léo Rossignol) : promise sur papier ; depuis, envoyée sur l'extranet" in page
    assert "Remettez à votre conservatoire" not in page


def test_after_the_period_what_was_changed_and_not_sent_does_not_count(world: World, inside: Visitor) -> None:
    found = enrolment(world)
    world.services.enrolments.change(found, later(found))
    world.wait(LAST_SECOND + timedelta(seconds=1) - world.now)
    inside.log_in()

    page = words_of_page(page_html(inside, PAGE))

    assert "vous avez changé vos réponses depuis, sans les envoyer à temps : celles de ce reçu tiennent." in page


def test_who_leaves_alone_has_no_part_of_the_household(world: World, visitor: Visitor) -> None:
    open_season(world)
    send_enrolment(world, EVE_KEY)
    visitor.log_in()

    page = words_of_page(page_html(visitor, PAGE))

    assert "Payeur" not in page
    assert "Pièces Avis" not in page


def test_a_family_without_an_address_is_not_told_of_a_mail(world: World, inside: Visitor) -> None:
    account = world.account()
    world.services.accounts.change(account, replace(account, emails=()))

    page = words_of_page(page_html(inside, PAGE))

    assert "Aucune adresse e-mail n'est à votre dossier : notez ce numéro." in page


def test_it_is_found_from_the_overview_this_year_and_the_next(world: World, inside: Visitor) -> None:
    link = f'href="{PAGE}">{NUMBER}, 2 juin 2027 à 20 h 00</a>'
    assert link in page_html(inside)
    world.wait(timedelta(days=320))
    inside.log_in()

    assert link in page_html(inside)
    assert NUMBER in page_html(inside, PAGE)


@pytest.mark.parametrize("ref", [AccountRef("evry-xenakis", "xen2"), AccountRef("evry-magnard", "xen1")])
@pytest.mark.parametrize("number", [NUMBER, "r27_k4tn_8wcb", "R27-AAAA-BBBB", "..", "R27%2FK4TN"])
def test_another_family_finds_nothing(world: World, inside: Visitor, ref: AccountRef, number: str) -> None:
    world.settle(ref, name="Famille Merle", household=replace(HOUSEHOLD, guardians=()))
    inside.log_in(ref, PASSWORD)

    answer = inside.get(f"/extranet/compte/reinscription/recus/{number}")

    assert answer.status_code == 404
    assert "Zélie" not in answer.text


def test_without_a_session_one_logs_in_first(world: World, visitor: Visitor) -> None:
    open_season(world)
    send_enrolment(world, LEO_KEY)

    assert visitor.get(PAGE).status_code == 303
