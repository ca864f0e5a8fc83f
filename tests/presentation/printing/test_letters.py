"""The page of a letter: its address in the window however the sheet slides, and no text cut, however long."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.units import mm

from chalicelib.presentation.printing.fonts import MONO
from chalicelib.presentation.printing.letters import WINDOW, page_of
from chalicelib.presentation.printing.lines import width
from chalicelib.presentation.printing.tags import PlacedLine
from chalicelib.wings.admission.settings import AdmissionSettings
from tests.support.paper_letters import HOME, LONG_NAME, NETWORK, letter_to

TOWER = (
    "Résidence Les Œillets",
    "Bâtiment C, escalier 4, appartement 312",
    "12 bis, avenue du Général-de-Gaulle prolongée",
    "BP 12",
    "91000 Évry-Courcouronnes",
)
# A sheet of 210 × 99 mm, once folded, in an envelope of 220 × 110 mm: it slides by the difference. The window is 100 mm
# wide, 20 mm from the right edge and from the bottom.
SLIDES = [(right, down) for right in (0, 10) for down in (0, 11)]
HIGH = (35, 45)


def page(name: str = "Famille Rossignol", **values: object) -> list[PlacedLine]:
    """Lay out a letter as it looks: without the blank that a line between two words ends with."""
    lines = page_of(letter_to(name, **values), values.get("network", NETWORK))  # type: ignore[arg-type]  # as letter_to takes them
    assert lines is not None
    return [replace(line, text=line.text.rstrip(" ")) for line in lines]


def box(line: PlacedLine) -> tuple[float, float, float, float]:
    """Measure the edges of a printed line in mm, with the accents of capitals and the tails of letters."""
    return (
        line.x,
        line.y - 0.95 * line.size / mm,
        line.x + width(line.text.rstrip(" "), line.font, line.size) / mm,
        line.y + 0.25 * line.size / mm,
    )


def overlap(first: tuple[float, ...], second: tuple[float, ...]) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def in_the_window(rows: list[PlacedLine]) -> list[PlacedLine]:
    return [line for line in rows if overlap(box(line), WINDOW)]


@pytest.mark.parametrize("height", HIGH)
@pytest.mark.parametrize(("right", "down"), SLIDES)
@pytest.mark.parametrize(
    ("name", "address"),
    [("Famille Rossignol", HOME), ("Famille Œil", TOWER), (LONG_NAME, HOME), ("W" * 120, HOME), (LONG_NAME, TOWER)],
)
def test_the_address_is_seen_whole_wherever_the_sheet_slid_and_nothing_else_is(
    name: str, address: tuple[str, ...], right: int, down: int, height: int
) -> None:
    lines = page(name, address=address)

    zone = (100 - right, 90 - height - down, 200 - right, 90 - down)
    lines_in_window = [line for line in lines if overlap(box(line), zone)]
    assert lines_in_window == in_the_window(lines)
    for line in lines_in_window:
        left, top, line_right, bottom = box(line)
        assert zone[0] <= left
        assert line_right <= zone[2] + 0.01
        # The part above a small letter's height is blank, unless it is a capital with an accent.
        assert zone[1] <= top + 0.15 * line.size / mm
        assert bottom <= zone[3] + 0.1 * line.size / mm
    assert [line.text for line in lines_in_window][-1] == "91000 EVRY COURCOURONNES"


@pytest.mark.parametrize("name", ["Famille Rossignol", LONG_NAME, "W" * 120, "Mme Nguyễn Thị Hương et M. Łukasz Özgür"])
def test_no_letter_of_a_name_is_lost(name: str) -> None:
    placed_lines = page(name)

    *lines, _street, _town = [line.text for line in in_the_window(placed_lines)]
    assert "".join(lines).replace(" ", "") == name.replace(" ", "")
    assert f"Bonjour{name},".replace(" ", "") in "".join(line.text for line in placed_lines).replace(" ", "")


def test_a_name_of_120_characters_keeps_a_size_that_is_read() -> None:
    assert len(LONG_NAME) == 120
    assert min(line.size for line in in_the_window(page(LONG_NAME))) >= 9


def test_a_common_address_stands_whole_line_by_line_at_ten_points_or_more() -> None:
    lines = in_the_window(page())

    assert [line.text for line in lines] == ["Famille Rossignol", "12 BIS RUE DE L EGLISE", "91000 EVRY COURCOURONNES"]
    assert {line.x for line in lines} == {105}
    assert min(line.size for line in lines) >= 10


def test_an_address_that_no_window_holds_is_not_printed_in_part() -> None:
    assert page_of(letter_to(LONG_NAME * 9), NETWORK) is None
    assert page_of(letter_to(address=tuple(f"ligne {number}" for number in range(20))), NETWORK) is None


def test_the_identifier_is_in_large_letters_of_which_no_two_look_alike() -> None:
    (line,) = [line for line in page(display_identifier="O0Il1") if line.text == "O0Il1"]

    assert (line.font, line.size) == (MONO, 24)


@pytest.mark.parametrize("length", [40, 64, 200])
def test_a_long_identifier_is_smaller_or_broken_and_never_cut(length: int) -> None:
    placed_lines = page(display_identifier="W" * length)

    lines = [line for line in placed_lines if line.font == MONO]
    assert "".join(line.text for line in lines) == "W" * length
    assert all(box(line)[2] <= 190.01 for line in lines)


@settings(max_examples=60)
@given(
    st.text("aéWijœ -'", min_size=1, max_size=120),
    st.lists(st.text("aW1 ", min_size=1, max_size=50), max_size=4),
    st.text("W1i", min_size=1, max_size=64),
)
def test_nothing_overlaps_or_leaves_the_page_whatever_the_name(name: str, address: list[str], written: str) -> None:
    made = page_of(letter_to(name.strip() or "x", (*address, "91000 Évry"), written), NETWORK)

    assert made is not None
    boxes = [(line.x, line.y - 0.7 * line.size / mm, box(line)[2], line.y + 0.2 * line.size / mm) for line in made]
    assert [(one, two) for n, one in enumerate(boxes) for two in boxes[n + 1 :] if overlap(one, two)] == []
    assert all(left >= 20 and right <= 190.01 and top >= 10 and bottom <= 287 for left, top, right, bottom in boxes)


def test_a_network_with_long_names_still_has_one_page_per_family() -> None:
    contact = replace(NETWORK.sites[1].contact, office="Administration " * 8, hours="lundi, mardi, " * 20)
    site = replace(NETWORK.sites[1], contact=contact, name="Conservatoire à rayonnement régional " * 4)
    long = replace(NETWORK, admission=AdmissionSettings(), name="Réseau " * 20, address=("rue " * 20,) * 5)
    network = replace(long, sites=(NETWORK.sites[0], site))

    lines = page(LONG_NAME, network=network)

    assert max(line.y for line in lines) <= 285
    assert all("rue" not in line.text for line in in_the_window(lines))
