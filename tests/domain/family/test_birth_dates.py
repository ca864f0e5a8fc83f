"""A birth date is parsed in any usual format. A future one, or one 120 years old, is an error."""

from datetime import date

import pytest

from chalicelib.domain.family.birth_dates import age_at, birth_date_from, error_in

TODAY = date(2027, 6, 1)
BORN = date(2018, 2, 28)


@pytest.mark.parametrize(
    "text",
    [
        *("28/02/2018", "28/2/2018", "28-02-2018", "28.02.2018", "28 02 2018", "28022018", " 28 / 02 / 2018 "),
        *("2018-02-28", "28 février 2018", "28 Fevrier 2018", "28 FÉV. 2018"),
    ],
)
def test_it_is_read_as_people_type_it(text: str) -> None:
    assert birth_date_from(text) == BORN
    assert error_in(text, TODAY) is None


@pytest.mark.parametrize(
    "text",
    [
        *("31/02/2018", "28/13/2018", "28/02/18", "280218", "28/02", "2018", "hier", "28 jui 2018", "28 ma 2018"),
        *("00/01/2018", "٢٨/٠٢/٢٠١٨", "28/02/2018 ou 2019", "-28/02/20180", "1" * 40),
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    assert birth_date_from(text) is None
    assert error_in(text, TODAY) == "birth_date_malformed"


def test_the_first_of_a_month_in_words_is_read_too() -> None:
    assert birth_date_from("1er mars 2018") == date(2018, 3, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("02/06/2027", "birth_date_to_come"),
        ("01/06/2027", None),
        ("01/06/1907", "birth_date_too_old"),
        ("02/06/1907", None),
        ("", None),
    ],
)
def test_who_is_not_born_or_120_years_old_is_refused(text: str, code: str | None) -> None:
    assert error_in(text, TODAY) == code


def test_an_age_changes_on_the_birthday() -> None:
    assert age_at(BORN, date(2027, 2, 27)) == 8
    assert age_at(BORN, date(2027, 2, 28)) == 9
    assert age_at(date(2020, 2, 29), date(2027, 2, 28)) == 6
    assert age_at(date(2020, 2, 29), date(2027, 3, 1)) == 7
