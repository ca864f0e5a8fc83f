"""The closing report in words: numbers with their sign, tables without rows left out."""

import pytest

from chalicelib.office.enrolment.report import ClosingReport
from chalicelib.presentation.office.closing_report import ReportTable, sentences, signed_number, tables
from chalicelib.settings.environment import load_network


@pytest.mark.parametrize(("count", "words"), [(0, "0"), (3, "+3"), (-12, "−12")])
def test_a_number_has_its_sign_and_a_true_minus(count: int, words: str) -> None:
    assert signed_number(count) == words


def test_a_season_of_which_nothing_is_known_has_no_table() -> None:
    report = ClosingReport(load_network().sites[0], "2027")

    assert list(tables(report)) == []
    assert next(sentences(report)).startswith("Familles : 0. Ont commencé : 0")


def test_a_balance_is_a_number_though_it_is_written_with_its_sign() -> None:
    table = ReportTable("Places", ("Discipline", "Solde"), [["Alto", "+1"]])

    assert [table.is_words(column) for column in (0, 1)] == [True, False]
