"""GET /extranet/compte/eleves: each pupil with its courses, and whom to call where something is wrong."""

import html
import re
from datetime import date

import pytest

from chalicelib.domain.households import Course, Guardian, Household, Pupil
from tests.world import Visitor, World

PAGE = "/extranet/compte/eleves"
HAUTBOIS = Course("Hautbois", "Cycle 1", "Mme Sorbier", "mercredi 14 h 30 - 15 h 15", "salle Anche")
JEANNE = Pupil("Jeanne Rossignol", date(2015, 3, 9), (HAUTBOIS, Course("Formation musicale", "Cycle 1")))
AIMEE = Pupil("Aimée Rossignol", date(1984, 4, 17), (Course("Chant", slot="jeudi 19 h"),))
PAUL = Pupil("Paul & <Rossignol>")


def page(world: World, visitor: Visitor, *pupils: Pupil) -> str:
    world.settle(household=Household((Guardian("Mme Rossignol"),), pupils=pupils))
    visitor.log_in()
    world.aws.calls.clear()
    answer = visitor.get(PAGE)
    assert answer.status_code == 200
    return str(answer.text)


def texts(part: str) -> str:
    """Give what one reads of a part of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", part)).split())


def about(text: str, pupil: Pupil) -> str:
    """Give what one reads about a pupil."""
    return next(
        found for found in map(texts, re.findall("<section.+?</section>", text, re.DOTALL)) if pupil.name in found
    )


def test_each_pupil_has_its_birth_date_and_its_courses(world: World, visitor: Visitor) -> None:
    text = page(world, visitor, JEANNE, AIMEE)

    assert about(text, JEANNE).startswith(
        "Jeanne Rossignol Né(e) le 9 mars 2015 Cours de cette année "
        "Discipline Hautbois Niveau Cycle 1 Professeur Mme Sorbier Jour et heure mercredi 14 h 30 - 15 h 15 "
        "Lieu salle Anche "
        "Discipline Formation musicale Niveau Cycle 1 Professeur, horaire et lieu : demandez-les à votre conservatoire."
    )
    assert about(text, AIMEE).startswith(
        "Aimée Rossignol Né(e) le 17 avril 1984, majeur(e) Cours de cette année Discipline Chant "
        "Jour et heure jeudi 19 h"
    )


def test_what_is_not_known_of_a_pupil_is_said(world: World, visitor: Visitor) -> None:
    text = about(page(world, visitor, PAUL), PAUL)

    assert "Date de naissance non renseignée" in text
    assert "Aucun cours n'est enregistré cette année." in text
    assert "Discipline non précisée" in about(
        page(world, visitor, Pupil("Léo", None, (Course("", "Éveil"),))), Pupil("Léo")
    )


def test_a_family_without_pupils_is_told_so(world: World, visitor: Visitor) -> None:
    text = texts(page(world, visitor))

    assert "Aucun élève n'est enregistré à votre nom" in text


@pytest.mark.parametrize("pupils", [(), (JEANNE,)])
def test_the_page_says_whom_to_call(world: World, visitor: Visitor, pupils: tuple[Pupil, ...]) -> None:
    text = texts(page(world, visitor, *pupils))

    assert "Une erreur ?" in text
    assert "01 99 00 10 03" in text


def test_the_page_costs_three_round_trips_at_most(world: World, visitor: Visitor) -> None:
    page(world, visitor, JEANNE)

    assert len(world.aws.calls) <= 3


def test_the_record_holds_no_name_and_no_birth_date(world: World, visitor: Visitor) -> None:
    page(world, visitor, JEANNE)

    assert not [secret for secret in ("Jeanne", "2015", "Hautbois") if secret in world.log.getvalue()]
