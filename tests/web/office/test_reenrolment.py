"""/extranet/bureau/reinscriptions/SITE/FAMILLE: a family's whole re-enrolment, decided on the version on the page."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from werkzeug.test import TestResponse

from chalicelib.domain.account.coordinates import record_corrections
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.enrolments import Enrolment, State
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.corrections import Actor
from chalicelib.office.account import consultations_of
from tests.support.enrolled_families import (
    BY,
    GOES_ON,
    MERLE,
    SEASON,
    keep,
    key_of,
    new_enrolment,
    open_for_rossignol,
    send_pupils,
    submitted_alone,
)
from tests.support.enrolment import IN_JUNE, LEO, ZELIE
from tests.support.forms import forms_of
from tests.support.french import plain
from tests.support.opinions import opinion_ref, say
from tests.support.staff import DESK, enter
from tests.support.world import ROSSIGNOL, Visitor, World

PAGE = f"{DESK}/reinscriptions/evry-xenakis/xen1"
REF = EnrolmentRef(ROSSIGNOL, SEASON)
WORDS = "Plus de place cette année."


@pytest.fixture(autouse=True)
def season(world: World, visitor: Visitor) -> None:
    """Store a family of three, Zélie and Léo sent, Ève leaving, and log in a secretary."""
    open_for_rossignol(world, days=1, is_all_sent=True)
    enter(world, visitor)


def stored(world: World) -> Enrolment:
    return world.services.enrolments.find(REF)


def states(world: World) -> dict[str, State]:
    return {pupil.name.split()[0]: pupil.state for pupil in stored(world).pupils}


def form_of(visitor: Visitor, name: str = "Zélie") -> dict[str, str]:
    """Read the hidden fields of the form that decides on a pupil."""
    page = visitor.get(PAGE).text
    card = next(card for card in page.split('<section class="pupil-card"')[1:] if f"Décision pour {name}" in card)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', card))


def decide(visitor: Visitor, form: Mapping[str, str], verdict: str = "accepted", **values: str) -> TestResponse:
    return visitor.post(f"{PAGE}/decision", {**form, "decision": verdict, **values})


# The content of the page.


def test_the_page_says_all_of_a_family_s_re_enrolment_in_five_round_trips(world: World, visitor: Visitor) -> None:
    visitor.get(PAGE)
    world.aws.calls.clear()

    page = visitor.get(PAGE)

    assert len(world.aws.calls) <= 5
    assert page.status_code == 200
    for expected in (
        "Réinscription 2027-2028",
        "Zélie Rossignol (naissance le 14 mars 2015) : envoyée",
        "passe de Danse classique à Danse contemporaine, de préférence mardi, puis jeudi",
        "Danse classique → Danse contemporaine",
        "R27-B3CD-4FGH, le 2 juin 2027 à 20 h 00",
        "Léo Rossignol : déposée en ligne",
        "2 juin 2027 à 20 h 00, par Mme Aimée Rossignol",
        "Rien à décider : ne se réinscrit pas.",
    ):
        assert expected in page.text


def test_who_reads_it_by_a_form_that_is_refused_is_noted_too(world: World, visitor: Visitor) -> None:
    answer = visitor.post(f"{PAGE}/decision", {})

    assert (answer.status_code, "Décision pour Zélie" in answer.text) == (422, True)
    (consultation,) = consultations_of(world.services, ROSSIGNOL, world.now)
    assert consultation.kind == "enrolment_read"


def test_what_differs_from_last_year_and_from_the_file_is_told(world: World, visitor: Visitor) -> None:
    last_year = new_enrolment(ROSSIGNOL, ((key_of(ZELIE), ZELIE.name, replace(GOES_ON, image_rights=True)),))
    last_year = replace(last_year, ref=EnrolmentRef(ROSSIGNOL, "2026"))
    last_year = last_year.with_household(
        replace(last_year.household, emergency_name="Mme Alouette"), SavedBy(BY, IN_JUNE)
    )
    keep(world, send_pupils(last_year, "R26-K4TN-8WCB"))
    account = world.account()
    account_after = replace(
        account, household=replace(account.household, payer="Mairie", address=("1 rue du Lavoir", "91000 Evry"))
    )
    correction = record_corrections(account, account_after, Actor("family", BY), world.now)
    world.database.write_together(world.services.accounts.put(correction))

    page = visitor.get(PAGE).text

    assert "L'an dernier : Mme Alouette, 06 99 00 00 01<br>" in page
    assert re.search(r"L'an dernier : (Oui|oui)[^<]*<br>", page)
    assert "Au dossier : Mairie" in page
    assert f'<a class="more" href="{PAGE}?saison=2026">Réinscription 2026-2027</a>' in page
    assert "adresse postale : 3 allée des Tilleuls, 91000 Evry → 1 rue du Lavoir, 91000 Evry" in page


def test_a_season_that_is_not_kept_or_a_family_that_is_not_there_is_not_found(visitor: Visitor) -> None:
    assert visitor.get(f"{PAGE}?saison=2026").status_code == 200
    for path in (f"{PAGE}?saison=1999", f"{PAGE}?saison=x", f"{DESK}/reinscriptions/evry-xenakis/xen99"):
        assert visitor.get(path).status_code == 404


# Deciding.


def test_a_pupil_is_accepted_and_the_proven_person_is_noted(world: World, visitor: Visitor) -> None:
    answer = decide(visitor, form_of(visitor), raison="vu en commission")

    assert answer.status_code == 303
    assert states(world) == {"Zélie": "accepted", "Léo": "submitted", "Ève": "leaving"}
    page = visitor.get(answer.headers["Location"]).text
    assert (
        "Zélie Rossignol : réinscription acceptée. Un mail part vers rossignol@example.org, come@example.org." in page
    )
    assert "acceptée le 3 juin 2027 à 20 h 00, par Basile Troglodyte &lt;troglodyte@example.org&gt;" in page
    pseudonym = world.services.record.pseudonyms.of(ROSSIGNOL.site, ROSSIGNOL.identifier)
    kinds = [
        act.author for act in world.services.audit_trail.on(ROSSIGNOL.site, pseudonym) if act.kind == "pupil_accepted"
    ]
    assert [(author.who, author.why) for author in kinds] == [
        ("Basile Troglodyte <troglodyte@example.org>", "Zélie Rossignol (reçu R27-K4TN-8WCB) ; vu en commission")
    ]


def test_a_form_without_a_verdict_or_with_too_long_a_text_is_shown_again(world: World, visitor: Visitor) -> None:
    form = form_of(visitor)

    assert "Choisissez une décision." in decide(visitor, form, "", texte=WORDS).text
    assert decide(visitor, form, "declined", texte="x" * 1001).status_code == 422
    assert states(world)["Zélie"] == "submitted"


def test_another_decision_is_taken_on_purpose_only(world: World, visitor: Visitor) -> None:
    decide(visitor, form_of(visitor), "declined", texte=WORDS)
    form = form_of(visitor)

    answer = decide(visitor, form, "accepted")
    assert answer.status_code == 422
    assert "cochez « Changer la décision déjà prise »" in answer.text
    assert states(world)["Zélie"] == "declined"

    assert decide(visitor, form, "accepted", changer="oui").status_code == 303
    assert states(world)["Zélie"] == "accepted"


def test_a_decision_is_taken_back_by_one_click_or_changed_by_one_from_its_confirmation_and_the_timelines(
    world: World, visitor: Visitor
) -> None:
    page = visitor.get(decide(visitor, form_of(visitor)).headers["Location"]).text
    assert "jusqu'à 20 h 00 min 30, avant que le mail parte" in page
    undo = next(form for form in forms_of(page) if form.path.endswith("/decision/annuler"))
    for place in (page, visitor.get(f"{DESK}/familles/evry-xenakis/xen1").text):
        (*_, link) = re.findall(r'<a[^>]* href="([^"]*)">Revenir sur cette décision</a>', place)
        form = next(
            form for form in forms_of(visitor.get(unescape(link)).text) if form.fields.get("eleve") == key_of(ZELIE)
        )
        assert form.fields["changer"] == "oui", "ticked"

    submitted_alone(world, MERLE, "Famille Merle", "Tom Merle", "R27-MMMM-4444")
    assert visitor.post(undo.path.replace("xen1", "xen2"), undo.fields).status_code == 404
    page = visitor.get(visitor.post(undo.path, undo.fields).headers["Location"]).text
    assert "Zélie Rossignol : la décision est annulée, et aucun mail ne part." in page
    assert states(world)["Zélie"] == "submitted"

    page = visitor.get(decide(visitor, form_of(visitor)).headers["Location"]).text
    undo = next(form for form in forms_of(page) if form.path.endswith("/decision/annuler"))
    world.wait(timedelta(seconds=30))
    late = visitor.post(undo.path, undo.fields)
    assert (late.status_code, states(world)["Zélie"]) == (422, "accepted")
    assert "Les trente secondes sont passées, et le mail est parti : rien n'a été changé." in late.text
    assert "Revenir sur cette décision</a>" in late.text
    assert ">Annuler</button>" not in late.text


def test_the_same_form_sent_twice_decides_once(world: World, visitor: Visitor) -> None:
    form = form_of(visitor)
    decide(visitor, form)
    world.wait(timedelta(minutes=2))

    answer = decide(visitor, form)

    assert "c'était déjà décidé ainsi" in visitor.get(answer.headers["Location"]).text


# Decided on the version that the page showed.


@pytest.mark.wing("teaching")
def test_the_page_says_what_teachers_say_of_each_pupil(world: World, visitor: Visitor) -> None:
    hautbois = ZELIE.courses[0]
    say(world, opinion_ref(ROSSIGNOL, ZELIE, hautbois), "unfavourable", "Peu assidue.", hautbois)

    zelie, _, leo = plain(visitor.get(PAGE).text).partition(f'id="eleve-{key_of(LEO)}"')

    assert "<dt>Avis, Hautbois</dt>" in zelie
    assert "défavorable le 3 juin 2027 à 20 h 00, par Gaspard Roitelet" in zelie
    assert "« Peu assidue. »" in zelie
    assert "Avis, " not in leo
