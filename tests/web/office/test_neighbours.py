"""The place of a row's page in its table: any other text is no place, and no address of ours."""

import pytest

from chalicelib.web.office.neighbours import TablePlace, page_of
from chalicelib.web.office.tables import Column, ListTable

PLACE = TablePlace(3, 40, "/extranet/bureau/absences/appels", "site=evry&tri=-jour")


def test_a_place_comes_back_from_the_address_that_carries_it() -> None:
    text = "3/40/extranet/bureau/absences/appels?site=evry&tri=-jour"

    assert TablePlace.parse(text) == PLACE
    assert PLACE.table == text.removeprefix("3/40")
    assert PLACE.of("/a?b=c#d") == (
        "/a?b=c&ligne=3%2F40%2Fextranet%2Fbureau%2Fabsences%2Fappels%3Fsite%3Devry%26tri%3D-jour#d"
    )
    assert PLACE.beside("suivante", "/a?b=c") == f"{PLACE.table}&vers=suivante&rang=3&ici=%2Fa%3Fb%3Dc"


@pytest.mark.parametrize(
    "text",
    [
        *("", "3/40", "0/40/extranet/bureau/cours", "3/4000000/extranet/bureau/cours", "3/40/extranet/compte"),
        *("3/40//example.org/extranet/bureau/cours", '3/40/extranet/bureau/cours?a="b', "3/40/extranet/bureau/../x"),
        *("3/40/extranet/bureau/cours?a=b#c", "3/40/extranet/bureau/cours\n", "3/40javascript:alert(1)"),
    ],
)
def test_any_other_text_is_no_place(text: str) -> None:
    assert TablePlace.parse(text) is None


def test_the_address_of_a_page_is_as_its_table_writes_it() -> None:
    assert page_of("/a", {"ligne": "3/40", "fait": "x"}) == "/a"
    assert page_of("/a", {"site": "evry", "famille": "f", "ligne": "3/40"}) == "/a?site=evry&famille=f"


@pytest.mark.parametrize(
    ("position", "step", "here", "row"),
    [
        *((1, 1, "/a", (2, "/b")), (3, -1, "/b", (1, "/a")), (5, -1, "/e", (3, "/b"))),
        (2, 1, "/b", (5, "/e")),  # past another row of the same page, and one without a page
        (2, 1, "/left", (2, "/b")),  # its own row left the table: the next one stands there
        *((1, -1, "/a", None), (5, 1, "/e", None), (9, 1, "/e", None)),
    ],
)
def test_the_row_beside_has_another_page(position: int, step: int, here: str, row: tuple[int, str] | None) -> None:
    column = Column("Lettre", str, path=lambda letter: f"/{letter}" if letter else "")
    table = ListTable("Lettres", (column,), ["a", "b", "b", "", "e"], "")

    assert table.beside(position, step, here, "") == row
