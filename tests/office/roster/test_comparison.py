"""Counted losses of families: the import asks above a threshold, and only lists them below."""

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.roster.merge import Loss
from chalicelib.office.roster.comparison import Comparison
from chalicelib.office.roster.import_families import FamilyChange


def asked(families: dict[tuple[str, Loss], int]) -> list[str]:
    """Compare a number of families for each site and loss. Returns the questions."""
    comparison = Comparison()
    for (site, loss), count in families.items():
        for number in range(count):
            comparison.note(FamilyChange("changed", AccountRef(site, str(number)), "", "", loss=loss))
    comparison.note(FamilyChange("new", AccountRef("a", "new"), "", ""))
    return [question.code for question in Comparison(comparison.counts.items()).questions()]


@pytest.mark.parametrize(
    ("families", "codes"),
    [
        ({("a", ""): 8, ("a", "lost"): 2}, []),
        ({("a", ""): 7, ("a", "lost"): 2}, ["import_many_lose"]),
        ({("a", "replaced"): 20}, []),
        ({("a", "replaced"): 21}, ["import_many_replaced"]),
        ({("a", ""): 100, ("a", "lost"): 10, ("a", "replaced"): 16}, ["import_many_replaced"]),
        ({("a", ""): 400, ("b", "lost"): 20}, []),
        ({("a", ""): 400, ("b", "lost"): 21, ("c", ""): 40, ("c", "lost"): 3}, ["import_many_at_site"]),
        ({}, []),
    ],
)
def test_more_than_one_family_in_five_is_asked_about(families: dict[tuple[str, Loss], int], codes: list[str]) -> None:
    assert asked(families) == codes
