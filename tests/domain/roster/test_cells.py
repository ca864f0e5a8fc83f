"""Days and amounts in French formats, and ambiguous cells."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.roster.cells import cents_from, day_from
from chalicelib.domain.text import tidy
from chalicelib.presentation.texts import euros


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("28/02/2026", date(2026, 2, 28)),
        ("1/9/2026", date(2026, 9, 1)),
        ("1.9.2026", date(2026, 9, 1)),
        ("01-09-2026", date(2026, 9, 1)),
        ("2026-09-01", date(2026, 9, 1)),
        ("2026-09-01 00:00:00", date(2026, 9, 1)),
        ("2026-09-01T00:00", date(2026, 9, 1)),
        *[(typed, None) for typed in ("", "31/02/2026", "28/02/26", "2026/02/28", "mardi", "45901", "28/02/2026 ?")],
    ],
)
def test_a_day_is_read_or_nothing_is(text: str, day: date | None) -> None:
    assert day_from(text) == day


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12", 1_200),
        ("12,5", 1_250),
        ("12.50", 1_250),
        ("0", 0),
        ("0,05", 5),
        ("1 234,50 €", 123_450),
        ("1234,50€", 123_450),
        ("1234,50 EUR", 123_450),
        ("1 euro", 100),
        ("1.234,50", 123_450),
        ("1,234.50", 123_450),
        ("1'234.50", 123_450),
        ("1 234 567", None),  # over a million
        ("987 654,32", 98_765_432),
        ("-12,00", -1_200),
        ("\N{MINUS SIGN} 12,00", -1_200),
        ("+12", 1_200),
        ("119.99999999999999", 12_000),
        ("0.30000000000000004", 30),
        ("123456.78000000001", 12_345_678),
    ],
)
def test_an_amount_is_read_to_the_cent(text: str, cents: int | None) -> None:
    assert cents_from(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        *("", "gratuit", "12,", ",50", "12,345", "1.234", "1,234", "1.234.567", "12 34,00", "1 23", "1,2,3", "12,50 $"),
        *("(12,00)", "12,50-", "--12", "1.2E+3", "120.123456789", "12%", "#N/A", "env. 12", "12/2", "१२", "9" * 40),
    ],
)
def test_what_may_be_two_amounts_or_none_is_not_guessed(text: str) -> None:
    assert cents_from(text) is None


@given(st.integers(-100_000_000, 100_000_000))
def test_an_amount_is_read_as_we_write_it(cents: int) -> None:
    assert cents_from(tidy(euros(cents))) == cents


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "0,00 €"),
        (5, "0,05 €"),
        (123_450, "1 234,50 €"),
        (123_456_789, "1 234 567,89 €"),
        (-2_500, "\N{MINUS SIGN}25,00 €"),
        (-5, "\N{MINUS SIGN}0,05 €"),
    ],
)
def test_an_amount_is_written_on_one_line(cents: int, text: str) -> None:
    assert euros(cents).replace("\N{NO-BREAK SPACE}", " ") == text
    assert " " not in euros(cents)
