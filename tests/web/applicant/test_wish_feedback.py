"""The ages of a discipline in French."""

import pytest

from chalicelib.settings.admission import DisciplineOffered
from chalicelib.web.applicant.candidate import ages_of, years


@pytest.mark.parametrize(
    ("youngest", "oldest", "text"),
    [
        (7, 120, "dès 7 ans"),
        (4, 6, "de 4 à 6 ans"),
        (0, 18, "jusqu'à 18 ans"),
        (0, 120, "à tout âge"),
        (1, 120, "dès 1 an"),
    ],
)
def test_ages_are_said_in_words(youngest: int, oldest: int, text: str) -> None:
    assert ages_of(DisciplineOffered("Piano", youngest, oldest)) == text


def test_one_year_is_singular() -> None:
    assert [years(count) for count in (0, 1, 2)] == ["0 an", "1 an", "2 ans"]
