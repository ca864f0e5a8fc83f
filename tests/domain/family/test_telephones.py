"""Telephone numbers in all usual formats, also as damaged by spreadsheets. Anything else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.family.telephones import telephone_from


@pytest.mark.parametrize(
    "text",
    [
        *("01 99 00 12 34", "0199001234", "01.99.00.12.34", "01-99-00-12-34", "01/99/00/12/34", " 01 99 00 12  34 "),
        *("+33 1 99 00 12 34", "+33199001234", "+33 (0)1 99 00 12 34", "0033 1 99 00 12 34", "(01) 99 00 12 34"),
        *("199001234", "33199001234"),  # a spreadsheet took it for an amount
    ],
)
def test_a_french_number_has_one_spelling(text: str) -> None:
    assert telephone_from(text) == "01 99 00 12 34"


@pytest.mark.parametrize("text", ["+352 99 00 12", "+41 (99) 900 12 34", "0032 99 00 12 34"])
def test_a_foreign_number_stays_as_it_is_written(text: str) -> None:
    assert telephone_from(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "01 99 00 12 34 / 01 99 00 56 78",
        "01.99.00.12.34;+33 1 99 00 56 78",
        "0199001234 ou 0199005678",
        "01 99 00 12 34\n01 99 00 56 78",
        "01 99 00 12 34, 01 99 00 12 34, 01 99 00 56 78",
    ],
)
def test_a_cell_may_hold_several(text: str) -> None:
    assert telephone_from(text) == "01 99 00 12 34 / 01 99 00 56 78"


@pytest.mark.parametrize(
    "text",
    [
        *("", "néant", "01 99 00 12 3", "01 99 00 12 345", "1,99E+08", "+33 99", "+1"),
        *("01 99 00 12 34 (mère)", "01 99 00 12 34 / liste rouge", "/", "rossignol@example.org"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_nothing(text: str) -> None:
    assert not telephone_from(text)


@given(st.text(alphabet="0123456789+ .-/()e", max_size=30))
def test_a_tidy_number_stays_as_it_is(text: str) -> None:
    assert telephone_from(telephone_from(text)) == telephone_from(text)
