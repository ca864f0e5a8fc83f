"""A secretary cancels a lesson of a course of their sites, as its teacher would."""

from datetime import date

import pytest

from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.wings.teaching.domain.courses import course_key
from tests.support.cancel_form import READERS, recipients, send
from tests.support.staff import DESK, enter
from tests.support.teaching import PINSON, SITE, VIOLIN, WEDNESDAY, settle_courses, stores
from tests.support.world import Visitor, World

FORM = f"{DESK}/cours/{SITE}/{course_key(VIOLIN)}/annuler"


@pytest.fixture
def secretary(world: World, visitor: Visitor) -> Visitor:
    """Log in a secretary on a Wednesday."""
    settle_courses(world, WEDNESDAY)
    enter(world, visitor)
    return visitor


def test_a_secretary_cancels_a_lesson_and_its_families_are_told(world: World, secretary: Visitor) -> None:
    assert "2 familles à prévenir" in secretary.get(FORM).text

    answer = send(secretary, FORM)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{FORM}?fait=annule")
    assert recipients(world) == READERS
    (cancellation,) = stores(world).changes.find(SITE, course_key(VIOLIN)).cancelled.items()
    assert (cancellation[0], cancellation[1].by) == (date(2026, 11, 18), "Basile Troglodyte <troglodyte@example.org>")


def test_whose_course_it_is_spares_a_look_through_the_site_s_timetables(world: World, secretary: Visitor) -> None:
    world.aws.calls.clear()
    secretary.get(f"{FORM}?enseignant={teacher_key(PINSON)}")
    assert world.aws.calls == ["GetItem", "BatchGetItem", "BatchGetItem"]

    assert secretary.get(f"{FORM}?enseignant={'a' * 2000}").status_code == 200
    assert send(secretary, FORM, enseignant="é" * 300).status_code == 303


@pytest.mark.parametrize("path", [FORM.replace(course_key(VIOLIN), "0" * 16), FORM.replace(SITE, "evry-magnard")])
def test_an_unknown_course_and_another_site_are_not_there(secretary: Visitor, path: str) -> None:
    assert secretary.get(path).status_code == 404
    assert send(secretary, path).status_code == 404
