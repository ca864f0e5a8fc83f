"""Answers: the missing fields before they can be sent."""

from dataclasses import fields as attributes_of
from dataclasses import replace

import pytest

from chalicelib.domain import fields
from chalicelib.domain.enrolment.answers import (
    HOUSEHOLD_FIELDS,
    PUPIL_FIELDS,
    CourseOutcome,
    CourseWish,
    FormField,
    HouseholdAnswers,
    PupilAnswers,
    course_outcomes,
    form_fields,
    pair_with_wishes,
)
from chalicelib.domain.family.households import Course
from tests.support.answers import LEAVES, STAYS, WHOLE

HAUTBOIS, CHANT, PIANO = Course("Hautbois", "cycle 1"), Course("Chant"), Course("Piano")


def stays(*wishes: CourseWish) -> PupilAnswers:
    return PupilAnswers(stays=True, wishes=wishes)


def test_a_course_goes_on_changes_or_stops() -> None:
    keep, change, stop = (
        CourseWish("Hautbois", "keep"),
        CourseWish("Chant", "change", "Alto"),
        CourseWish("Piano", "stop"),
    )
    another_day = CourseWish("Chant", "change", "Chant", ("mardi",))
    leaves = PupilAnswers(stays=False, wishes=(keep,))
    goes_on, stops = CourseOutcome("Hautbois", "Hautbois"), CourseOutcome("Hautbois")

    assert course_outcomes((HAUTBOIS, CHANT, PIANO), stays(keep, change, stop)) == (
        *(goes_on, CourseOutcome("Chant", "Alto"), CourseOutcome("Piano")),
    )
    assert course_outcomes((CHANT,), stays(another_day)) == (CourseOutcome("Chant", "Chant"),)
    assert course_outcomes((HAUTBOIS, CHANT), leaves) == (stops, CourseOutcome("Chant")), "whatever was wished before"
    assert course_outcomes((HAUTBOIS,), PupilAnswers()) == (), "who has not said"


def test_two_courses_of_one_discipline_have_each_their_wish() -> None:
    jazz, classical = Course("Danse", "jazz"), Course("Danse", "classique")
    keep, stop = CourseWish("Danse", "keep"), CourseWish("Danse", "stop")

    assert pair_with_wishes((jazz, classical), (keep, stop)) == ((jazz, keep), (classical, stop))


def test_what_the_file_lists_no_more_or_lists_anew_is_told_as_it_is() -> None:
    keep = CourseWish("Cor", "keep")

    assert pair_with_wishes((HAUTBOIS,), (keep,)) == ((HAUTBOIS, None), (Course("Cor"), keep))
    assert course_outcomes((HAUTBOIS,), stays(keep)) == (CourseOutcome("Cor", "Cor"),)


def test_a_discipline_more_takes_no_course_s_place() -> None:
    more = CourseWish("Chant", "add", days=("mardi",))

    assert pair_with_wishes((CHANT,), (more,)) == ((CHANT, None), (Course(""), more))
    assert course_outcomes((HAUTBOIS,), stays(CourseWish("Hautbois", "keep"), more)) == (
        CourseOutcome("Hautbois", "Hautbois"),
        CourseOutcome("", "Chant"),
    )


ALL = (*HOUSEHOLD_FIELDS, *PUPIL_FIELDS)


def test_every_answer_is_described_but_what_is_wished_of_courses() -> None:
    assert [field.attribute for field in form_fields(HouseholdAnswers)] == [
        key.name for key in attributes_of(HouseholdAnswers)
    ]
    assert {key.name for key in attributes_of(PupilAnswers)} - {field.attribute for field in PUPIL_FIELDS} == {"wishes"}


def test_names_are_one_field_s_and_its_length_is_the_form_s() -> None:
    assert len({field.name for field in ALL}) == len(ALL)
    assert {field.name: fields.longest(field.name) for field in ALL} == {field.name: field.longest for field in ALL}
    assert {field.shown_with for field in ALL} - {field.attribute for field in ALL} == {""}


@pytest.mark.parametrize(
    ("field", "text", "value", "is_answered"),
    [
        (FormField("a", "line", 9), "", "", False),
        (FormField("a", "lines", 9), "un\ndeux", "un\ndeux", True),
        (FormField("a", "telephone", 60), "0699001002", "06 99 00 10 02", True),
        (FormField("a", "telephone", 60), "le soir", "le soir", True),
        (FormField("a", "tick"), "oui", True, True),
        (FormField("a", "tick"), "", False, False),
        (FormField("a", "yes_or_no"), "non", False, True),
        (FormField("a", "yes_or_no"), "peut-être", None, False),
    ],
)
def test_a_field_is_read_by_its_kind(field: FormField, text: str, value: object, is_answered: bool) -> None:
    assert field.read(text) == value
    assert field.is_answered(value) is is_answered


def test_only_a_telephone_may_be_wrong() -> None:
    assert FormField("a", "telephone").error_in("le soir") == "telephone_malformed"
    assert FormField("a", "telephone").error_in("") is None
    assert FormField("a", "line").error_in("le soir") is None


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
        (replace(STAYS, wishes=(CourseWish("Hautbois", "keep"), CourseWish("Chant", "change"))), ("discipline-2",)),
        (replace(STAYS, wishes=(CourseWish("Chant", "change", "Alto", ("mardi",)),)), ()),
    ],
)
def test_what_lacks_for_a_pupil(answers: PupilAnswers, lacking: tuple[str, ...]) -> None:
    assert answers.lacking == lacking


def test_what_lacks_for_the_household() -> None:
    assert WHOLE.lacking == ()
    assert HouseholdAnswers().lacking == (*("coordonnees", "payeur", "urgence_nom", "urgence_telephone", "reglement"),)
    assert replace(WHOLE, payer="").lacking == ("payeur",)
