"""Answers: what lacks before they can be sent."""

from dataclasses import replace

import pytest

from chalicelib.domain.answers import CourseWish, HouseholdAnswers, PupilAnswers
from tests.domain.test_enrolments import LEAVES, STAYS, WHOLE


@pytest.mark.parametrize(
    ("answers", "lacking"),
    [
        (PupilAnswers(), ("choix",)),
        (STAYS, ()),
        (LEAVES, ()),
        (PupilAnswers(stays=True), ()),
        (PupilAnswers(stays=False, wishes=(CourseWish("Hautbois", "change"),)), ()),
        (
            PupilAnswers(stays=True, wishes=(CourseWish("Hautbois", "keep"), CourseWish("Chant", "change"))),
            ("discipline-2",),
        ),
        (PupilAnswers(stays=True, wishes=(CourseWish("Chant", "change", "Alto", ("mardi",)),)), ()),
    ],
)
def test_what_lacks_for_a_pupil(answers: PupilAnswers, lacking: tuple[str, ...]) -> None:
    assert answers.lacking == lacking


def test_a_pupil_that_stops_every_course_leaves_and_should_say_so() -> None:
    both = (CourseWish("Hautbois", "stop"), CourseWish("Chant", "stop"))

    assert PupilAnswers(stays=True, wishes=both).stops_everything
    assert not PupilAnswers(stays=True, wishes=(both[0], CourseWish("Chant", "keep"))).stops_everything
    assert not PupilAnswers(stays=True).stops_everything


def test_what_lacks_for_the_household() -> None:
    assert WHOLE.lacking == ()
    assert HouseholdAnswers().lacking == (
        *("coordonnees", "payeur", "image", "urgence_nom", "urgence_telephone", "reglement"),
    )
    assert replace(WHOLE, image_rights=None).lacking == ("image",)
