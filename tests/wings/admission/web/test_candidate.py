"""The step of a pupil: a birth date as typed, wishes in order, refusals that list the valid choices."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.wings.admission.domain.applications import AdmissionDecision, Standing, submit
from chalicelib.wings.admission.settings import DisciplineOffered
from chalicelib.wings.admission.web.candidate import ages_of
from tests.support.admission import ADMISSION, announce, applicant, application_of, stores
from tests.support.application_form import ALBA_TYPED, HOME, NEW_STEP, fill, only
from tests.support.applications import ALBA, NILS, WHOLE
from tests.support.forms import forms_of
from tests.support.world import Visitor, World

ALBA_STEP = f"{HOME}/eleves/{ALBA.key}"
CLOSED = EnrolmentPeriod(date(2026, 8, 25), date(2026, 8, 31))


@pytest.fixture(autouse=True)
def come(world: World, visitor: Visitor) -> None:
    applicant(world, visitor)


def begun(world: World, visitor: Visitor, **more: Any) -> None:
    applicant(world, visitor, draft=WHOLE, **more)


def sent(world: World, visitor: Visitor) -> None:
    begun(world, visitor)
    before = application_of(world)
    stores(world).applications.change(before, submit(before, "P26-K4TN-8WCB", world.now))


def test_a_pupil_is_saved_with_its_wishes_in_order(world: World, visitor: Visitor) -> None:
    answer = fill(visitor, NEW_STEP, **ALBA_TYPED)

    (candidate,) = application_of(world).answers.candidates
    assert replace(candidate, key=ALBA.key) == ALBA
    assert answer.headers["Location"] == f"{HOME}/responsable"


def test_one_button_saves_and_asks_for_the_next_pupil(world: World, visitor: Visitor) -> None:
    assert fill(visitor, NEW_STEP, **ALBA_TYPED, action="encore").headers["Location"] == NEW_STEP
    assert len(application_of(world).answers.candidates) == 1
    assert "<h1>Un élève de plus</h1>" in visitor.get(NEW_STEP).text


def test_what_the_office_asks_for_is_said_on_the_pupil_s_page(world: World, visitor: Visitor) -> None:
    sent(world, visitor)
    standing = Standing(
        ALBA.key, decision=AdmissionDecision("to_complete", "M. Office", world.now, "Quel jour préférez-vous ?")
    )
    stores(world).applications.change(application_of(world), application_of(world).with_standing(standing))

    assert "L'administration vous demande : Quel jour préférez-vous ?" in visitor.get(ALBA_STEP).text


def test_what_was_saved_is_found_again_as_it_is_typed(world: World, visitor: Visitor) -> None:
    begun(world, visitor)

    page = visitor.get(ALBA_STEP).text

    assert 'value="14/03/2018"' in page
    for value in ("Piano", "evry-xenakis", "mercredi", "Violon", "evry-magnard"):
        assert f'<option value="{value}" selected>' in page
    assert page.count("<details open>") == 1


def test_a_wish_that_is_left_empty_is_none_and_the_next_takes_its_place(world: World, visitor: Visitor) -> None:
    third = {name.replace("-2", "-3"): value for name, value in ALBA_TYPED.items() if name.endswith("-2")}
    first = {name: value for name, value in ALBA_TYPED.items() if not name.endswith("-2") or name.startswith("jour")}

    fill(visitor, NEW_STEP, **first | third)

    assert application_of(world).answers.candidates[0].wishes == ALBA.wishes


def test_too_young_names_the_age_the_day_and_what_is_open_at_it(world: World, visitor: Visitor) -> None:
    answer = fill(visitor, NEW_STEP, **ALBA_TYPED | {"naissance": "01/01/2021"})

    assert answer.status_code == 422
    assert (
        "Pas à cet âge : Piano se demande dès 6 ans, et Alba aura 5 ans le 31 décembre 2026. "
        "À 5 ans, à Evry - Xénakis : Éveil musical, Violon." in answer.text
    )
    assert 'value="01/01/2021"' in answer.text
    assert application_of(world).draft is None


def test_where_nothing_is_open_at_an_age_it_is_said_so(visitor: Visitor) -> None:
    answer = fill(visitor, NEW_STEP, **ALBA_TYPED | {"naissance": "2024-01-01"})

    assert "À 2 ans, rien n'est ouvert en ce moment." in answer.text


def test_what_is_taught_elsewhere_is_named_there(visitor: Visitor) -> None:
    answer = fill(visitor, NEW_STEP, **ALBA_TYPED | {"discipline-2": "Danse classique"})

    assert (
        "À Evry - Magnard, Danse classique ne se demande pas ; ailleurs, si : Evry - Xénakis, Ris Orangis - Messiaen."
        in answer.text
    )
    assert "<details open>\n    <summary>Deuxième vœu (facultatif)</summary>" in answer.text


def test_a_wish_twice_is_refused(visitor: Visitor) -> None:
    answer = fill(visitor, NEW_STEP, **ALBA_TYPED | {"discipline-2": "Piano", "site-2": "evry-xenakis"})

    assert "Ce vœu est déjà plus haut" in answer.text


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("14/03/2030", "Cette date est à venir"),
        ("14/03/1900", "Cette date a plus de 120 ans"),
        ("14/03/18", "Écrivez le jour, le mois et l'année en quatre chiffres"),
        ("", "Indiquez la date de naissance de l'élève."),
    ],
)
def test_an_impossible_birth_date_is_refused_in_words(world: World, visitor: Visitor, typed: str, error: str) -> None:
    answer = fill(visitor, NEW_STEP, **ALBA_TYPED | {"naissance": typed})

    assert answer.status_code == 422
    assert error in answer.text
    assert application_of(world).draft is None


def test_an_adult_asks_for_itself(world: World, visitor: Visitor) -> None:
    wish = {"discipline-1": "Chant", "site-1": "evry-xenakis"}
    fill(visitor, NEW_STEP, prenom="Inès", nom="Geai", naissance="2 mai 1981", **wish)

    assert application_of(world).answers.candidates[0].born_on == date(1981, 5, 2)


def test_only_sites_that_take_applications_are_offered_and_chosen(world: World, visitor: Visitor) -> None:
    announce(world, ADMISSION, {"evry-magnard": CLOSED})

    assert 'value="evry-magnard"' not in visitor.get(NEW_STEP).text
    answer = fill(visitor, NEW_STEP, **ALBA_TYPED)

    assert answer.status_code == 422
    assert "Choisissez un conservatoire pour ce vœu." in answer.text


def test_a_wish_that_was_sent_to_a_site_closed_since_stands_unchanged(world: World, visitor: Visitor) -> None:
    sent(world, visitor)
    announce(world, ADMISSION, {"evry-magnard": CLOSED})
    assert '<option value="evry-magnard" selected>' in visitor.get(ALBA_STEP).text

    refused = fill(visitor, ALBA_STEP, **{"site-2": "evry-xenakis"})
    assert "À Evry - Magnard, les demandes sont terminées : le vœu Violon, déjà envoyé, ne change plus." in refused.text
    fill(visitor, ALBA_STEP, **{"discipline-1": "Harpe"})

    assert [wish.discipline for wish in application_of(world).answers.candidates[0].wishes] == ["Harpe", "Violon"]


def test_what_nobody_offers_is_nobody_s_choice(world: World, visitor: Visitor) -> None:
    made_up = {"discipline-1": "Orgue", "niveau-1": "Virtuose", "jour-1-1": "dimanche", "jour-1-2": "samedi"}
    answer = fill(visitor, NEW_STEP, **ALBA_TYPED | made_up)

    assert "Choisissez une discipline, ou laissez tout ce vœu vide." in answer.text
    fill(visitor, NEW_STEP, **ALBA_TYPED | made_up | {"discipline-1": "Piano"})
    assert application_of(world).answers.candidates[0].wishes[0].days == ("samedi",)
    assert not application_of(world).answers.candidates[0].wishes[0].level


def test_a_pupil_is_taken_out_at_once_and_a_sent_one_withdrawn_elsewhere(world: World, visitor: Visitor) -> None:
    begun(world, visitor)
    assert "Retirer cet élève de la demande" in visitor.get(ALBA_STEP).text
    assert visitor.post(f"{ALBA_STEP}/retirer").headers["Location"] == HOME
    assert application_of(world).answers.candidates == (NILS,)

    sent(world, visitor)
    page = visitor.get(ALBA_STEP).text
    assert "Retirer cet élève" not in page
    assert f"{HOME}/retrait" in page
    assert visitor.post(f"{ALBA_STEP}/retirer").headers["Location"] == f"{HOME}/retrait"
    assert application_of(world).answers.candidates[0].name == "Alba Geai"


def test_one_window_is_told_what_the_other_saved(world: World, visitor: Visitor) -> None:
    begun(world, visitor)

    answer = visitor.post(ALBA_STEP, ALBA_TYPED | {"prenom": "Elba", "vu": "as it was before"})

    assert answer.status_code == 422
    assert "<strong>Alba Geai</strong>" in answer.text
    assert 'value="Elba"' in answer.text


def test_a_pupil_taken_out_in_another_window_may_be_put_back_as_typed(world: World, visitor: Visitor) -> None:
    applicant(world, visitor, draft=only(NILS))
    assert visitor.get(ALBA_STEP).status_code == 404

    answer = visitor.post(ALBA_STEP, ALBA_TYPED)

    assert answer.status_code == 422
    assert "a été retiré de la demande entre-temps" in answer.text
    assert application_of(world).answers.candidates == (NILS,)
    form = next(form for form in forms_of(answer.text) if form.path == NEW_STEP)
    assert visitor.post(form.path, {"vu": form.fields["vu"]} | ALBA_TYPED).status_code == 303
    assert [one.name for one in application_of(world).answers.candidates] == ["Nils Geai", "Alba Geai"]


def test_after_the_period_what_was_typed_is_said_to_be_late(world: World, visitor: Visitor) -> None:
    begun(world, visitor)
    announce(world, CLOSED)

    assert "rien ne peut être changé ici" in visitor.get(ALBA_STEP).text
    answer = visitor.post(ALBA_STEP, ALBA_TYPED)
    assert (answer.status_code, "rien de nouveau n'a été enregistré" in answer.text) == (422, True)
    assert "Ce que vous venez de saisir, et qui n'est pas enregistré" in answer.text
    assert visitor.post(f"{ALBA_STEP}/retirer").status_code == 422


@pytest.mark.parametrize(
    ("youngest", "oldest", "text"),
    [
        (7, 120, "dès 7 ans"),
        (4, 6, "de 4 à 6 ans"),
        (0, 18, "jusqu'à 18 ans"),
        (0, 120, "à tout âge"),
        (1, 120, "dès 1 an"),
    ],
)
def test_ages_are_said_in_words(youngest: int, oldest: int, text: str) -> None:
    assert ages_of(DisciplineOffered("Piano", youngest, oldest)) == text
