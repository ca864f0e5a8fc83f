"""Answers: the missing fields before they can be sent."""

from dataclasses import replace

import pytest

from chalicelib.domain.enrolment.answers import CourseWish, HouseholdAnswers, PupilAnswers
from tests.support.answers import LEAVES, STAYS, WHOLE


@pytest.mark.parametrize(
    ("answers", "lacking"),
    [
        (PupilAnswers(), ("choix",)),
        (STAYS, ()),
        (LEAVES, ()),
        (PupilAnswers(stays=True), ("image",)),
        (PupilAnswers(stays=True, image_rights=False), ()),
        (PupilAnswers(stays=True, wishes=(CourseWish("Hautbois", "stop"), CourseWish("Chant", "stop"))), ("choix",)),
        (replace(STAYS, wishes=(CourseWish("Hautbois", "stop"), CourseWish("Chant", "keep"))), ()),
        (PupilAnswers(stays=False, wishes=(CourseWish("Hautbois", "change"),)), ()),
        (
            replace(STAYS, wishes=(CourseWish("Hautbois", "keep"), CourseWish("Chant", "change"))),
            ("discipline-2",),
        ),
        (replace(STAYS, wishes=(CourseWish("Chant", "change", "Alto", ("mardi",)),)), ()),
    ],
)
def test_what_lacks_for_a_pupil(answers: PupilAnswers, lacking: tuple[str, ...]) -> None:
    assert answers.lacking == lacking


def test_what_lacks_for_the_household() -> None:
    assert WHOLE.lacking == ()
    assert HouseholdAnswers().lacking == (*("coordonnees", "payeur", "urgence_nom", "urgence_telephone", "reglement"),)
    assert replace(WHOLE, payer="").lacking == ("payeur",)
