"""/extranet/bureau/demandes/NUMERO: a new family's whole application, decided on the version that the page showed."""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape

import pytest
from werkzeug.test import TestResponse

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.households import Guardian, Household
from chalicelib.wings.admission.domain.applications import CandidateRef
from chalicelib.wings.admission.domain.pools import Offer, Ranking
from tests.support.applications import ALBA, NEW_EMAIL, NUMBER
from tests.support.aws import When, faults_of
from tests.support.forms import forms_of
from tests.support.french import plain
from tests.support.pools import FIRST, PIANO, POOL, VIOLIN
from tests.support.staff import DESK, MANAGER, PASSWORD, enter
from tests.support.stored_applications import (
    PIE,
    PIE_NUMBER,
    application_of,
    open_admission,
    standing,
    states,
    stores_of,
)
from tests.support.world import ROSSIGNOL, Visitor, World

PAGE = f"{DESK}/demandes/{NUMBER}"
WORDS = "Plus de place cette année."
OTHER_SITE = "evry-magnard"


@pytest.fixture(autouse=True)
def season(world: World, visitor: Visitor) -> None:
    """Store an application for Alba (two wishes, one of them at another site) and Nils, and log in a secretary."""
    open_admission(world)
    application_of(world)
    enter(world, visitor)


def form_of(visitor: Visitor, name: str = "Nils") -> dict[str, str]:
    """Read the hidden fields of the form that decides on a candidate."""
    page = visitor.get(PAGE).text
    card = next(card for card in page.split('<section class="pupil-card"')[1:] if f"Décision pour {name}" in card)
    form = card.partition(f'action="{PAGE}/decision"')[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


def decide(visitor: Visitor, form: Mapping[str, str], verdict: str = "waiting", **values: str) -> TestResponse:
    return visitor.post(f"{PAGE}/decision", {**form, "decision": verdict, **values})


def test_a_decision_is_taken_back_by_one_click_and_whose_turn_it_is_stands_below_its_address(
    world: World, visitor: Visitor
) -> None:
    form = form_of(visitor)
    page = visitor.get(decide(visitor, form, texte=WORDS).headers["Location"]).text
    first = page.index('id="eleve-')
    assert first < page.index('<section class="turn') < page.index('<section class="pupil-card"')
    (undo,) = (one for one in forms_of(page) if one.path.endswith("/decision/annuler"))
    before = states(world)

    page = visitor.get(visitor.post(undo.path, undo.fields).headers["Location"]).text

    assert "la décision est annulée, et aucun mail ne part" in page
    assert states(world) != before
    world.deliver_patiently()
    assert world.mails() == []


# The content of the page.


def test_the_page_says_all_of_an_application_and_goes_through_no_table(world: World, visitor: Visitor) -> None:
    application_of(world, "pie@example.org", replace(PIE, telephone="06 99 00 20 01"), PIE_NUMBER)
    world.settle(
        ROSSIGNOL,
        household=Household((Guardian("M. Geai", "", "06.99.00.20.01"),), ("4, all. des Tilleuls", "91000 Evry")),
    )
    visitor.get(PAGE)
    world.aws.calls.clear()

    page = visitor.get(PAGE)

    assert "Scan" not in world.aws.calls
    assert page.status_code == 200
    for expected in (
        "Mme Inès Geai",
        NUMBER,
        "geai@example.org",
        "Alba Geai (naissance le 14 mars 2018, 9 ans) : envoyée",
        "Piano, Débutant, Evry - Xénakis (mercredi, samedi)",
        f'<a href="{DESK}/demandes/{PIE_NUMBER}">même téléphone que la demande {PIE_NUMBER} (M. Noé Pie)</a>',
        f'<a href="{DESK}/familles/evry-xenakis/xen1">même téléphone que le compte xen1, Evry - Xénakis',
        "même adresse postale que le compte xen1",
        "Justificatif de domicile : manque",
    ):
        assert expected in page.text


def test_what_looks_like_it_at_a_site_that_is_not_one_s_own_is_not_told(world: World, visitor: Visitor) -> None:
    far = replace(PIE.candidates[0], wishes=(replace(PIE.candidates[0].wishes[0], site="ris-orangis-messiaen"),))
    application_of(world, "pie@example.org", replace(PIE, telephone="06 99 00 20 01", candidates=(far,)), PIE_NUMBER)

    assert PIE_NUMBER not in visitor.get(PAGE).text
    enter(world, visitor, MANAGER)
    assert PIE_NUMBER in visitor.get(PAGE).text


def test_an_application_for_other_sites_is_as_one_that_is_not_there(world: World, visitor: Visitor) -> None:
    form = form_of(visitor) | {"jeton": ""}  # typed by hand: of no other member's page
    enter(world, visitor, "merle@example.org", role="secretary", sites=("ris-orangis-messiaen",))

    for path in (PAGE, f"{PAGE}/pieces"):
        assert visitor.get(path).status_code == 404
    assert decide(visitor, form).status_code == 404
    assert states(world)["Nils"] == "sent"


def test_of_a_child_that_wishes_for_other_sites_only_nothing_is_decided(world: World, visitor: Visitor) -> None:
    form = form_of(visitor) | {"jeton": ""}  # typed by hand: of no other member's page
    enter(world, visitor, "merle@example.org", role="secretary", sites=(OTHER_SITE,))

    page = visitor.get(PAGE).text

    assert "Décision pour Alba" in page
    assert "Décision pour Nils" not in page
    assert "Rien à décider ici : aucun vœu pour vos sites." in page
    assert "une décision vaut pour tous ses vœux" in page
    assert decide(visitor, form).status_code == 404
    assert states(world)["Nils"] == "sent"


# Deciding.


def test_a_child_waits_and_the_proven_person_is_noted(world: World, visitor: Visitor) -> None:
    form = form_of(visitor)
    world.aws.calls.clear()

    answer = decide(visitor, form, raison="vu en commission")

    assert (answer.status_code, world.aws.calls.count("Query")) == (303, 2)  # the places of the two wished sites alone
    assert states(world) == {"Alba": "sent", "Nils": "waiting"}
    page = visitor.get(answer.headers["Location"]).text
    assert "Nils Geai : mise en liste d'attente. Un mail part vers geai@example.org." in page
    assert (
        "par Basile Troglodyte : « Nils Geai (demande P27-K4TN-8WCB) ; vu en commission »"
        in page.partition("pré-inscription mise en liste d'attente")[2]
    )
    world.deliver()
    assert [mail.to for mail in world.mails()] == [NEW_EMAIL]


def test_words_and_a_day_are_needed_to_ask_and_what_was_typed_stays(world: World, visitor: Visitor) -> None:
    form = form_of(visitor)

    for fields, message in (
        ({"echeance": "2027-07-08"}, "Écrivez à la famille pourquoi"),
        ({"echeance": "jeudi", "texte": WORDS}, "Ce jour n'existe pas"),
        ({"echeance": "01/07/2027", "texte": WORDS}, "Ce jour est déjà passé"),
    ):
        answer = decide(visitor, form, "to_complete", raison="vu en commission", **fields)
        assert answer.status_code == 422
        assert message in answer.text
        assert 'value="to_complete" checked' in answer.text
        assert 'value="vu en commission"' in answer.text
        assert fields.get("texte", "") in answer.text

    assert decide(visitor, form, "to_complete", texte=WORDS, echeance="08/07/2027").status_code == 303
    assert states(world)["Nils"] == "to_complete"


def test_a_decline_frees_the_place_and_is_taken_back_on_purpose_only(world: World, visitor: Visitor) -> None:
    stores_of(world).pools.change(None, POOL.offer(Offer(FIRST, world.now), world.now))
    decide(visitor, form_of(visitor, "Alba"), "declined", texte=WORDS)
    assert states(world)["Alba"] == "declined"
    pool = stores_of(world).pools.find(PIANO)
    assert pool is not None
    assert pool.holders == ()

    form = form_of(visitor, "Alba")
    assert "cochez « Revenir sur ce refus »" in decide(visitor, form, "waiting").text
    assert states(world)["Alba"] == "declined"

    assert decide(visitor, form, "waiting", changer="oui").status_code == 303
    assert states(world)["Alba"] == "waiting"


def test_a_child_is_accepted_and_given_an_account(world: World, visitor: Visitor) -> None:
    answer = decide(visitor, form_of(visitor), "accepted", texte="Bienvenue.")

    assert answer.status_code == 303
    account = standing(world, "b2b2b2b2").account
    assert account is not None
    assert world.account(AccountRef(*account)).household.pupils[0].name == "Nils Geai"
    page = visitor.get(answer.headers["Location"]).text
    assert f'<a href="{DESK}/familles/{account[0]}/{account[1]}">Dossier de la famille</a>' in page
    assert "Décision pour Nils" not in page


def test_an_identifier_may_be_given_and_one_that_is_taken_is_refused(world: World, visitor: Visitor) -> None:
    world.settle()
    form = form_of(visitor)

    answer = decide(visitor, form, "accepted", identifiant="XEN 1", texte="Bienvenue.")
    assert answer.status_code == 422
    assert "est déjà celui d'un compte du site Evry - Xénakis" in answer.text
    assert 'value="XEN 1"' in answer.text
    assert "Bienvenue." in answer.text

    assert "Donnez l'identifiant du compte qui existe." in decide(visitor, form, "accepted", compte="oui").text
    assert decide(visitor, form, "accepted", identifiant="GEAI 1").status_code == 303
    assert standing(world, "b2b2b2b2").account == ("evry-xenakis", "geai1")


def test_an_account_that_is_not_there_is_refused_without_a_command(visitor: Visitor) -> None:
    answer = decide(visitor, form_of(visitor), "accepted", identifiant="xen 9", compte="oui")

    assert answer.status_code == 422
    assert "l'identifiant « xen 9 » : vérifiez-le, ou cherchez la famille par son nom." in answer.text


def test_only_a_wish_for_one_s_own_site_is_accepted(world: World, visitor: Visitor) -> None:
    assert decide(visitor, form_of(visitor, "Alba"), "accepted", voeu="2").status_code == 303
    assert standing(world, ALBA.key).slot == ALBA.wishes[0].slot


def lines(visitor: Visitor) -> list[str]:
    return re.findall(r"dans la file[^<]*", plain(visitor.get(PAGE).text))


def test_what_waits_for_a_counted_place_has_a_rank_and_no_acceptance(world: World, visitor: Visitor) -> None:
    accept, pools = f'id="accepted-{ALBA.key}"', stores_of(world).pools
    assert accept in visitor.get(PAGE).text
    pools.change(None, POOL)
    pools.change(None, replace(POOL, ref=VIOLIN, discipline="Violon"))
    enter(world, visitor, MANAGER)

    assert lines(visitor) == ["dans la file", "dans la file, 1er sur 1"]  # the first site draws
    assert accept not in visitor.get(PAGE).text
    assert "Pas encore à accepter" in visitor.get(PAGE).text

    waiting = (CandidateRef(PIE_NUMBER, "c3c3c3c3"), FIRST)
    pools.rankings.replace(Ranking(PIANO), Ranking(PIANO, waiting, world.now))
    assert lines(visitor)[0] == "dans la file, 2ᵉ sur 2"
    pools.change(POOL, POOL.give(Offer(FIRST, world.now), world.now))
    assert accept in visitor.get(PAGE).text


def test_of_several_wishes_one_is_chosen(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)
    form = form_of(visitor, "Alba")

    assert "Choisissez le vœu qui est accepté." in decide(visitor, form, "accepted").text
    assert decide(visitor, form, "accepted", voeu="2").status_code == 303
    assert standing(world, ALBA.key).slot == ALBA.wishes[1].slot


# Decided on the version that the page showed.


def test_an_account_that_a_fault_left_undone_is_made_by_accepting_again(world: World, visitor: Visitor) -> None:
    form = form_of(visitor)
    with world.aws.failing("PutItem", "before"):
        decide(visitor, form, "accepted")
    enter(world, visitor, MANAGER)

    assert "sans compte : acceptez-le à nouveau" in visitor.get(PAGE).text
    assert decide(visitor, form_of(visitor), "accepted").status_code == 303

    account = standing(world, "b2b2b2b2").account
    assert account is not None
    assert world.account(AccountRef(*account)).application == NUMBER


# A place out of order.


def offer(visitor: Visitor, **values: str) -> TestResponse:
    form = {"eleve": ALBA.key, "place": "evry-xenakis/piano-debutant", "raison": "Erreur de saisie"}
    return visitor.post(f"{PAGE}/place", {**form, "mot_de_passe": PASSWORD, **values})


def held(world: World) -> dict[CandidateRef, str]:
    pool = stores_of(world).pools.find(PIANO)
    assert pool is not None
    return {holder.candidate: holder.state for holder in pool.holders}


def test_a_manager_offers_a_free_place_out_of_order_for_a_noted_reason(world: World, visitor: Visitor) -> None:
    stores_of(world).pools.change(None, POOL)
    enter(world, visitor, MANAGER)
    assert "Piano, Débutant, Evry - Xénakis : 2 places libres" in plain(visitor.get(PAGE).text)

    answer = offer(visitor)

    assert answer.status_code == 303
    assert held(world) == {FIRST: "offered"}
    page = unescape(plain(visitor.get(answer.headers["Location"]).text))
    assert "Alba Geai : place proposée hors de l'ordre. Un mail part vers geai@example.org." in page
    assert (
        "par Odile Fauvette : « Alba Geai" in page.partition('<li class="decided">place proposée hors de l\'ordre')[2]
    )
    assert "Erreur de saisie" in page
    world.deliver()
    assert [mail.to for mail in world.mails()] == [NEW_EMAIL]
    assert "cette place lui était déjà proposée, ou donnée" in plain(
        visitor.get(offer(visitor).headers["Location"]).text
    )

    response = offer(visitor, accord="oui", raison="Oui au téléphone")

    assert held(world) == {FIRST: "taken"}
    assert "place donnée hors de l'ordre" in plain(visitor.get(response.headers["Location"]).text)
    assert decide(visitor, form_of(visitor, "Alba"), "accepted", voeu="1").status_code == 303


def test_a_place_is_not_offered_without_a_choice_and_a_reason(world: World, visitor: Visitor) -> None:
    stores_of(world).pools.change(None, POOL)
    enter(world, visitor, MANAGER)

    for fields, sentence in (
        ({"raison": ""}, "Dites pourquoi : c'est écrit au journal."),
        ({"place": ""}, "Choisissez une place."),
        ({"place": "ris-orangis-messiaen/harpe"}, "Choisissez une place."),
        ({"place": "evry-xenakis/harpe"}, "Ces places (Evry - Xénakis) viennent d'être changées"),
    ):
        answer = offer(visitor, **fields)
        assert answer.status_code in {401, 422}
        assert sentence in plain(answer.text)
        assert f'value="{fields.get("raison", "Erreur de saisie")}"' in answer.text
    assert held(world) == {}


def test_a_secretary_offers_no_place_and_reads_who_may(world: World, visitor: Visitor) -> None:
    stores_of(world).pools.change(None, POOL)

    assert f"{PAGE}/place" not in visitor.get(PAGE).text
    assert offer(visitor).status_code == 404
    assert held(world) == {}


@faults_of("BatchWriteItem", "SendMessageBatch", "UpdateItem")
def test_after_a_fault_the_same_offer_ends_it(world: World, visitor: Visitor, call: str, when: When) -> None:
    stores_of(world).pools.change(None, POOL)
    enter(world, visitor, MANAGER)
    with world.aws.failing(call, when):
        offer(visitor)

    assert offer(visitor).status_code == 303
    world.deliver_patiently()

    assert held(world) == {FIRST: "offered"}
    assert [mail.to for mail in world.mails()] == [NEW_EMAIL]
