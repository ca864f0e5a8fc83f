"""Answers kept from one season to the next, and the questions left."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.enrolment.answers import HOUSEHOLD_FIELDS, CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile, State
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.enrolment.submissions import (
    HOUSEHOLD_QUESTIONS,
    PUPIL_QUESTIONS,
    TICKS,
    blank,
    contradicts,
    is_sent_along,
    kept_household_answers,
    kept_pupil_answers,
    questions,
    submit,
)
from chalicelib.domain.family.households import Course, Pupil
from tests.support.answers import CHANGES, FULL, LEAVES, NOW, REF, SAVED, WHOLE, sent_answers

NEW = Enrolment(REF)
BEFORE = EnrolmentRef(REF.account, "2026")
ZELIE = Pupil("Zélie", courses=(Course("Hautbois"), Course("Formation musicale")))
STAYS = kept_pupil_answers(PupilFile("a1", "Zélie"), ZELIE)


def last_year(household: HouseholdAnswers, answers: PupilAnswers = STAYS) -> Enrolment:
    """Make a sent season."""
    enrolment = Enrolment(BEFORE).with_household(household, SAVED).with_pupil(PupilFile("a1", "Zélie", answers), NOW)
    return submit(enrolment, enrolment.pupils, "R26-AAAA-BBBB", SAVED)


def test_a_pupil_of_whom_nothing_is_answered_goes_on_with_each_course() -> None:
    assert STAYS.stays
    assert STAYS.wishes == (CourseWish("Hautbois", "keep"), CourseWish("Formation musicale", "keep"))


def test_one_without_courses_goes_on_too() -> None:
    answers = kept_pupil_answers(PupilFile("a1", "Zélie"), Pupil("Zélie"))

    assert (answers.stays, answers.wishes) == (True, ())


def test_what_was_answered_this_season_is_kept_as_it_is() -> None:
    assert kept_pupil_answers(PupilFile("a1", "Zélie", CHANGES), ZELIE) == CHANGES


def test_what_was_typed_and_sent_last_year_is_kept_and_nothing_that_is_chosen_or_ticked() -> None:
    answers = kept_household_answers(NEW, last_year(replace(WHOLE, pickup_persons="Mme Houx")), "Mme Merle")

    assert answers == HouseholdAnswers(
        payer="Mme Merle",
        emergency_name=WHOLE.emergency_name,
        emergency_telephone=WHOLE.emergency_telephone,
        pickup_persons="Mme Houx",
    )


def test_of_a_year_in_which_everybody_left_or_nothing_was_sent_nothing_is_kept() -> None:
    enrolment = Enrolment(BEFORE).with_household(WHOLE, SAVED)

    assert kept_household_answers(NEW, last_year(WHOLE, LEAVES), "") == HouseholdAnswers()
    assert kept_household_answers(NEW, enrolment, "") == HouseholdAnswers()


def test_what_was_saved_this_season_counts_even_where_it_is_less() -> None:
    enrolment = NEW.with_household(HouseholdAnswers(payer="M. Orme"), SAVED)

    assert kept_household_answers(enrolment, last_year(WHOLE), "Mme Merle") == HouseholdAnswers(payer="M. Orme")


def test_the_questions_left_are_all_that_is_compulsory_and_lacks_and_nothing_else() -> None:
    fields = questions(HouseholdAnswers(), (*HOUSEHOLD_QUESTIONS, *TICKS))

    assert {field.name for field in fields} == {field.name for field in HOUSEHOLD_FIELDS if field.is_required}
    assert questions(WHOLE, (*HOUSEHOLD_QUESTIONS, *TICKS)) == ()
    assert "stays" not in {field.attribute for field in PUPIL_QUESTIONS}


@pytest.mark.parametrize(
    ("file", "state", "expected"),
    [
        (PupilFile("a1", "Zélie"), "none", True),
        (PupilFile("a1", "Zélie", LEAVES), "draft", True),
        (PupilFile("a1", "Zélie", PupilAnswers()), "draft", False),
        (PupilFile("a1", "Zélie", PupilAnswers(stays=True, wishes=(CourseWish("Alto", "change"),))), "draft", False),
        (PupilFile("a1", "Zélie", sent=sent_answers(STAYS)), "submitted", False),
        (PupilFile("a1", "Zélie", LEAVES, sent=sent_answers(STAYS)), "changed", True),
        (PupilFile("a1", "Zélie", sent=sent_answers(STAYS, "to_complete")), "to_complete", False),
        (PupilFile("a1", "Zélie", LEAVES, sent=sent_answers(STAYS, "accepted")), "accepted", False),
        (PupilFile("a1", "Zélie", sent=sent_answers(STAYS, "declined")), "declined", False),
    ],
)
def test_who_goes_along_is_open_waits_and_lacks_nothing(file: PupilFile, state: State, *, expected: bool) -> None:
    assert file.state == state
    assert is_sent_along(file, kept_pupil_answers(file, ZELIE)) is expected


def test_what_a_form_answers_is_blank_where_it_was_asked() -> None:
    assert blank(WHOLE, ["payer", "rules_accepted"]) == replace(WHOLE, payer="", rules_accepted=False)


def test_a_form_contradicts_only_what_is_answered_and_otherwise() -> None:
    values: dict[str, Any] = {"emergency_name": "M. Merle", "emergency_telephone": "06 99 00 10 02"}

    assert not contradicts(values, HouseholdAnswers(), HOUSEHOLD_QUESTIONS)
    assert not contradicts(values, replace(HouseholdAnswers(), **values), HOUSEHOLD_QUESTIONS)
    assert contradicts(values, HouseholdAnswers(emergency_name="Mme Houx"), HOUSEHOLD_QUESTIONS)
    assert contradicts({"emergency_name": ""}, FULL.household, HOUSEHOLD_QUESTIONS), "what was left empty was unseen"
