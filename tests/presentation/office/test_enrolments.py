"""A re-enrolment in plain French: each state, each answer, each change, each decision."""

from dataclasses import replace
from typing import get_args

import pytest

from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import EnrolmentDecision, PupilFile, State, Verdict
from chalicelib.domain.family.households import Course
from chalicelib.presentation.office import enrolments
from tests.support.answers import NOW, SAVED, STAYS, WHOLE, sent_answers
from tests.support.enrolled_families import CHANGES, GOES_ON, LEAVES
from tests.support.french import slips

COURSES = (Course("Hautbois", "Cycle 1"), Course("Chant"))


def test_each_state_and_verdict_has_its_words() -> None:
    assert list(enrolments.STATE_TOKENS) == list(get_args(enrolments.StateToken))
    assert set(enrolments.STATE_TOKENS.values()) == set(enrolments.STATES) == set(get_args(State))
    assert set(enrolments.VERDICTS) == set(get_args(Verdict))
    assert [slips(said) for said in enrolments.STATES.values()] == [[]] * 8


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (None, "pas encore de réponse"),
        (PupilAnswers(), "pas encore de réponse"),
        (GOES_ON, "continue Hautbois ; continue Formation musicale"),
        (CHANGES, "passe de Danse classique à Danse contemporaine, de préférence mardi, puis jeudi"),
        (LEAVES, "ne se réinscrit pas (Déménagement)"),
        (replace(LEAVES, reason=""), "ne se réinscrit pas"),
        (PupilAnswers(stays=True), "se réinscrit"),
        (PupilAnswers(stays=True, wishes=(CourseWish("Chant", "stop"),)), "arrête Chant"),
        (
            PupilAnswers(stays=True, wishes=(CourseWish("Chant", "keep"), CourseWish("Alto", "add", days=("lundi",)))),
            "continue Chant ; commence Alto en plus, de préférence lundi",
        ),
        (
            PupilAnswers(stays=True, wishes=(CourseWish("Chant", "change"),)),
            "passe de Chant à une discipline à choisir",
        ),
        (
            PupilAnswers(stays=True, wishes=(CourseWish("Chant", "change", "Chant", ("lundi",)),)),
            "continue Chant à un autre moment, de préférence lundi",
        ),
        (PupilAnswers(stays=True, wishes=(CourseWish("Chant", "keep", "Piano", ("lundi",)),)), "Chant à préciser"),
        (PupilAnswers(stays=True, wishes=(CourseWish("Chant", "stop", "Piano"),)), "Chant à préciser"),
    ],
)
def test_answers_are_said(answers: PupilAnswers | None, words: str) -> None:
    assert enrolments.answers(answers) == words
    assert slips(words) == []


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (None, ""),
        (PupilAnswers(), ""),
        (LEAVES, "quitte Hautbois, Chant"),
        (
            PupilAnswers(stays=True, wishes=(CourseWish("Hautbois", "keep"), CourseWish("Chant", "keep"))),
            "rien ne change",
        ),
        (PupilAnswers(stays=True, wishes=(CourseWish("Chant", "keep", "Piano"),)), "Chant à préciser"),
        (
            PupilAnswers(stays=True, wishes=(CourseWish("Cor", "add"), CourseWish("Alto", "stop"))),
            "en plus : Cor ; arrête Alto",
        ),
        (
            PupilAnswers(stays=True, wishes=(CourseWish("Hautbois", "change", "Alto"), CourseWish("Chant", "stop"))),
            "Hautbois → Alto ; arrête Chant",
        ),
    ],
)
def test_what_changes_is_said(answers: PupilAnswers | None, words: str) -> None:
    assert enrolments.changes(COURSES, answers) == words


def test_who_leaves_without_a_course_on_file_just_leaves() -> None:
    assert enrolments.changes((), LEAVES) == "s'en va"


def test_what_was_sent_holds_and_what_is_not_sent_is_told_apart() -> None:
    assert enrolments.pupil_answers(PupilFile("a1", "Zélie")) == ""
    assert enrolments.pupil_answers(PupilFile("a1", "Zélie", STAYS, SAVED)) == "continue Hautbois"
    assert enrolments.pupil_answers(PupilFile("a1", "Zélie", LEAVES, SAVED, sent_answers(STAYS))) == (
        "continue Hautbois ; depuis, pas encore renvoyé : ne se réinscrit pas (Déménagement)"
    )
    assert (
        enrolments.pupil_answers(PupilFile("a1", "Zélie", LEAVES, SAVED, sent_answers(STAYS, "accepted")))
        == "continue Hautbois"
    )


def test_a_decision_says_who_when_and_why() -> None:
    assert (
        enrolments.decision(EnrolmentDecision("accepted", "Mme Houx", NOW))
        == "acceptée le 2 juin 2027 à 20 h 00, par Mme Houx"
    )
    assert enrolments.decision(EnrolmentDecision("declined", "Mme Houx", NOW, "Plus de place.")).endswith(
        "par Mme Houx : « Plus de place. »"
    )


def test_what_changed_of_a_household_is_described_old_and_new() -> None:
    after = replace(WHOLE, payer="", emergency_telephone="06 99 00 00 09")

    assert enrolments.household_changes(WHOLE, WHOLE) == ""
    assert enrolments.household_changes(WHOLE, after) == (
        "Payeur : Mme Rossignol → pas encore indiqué ; "
        "En cas d'urgence : M. Merle, 06 99 00 00 01 → M. Merle, 06 99 00 00 09"
    )
