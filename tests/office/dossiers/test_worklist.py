"""The pages of a worklist, and the words of its queries. Each list has tests of its own."""

import pytest

from chalicelib.office.dossiers.worklist import FoundRow, OrderedRows, check_query
from chalicelib.office.refusals import OfficeRefusal


def rows_to(last: int, *numbers: int) -> OrderedRows[int]:
    """Make a list of numbers, of which some no longer match."""
    identifiers = range(1, last + 1)
    return OrderedRows(identifiers, [row for row in identifiers if row not in numbers], lambda row: row, str)


def test_fifty_rows_are_a_page_and_the_first_page_has_an_empty_cursor() -> None:
    pages = {start: rows_to(101).page_bounds(start) for start in (0, 50, 100)}

    assert pages == {0: (101, 1, None, "50-50"), 50: (101, 51, "", "100-100"), 100: (101, 101, "50-50", None)}
    assert rows_to(50).page_bounds(0) == (50, 1, None, None)
    assert rows_to(60).page_bounds(3) == (60, 4, "", "53-53")


def test_a_row_has_neighbours_though_it_matches_no_more_or_is_gone() -> None:
    rows = rows_to(60, 12, 13)

    assert rows.beside("11", 11, "next") == FoundRow(14, 12, 58, "")
    assert rows.beside("12", 12, "next") == FoundRow(14, 12, 58, "")
    assert rows.beside("12", 12, "previous") == FoundRow(11, 11, 58, "")
    assert rows.beside("14", 12, "previous") == FoundRow(11, 11, 58, "")
    assert rows.beside("14", 12, "same") == FoundRow(14, 12, 58, "")
    assert rows.beside("52", 50, "next") == FoundRow(53, 51, 58, "50-52")
    assert rows.beside("erased", 11, "next") == FoundRow(14, 12, 58, "")
    assert [rows.beside("1", 1, "previous"), rows.beside("60", 58, "next"), rows.beside("x", 99, "next")] == [None] * 3


@pytest.mark.parametrize(
    ("groups", "code"),
    [
        (("27",), "season_malformed"),
        (("l'an dernier",), "season_malformed"),
        ((None, " - "), "find_nothing_typed"),
        (("2027", None, "?"), "find_nothing_typed"),
    ],
)
def test_a_query_without_sense_is_refused(groups: tuple[str | None, ...], code: str) -> None:
    with pytest.raises(OfficeRefusal, match=code):
        check_query(*groups)


def test_a_query_may_name_nothing() -> None:
    check_query(None, None)
    check_query("2027", "danse")
