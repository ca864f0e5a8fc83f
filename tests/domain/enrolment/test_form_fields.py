"""The fields of a step: every answer is described, and parsed accordingly."""

from dataclasses import fields as attributes_of

import pytest

from chalicelib.domain import fields
from chalicelib.domain.enrolment.answers import HOUSEHOLD_FIELDS, PUPIL_FIELDS, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.form_fields import FormField, form_fields

ALL = (*HOUSEHOLD_FIELDS, *PUPIL_FIELDS)


def test_every_answer_is_described_but_what_is_wished_of_courses() -> None:
    assert [field.attribute for field in form_fields(HouseholdAnswers)] == [
        own.name for own in attributes_of(HouseholdAnswers)
    ]
    assert {own.name for own in attributes_of(PupilAnswers)} - {field.attribute for field in PUPIL_FIELDS} == {"wishes"}


def test_names_are_one_field_s_and_its_length_is_the_form_s() -> None:
    assert len({field.name for field in ALL}) == len(ALL)
    assert {field.name: fields.longest(field.name) for field in ALL} == {field.name: field.longest for field in ALL}


def test_what_is_shown_with_another_field_names_one() -> None:
    assert {field.shown_with for field in ALL} - {field.attribute for field in ALL} == {""}


@pytest.mark.parametrize(
    ("field", "typed", "value", "is_answered"),
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
def test_a_field_is_read_by_its_kind(field: FormField, typed: str, value: object, is_answered: bool) -> None:
    assert field.read(typed) == value
    assert field.is_answered(value) is is_answered


def test_only_a_telephone_may_be_wrong() -> None:
    assert FormField("a", "telephone").error_in("le soir") == "telephone_malformed"
    assert FormField("a", "telephone").error_in("") is None
    assert FormField("a", "line").error_in("le soir") is None
