"""The pages of a worklist, and the words of its queries. Each list has tests of its own."""

import pytest

from chalicelib.office.dossiers.worklist import bounds, check_query
from chalicelib.office.refusals import OfficeRefusal


def test_fifty_rows_are_a_page_and_the_first_page_has_an_empty_cursor() -> None:
    def cursor(start: int) -> str:
        return f"after {start}" if start else ""

    pages = {start: bounds(101, start, cursor) for start in (0, 50, 100)}

    assert pages == {
        0: (101, 1, None, "after 50"),
        50: (101, 51, "", "after 100"),
        100: (101, 101, "after 50", None),
    }
    assert bounds(50, 0, cursor) == (50, 1, None, None)
    assert bounds(60, 3, cursor) == (60, 4, "", "after 53")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (("27",), "season_malformed"),
        (("l'an dernier",), "season_malformed"),
        ((None, " - "), "find_nothing_typed"),
        (("2027", None, "?"), "find_nothing_typed"),
    ],
)
def test_a_query_without_sense_is_refused(asked: tuple[str | None, ...], code: str) -> None:
    with pytest.raises(OfficeRefusal, match=code):
        check_query(*asked)


def test_a_query_may_name_nothing() -> None:
    check_query(None, None)
    check_query("2027", "danse")
