"""The page of one pupil: its courses, its answers, and no other family's pupil."""

import html
from dataclasses import replace

import pytest

from chalicelib.domain.answers import CourseWish, PupilAnswers
from chalicelib.domain.enrolments import PupilFile
from chalicelib.domain.households import Course, Household
from tests.support.enrolling import (
    CHANGES,
    CONTINUES,
    EVE_KEY,
    HOUSEHOLD,
    LEAVES,
    LEO_KEY,
    ZELIE_KEY,
    enrolment,
    open_season,
)
from tests.support.enrolment_pages import mark, seen
from tests.support.households import MERLE
from tests.support.world import Visitor, World

STEP = "/extranet/compte/reinscription/eleves"


@pytest.fixture
def inside(world: World, visitor: Visitor) -> Visitor:
    open_season(world)
    visitor.log_in()
    return visitor


def send(visitor: Visitor, key: str, form: dict[str, str]) -> tuple[int, str]:
    answer = visitor.post(f"{STEP}/{key}", form | {"vu": mark(visitor, f"{STEP}/{key}")})
    return answer.status_code, html.unescape(answer.text)


def file(world: World, key: str) -> PupilFile:
    found = enrolment(world).pupil(key)
    assert found is not None
    return found


def test_this_year_s_courses_are_shown(inside: Visitor) -> None:
    page = seen(inside, f"{STEP}/{ZELIE_KEY}")

    for words in (
        "Hautbois",
        "Cycle 1",
        "Mme Saule",
        "mercredi 14 h 30 - 15 h 15",
        "salle Ravel",
        "Formation musicale",
    ):
        assert words in page


def test_a_pupil_goes_on_course_by_course(world: World, inside: Visitor) -> None:
    send(inside, ZELIE_KEY, CONTINUES | {"cours-2": "arreter"})

    assert file(world, ZELIE_KEY).draft == PupilAnswers(
        stays=True, wishes=(CourseWish("Hautbois", "keep"), CourseWish("Formation musicale", "stop"))
    )


def test_a_pupil_of_ten_courses_answers_of_each(world: World, inside: Visitor) -> None:
    ten = replace(HOUSEHOLD.pupils[0], courses=tuple(Course(f"Cours {number}") for number in range(10)))
    account = world.account()
    world.services.accounts.change(account, replace(account, household=Household(pupils=(ten,))))
    fields = {f"cours-{number}": "changer" for number in range(1, 11)}
    fields |= {f"discipline-{number}": "Piano" for number in range(1, 11)}
    fields |= {f"jour-{number}-{place}": "mardi" for number in range(1, 11) for place in (1, 2, 3)}

    status, _ = send(inside, ZELIE_KEY, {"choix": "oui", "motif": "", "motif_autre": "", "remarque": "", **fields})

    assert status == 303
    assert len((file(world, ZELIE_KEY).draft or PupilAnswers()).wishes) == 10


def test_a_pupil_changes_and_says_its_days_in_order(world: World, inside: Visitor) -> None:
    send(inside, LEO_KEY, CHANGES | {"remarque": "Après 17 h,\r\nsi possible."})

    answers = file(world, LEO_KEY).draft
    assert answers == PupilAnswers(
        stays=True,
        wishes=(CourseWish("Danse classique", "change", "Danse contemporaine", ("mardi", "jeudi")),),
        remark="Après 17 h,\nsi possible.",
    )
    page = seen(inside, f"{STEP}/{LEO_KEY}")
    assert '<option value="Danse contemporaine" selected>' in page
    assert "<details open>" in page
    assert "Après 17 h,\nsi possible." in page


def test_a_pupil_leaves_with_a_reason_or_without_and_comes_back_on_it(world: World, inside: Visitor) -> None:
    send(inside, EVE_KEY, LEAVES)
    assert (file(world, EVE_KEY).draft or PupilAnswers()).reason == "Déménagement"
    send(inside, EVE_KEY, LEAVES | {"motif_autre": "Études à l'étranger"})
    assert (file(world, EVE_KEY).draft or PupilAnswers()).reason == "Études à l'étranger"
    send(inside, EVE_KEY, {"choix": "non"})
    assert (file(world, EVE_KEY).draft or PupilAnswers()).reason == ""

    send(inside, EVE_KEY, {"choix": "oui", "cours-1": "continuer"})

    assert (file(world, EVE_KEY).draft or PupilAnswers()).stays is True


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        ({}, "choix", "Dites si l'élève se réinscrit"),
        (CHANGES | {"discipline-1": ""}, "discipline-1", "Choisissez la discipline"),
        (CHANGES | {"discipline-1": "Astronomie"}, "discipline-1", "Choisissez la discipline"),
        ({"choix": "oui", "cours-1": "arreter"}, "choix", "Tous les cours sont arrêtés"),
        (CHANGES | {"remarque": "a" * 501}, "remarque", "au plus 500 caractères"),
        (LEAVES | {"motif_autre": "a" * 201}, "motif_autre", "au plus 200 caractères"),
    ],
)
def test_each_refusal_is_beside_its_field(inside: Visitor, form: dict[str, str], field: str, sentence: str) -> None:
    status, page = send(inside, LEO_KEY, form)

    assert status == 422
    assert sentence in page.partition(f'id="{field}-erreur"')[2].partition("</div>")[0]
    assert f'href="#{field}"' in page
    assert f'id="{field}"' in page


def test_days_that_are_not_offered_or_said_twice_are_left_out(world: World, inside: Visitor) -> None:
    send(inside, LEO_KEY, CHANGES | {"jour-1-1": "dimanche", "jour-1-2": "mardi", "jour-1-3": "mardi"})

    assert (file(world, LEO_KEY).draft or PupilAnswers()).wishes[0].days == ("mardi",)


@pytest.mark.parametrize("key", ["00000000", "foyer", "..", "a%2fb", "x" * 65])
def test_a_key_of_nobody_here_is_no_page(inside: Visitor, key: str) -> None:
    assert inside.get(f"{STEP}/{key}").status_code == 404
    assert inside.post(f"{STEP}/{key}", CONTINUES).status_code == 404


def test_another_family_s_pupil_is_no_page(world: World, inside: Visitor) -> None:
    world.settle(MERLE, name="Famille Merle")
    inside.log_in(MERLE)

    assert inside.get(f"{STEP}/{ZELIE_KEY}").status_code == 404
    assert inside.post(f"{STEP}/{ZELIE_KEY}", CONTINUES).status_code == 404
    assert enrolment(world).pupils == ()
