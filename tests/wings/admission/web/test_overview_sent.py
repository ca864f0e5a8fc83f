"""« Où en est ma demande »: each child in plain French, the next answer due with its date, and the next step."""

import html
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.wings.admission.domain.applications import AdmissionDecision, CandidateRef, Standing, Verdict
from chalicelib.wings.admission.domain.draws import Preparation, prepare, tickets_of
from tests.support.admission import SEASON, START, announce, applicant, application_of, stores
from tests.support.application_form import GUARDIAN
from tests.support.applications import ALBA, NILS
from tests.support.enrolment_pages import version_of_page, words_of_page
from tests.support.offers import ALBA_REF, NUMBER, PIANO, VIOLIN, offer_place, rank, send_application
from tests.support.world import Visitor, World

APPLICATION = f"{START}/demande"


@pytest.fixture(autouse=True)
def sent(world: World, visitor: Visitor) -> None:
    send_application(world, visitor)


def page(visitor: Visitor) -> str:
    return html.unescape(visitor.get(APPLICATION).text)


def own_part(visitor: Visitor, key: str = ALBA.key) -> str:
    """Read the part of the page about one child."""
    return words_of_page(page(visitor).partition(f'id="eleve-{key}"')[2].partition("</section>")[0])


def decide(
    world: World, verdict: Verdict, words: str = "", account: tuple[str, str] | None = None, key: str = ALBA.key
) -> None:
    before = application_of(world)
    standing = Standing(key, decision=AdmissionDecision(verdict, "M. Office", world.now, words), account=account)
    stores(world).applications.change(before, before.with_standing(standing))


def test_once_sent_it_is_read_with_the_pools_of_each_wished_site(world: World, visitor: Visitor) -> None:
    world.aws.calls.clear()

    text = page(visitor)

    assert world.aws.calls == ["GetItem", "BatchGetItem", "Query", "Query", "BatchGetItem"]
    assert NUMBER in text
    assert "aucune place n'est encore attribuée" in own_part(visitor)
    assert "Vous pouvez corriger votre demande jusqu'au 15 septembre 2026 inclus" in text
    assert f'href="{APPLICATION}/recapitulatif"' in text
    assert f'href="{APPLICATION}/recu/pdf"' in text
    assert f'href="{APPLICATION}/retrait"' in text
    assert "01 99 00 10 03" in text
    assert "Justificatif de domicile" in text


def test_who_waits_reads_a_band_and_no_promise(world: World, visitor: Visitor) -> None:
    rank(world, PIANO, *(CandidateRef(f"P26-{number:04d}-XXXX", "a") for number in range(6)), ALBA_REF)
    rank(world, VIOLIN, ALBA_REF)

    text = own_part(visitor)

    assert "entre la 5e et la 10e place" in text
    assert "parmi les 4 premières places" in text
    assert "aucune place n'est promise" in text
    assert "7" not in text.partition("Piano")[2].partition("Violon")[0]


def test_an_offer_is_told_first_with_its_term_and_its_button(world: World, visitor: Visitor) -> None:
    offer_place(world, PIANO)

    text = page(visitor)

    assert "Une place est proposée" in own_part(visitor)
    assert "Répondez avant le 4 septembre 2026 à 9 h 00" in own_part(visitor)
    assert f'href="{APPLICATION}/proposition/{ALBA.key}"' in text
    assert f'href="{APPLICATION}/proposition/{NILS.key}"' not in text


def test_what_the_office_decided_is_told_in_its_words(world: World, visitor: Visitor) -> None:
    texts: dict[Verdict, str] = {}
    for verdict in ("waiting", "to_complete", "declined", "accepted"):
        decide(world, verdict, "Voici <b>pourquoi</b>.", ("evry-xenakis", "pi261") if verdict == "accepted" else None)
        texts[verdict] = own_part(visitor)
        assert "<b>pourquoi" not in visitor.get(APPLICATION).text

    assert "Sur liste d'attente : aucune place n'est libre pour l'instant." in texts["waiting"]
    assert "accept" not in texts["waiting"].lower()
    assert "À compléter, jusqu'au 15 septembre 2026 inclus." in texts["to_complete"]
    assert "Refusée le 1er septembre 2026 par l'administration." in texts["declined"]
    assert "Site : Evry - Xénakis" in texts["accepted"]
    assert "Identifiant : pi261" in texts["accepted"]
    assert "« Mot de passe perdu »" in texts["accepted"]


def test_a_family_accepted_at_two_sites_is_told_both_identifiers(world: World, visitor: Visitor) -> None:
    decide(world, "accepted", account=("evry-xenakis", "pi261"))
    assert "un autre identifiant" not in own_part(visitor)
    decide(world, "accepted", account=("evry-magnard", "pi262"), key=NILS.key)

    assert "un autre identifiant pour Evry - Magnard : pi262." in own_part(visitor)
    assert "un autre identifiant pour Evry - Xénakis : pi261." in own_part(visitor, NILS.key)


def test_the_other_child_keeps_its_own_state(world: World, visitor: Visitor) -> None:
    decide(world, "declined", "Complet.")

    assert "Complet." not in own_part(visitor, NILS.key)
    assert "aucune place n'est encore attribuée" in own_part(visitor, NILS.key)


def test_the_draw_is_told_before_it_is_prepared_once_it_is_and_once_it_is_run(world: World, visitor: Visitor) -> None:
    assert "la date sera publiée sur la page" in page(visitor)
    tickets = tickets_of(NUMBER, [ALBA.key, NILS.key], 1, "one_ticket")
    preparation = Preparation("Loto du 5 octobre 2026", date(2026, 10, 5), world.now, "M. Office")
    draws = stores(world).draws
    draw = draws.prepare(prepare("evry-xenakis", SEASON, tickets, preparation))
    text = page(visitor)
    assert "sera fait à partir du 5 octobre 2026" in text
    assert f'href="/extranet/tirages/{SEASON}-evry-xenakis"' in text

    draws.run(draw.run("7 12 25", "M. Office", world.now))

    assert "a été fait le 1er septembre 2026" in page(visitor)


def test_after_the_closing_day_one_is_told_to_call_and_may_still_withdraw(world: World, visitor: Visitor) -> None:
    announce(world, EnrolmentPeriod(date(2026, 8, 1), date(2026, 8, 20)))
    applicant(world, visitor)

    text = page(visitor)

    assert "Les demandes sont closes : pour corriger la vôtre, appelez le conservatoire." in text
    assert f'href="{APPLICATION}/recapitulatif"' not in text
    assert f'href="{APPLICATION}/retrait"' in text
    assert f'href="{APPLICATION}/pieces"' in text


def test_when_all_is_over_nothing_is_awaited(world: World, visitor: Visitor) -> None:
    before = application_of(world)
    stores(world).applications.change(before, replace(before.withdraw([ALBA.key, NILS.key], world.now)))

    text = page(visitor)

    assert "Pièces attendues" not in text
    assert f'href="{APPLICATION}/retrait"' not in text
    assert f'href="{APPLICATION}/recu"' in text


def test_what_the_office_asks_for_late_may_be_mended_and_sent_until_its_day(world: World, visitor: Visitor) -> None:
    announce(world, EnrolmentPeriod(date(2026, 8, 1), date(2026, 8, 20)))
    before = application_of(world)
    decision = AdmissionDecision("to_complete", "M. Office", world.now, "Votre téléphone ?", date(2026, 9, 3))
    stores(world).applications.change(before, before.with_standing(Standing(ALBA.key, decision=decision)))
    applicant(world, visitor)
    assert "À compléter, jusqu'au 3 septembre 2026 inclus." in own_part(visitor)
    assert f'href="{APPLICATION}/recapitulatif"' in page(visitor)

    form = GUARDIAN | {"telephone": "06 99 00 20 09"}
    path = f"{APPLICATION}/responsable"
    answer = visitor.post(path, form | {"vu": version_of_page(visitor, path)})
    assert (answer.status_code, application_of(world).answers.telephone) == (303, "06 99 00 20 09")
    world.wait(timedelta(days=3))
    applicant(world, visitor)

    late = visitor.post(path, form | {"telephone": "06 99 00 20 10", "vu": version_of_page(visitor, path)})

    assert late.status_code == 422
    assert application_of(world).answers.telephone == "06 99 00 20 09"
