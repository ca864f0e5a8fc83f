"""The shapes of a logo as lines and curves, like those of a browser. All others are refused by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.settings.logo import draw_logo
from chalicelib.settings.look import Look
from chalicelib.settings.look_files import LookRefused, read_look

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">{}</svg>'


class Notes:
    """A canvas that notes each stroke with its numbers."""

    def __init__(self) -> None:
        self.strokes: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Callable[..., "Notes"]:
        def note(*arguments: Any, **_options: Any) -> Notes:
            self.strokes.append((name, *arguments))
            return self

        return note


def strokes(inner: str) -> list[tuple[Any, ...]]:
    notes = Notes()
    draw_logo(SVG.format(inner), notes)
    return notes.strokes


def lines_and_curves(shape: str) -> list[tuple[str, list[float]]]:
    letters = {"moveTo": "M", "lineTo": "L", "curveTo": "C", "close": "Z"}
    return [(letters[name], numbers) for name, *numbers in strokes(shape) if name in letters]


@pytest.mark.parametrize(
    ("shape", "result"),
    [
        ('<path d="m1 2 3,4-1-1h2V9z l1 0"/>', "M 1,2; L 4,6; L 3,5; L 5,5; L 5,9; Z; L 2,2"),
        ('<path d="M0 0c1 1 2 1 3 0s2-1 3 0"/>', "M 0,0; C 1,1 2,1 3,0; C 4,-1 5,-1 6,0"),
        ('<path d="M0 0Q3 3 6 0T12 0"/>', "M 0,0; C 2,2 4,2 6,0; C 8,-2 10,-2 12,0"),
        ('<path d="M0 0S3 3 6 0"/>', "M 0,0; C 0,0 3,3 6,0"),
        ('<path d="M.5.5L1e1-2"/>', "M 0.5,0.5; L 10,-2"),
        ('<line x2="4" y2="5px"/>', "M 0,0; L 4,5"),
        ('<polygon points="0,0 4 0,4,4"/>', "M 0,0; L 4,0; L 4,4; Z"),
        ('<path d="M0 0a0 5 0 014 4"/>', "M 0,0; L 4,4"),
    ],
)
def test_a_path_is_read_as_lines_and_curves(shape: str, result: str) -> None:
    texts = [(name, *(f"{number:g}" for number in numbers)) for name, numbers in lines_and_curves(shape)]
    assert "; ".join(" ".join(stroke) for stroke in texts) == result.replace(",", " ")


@pytest.mark.parametrize(
    "shape",
    [
        '<circle cx="24" cy="24" r="10"/>',
        '<path d="M14,24A10,10,0,1,1,24,34"/>',
        '<path d="M14 24a10 10 0 1120 0 10 10 0 01-20 0z"/>',
        '<path d="M34 24a10 10 0 00-20 0"/>',
        '<path d="M14 24A1 1 0 0 1 34 24"/>',
        '<rect x="14" y="14" width="20" height="20" rx="99"/>',
    ],
)
def test_an_arc_stays_on_its_circle_from_its_start_to_its_end(shape: str) -> None:
    before = 0j
    for name, numbers in lines_and_curves(shape):
        points = [complex(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
        if name == "C":
            middle = (before + 3 * points[0] + 3 * points[1] + points[2]) / 8
            assert abs(middle - (24 + 24j)) == pytest.approx(10, abs=0.01)
        if points:
            before = points[-1]
            assert abs(before - (24 + 24j)) == pytest.approx(10)


@pytest.mark.parametrize(("flags", "middle"), [("00", (24, 14)), ("01", (24, 34)), ("10", (24, 14)), ("11", (24, 34))])
def test_an_arc_turns_as_its_flag_says(flags: str, middle: tuple[int, int]) -> None:
    _, (_, half), _ = lines_and_curves(f'<path d="M34 24a10 10 0 {flags}-20 0"/>')

    assert half[-2:] == pytest.approx(middle)


@pytest.mark.parametrize(("flags", "count"), [("00", 1), ("01", 1), ("10", 3), ("11", 3)])
def test_an_arc_is_as_large_as_its_flag_says(flags: str, count: int) -> None:
    strokes_of_arc = lines_and_curves(f'<path d="M34 24a10 10 0 {flags}-10 -10"/>')

    assert len(strokes_of_arc) == 1 + count


def test_paints_are_inherited_and_opacities_multiplied() -> None:
    inner = '<g fill="#f00" opacity=".5" transform="scale(2)"><path d="M0 0h1" fill-opacity=".5" stroke="white"/></g>'

    assert {
        ("setFillColor", "#ff0000", 0.25),
        ("setStrokeColor", "white", 0.5),
        ("setLineWidth", 1),
        ("scale", 2, 2),
    } <= {stroke for stroke in strokes(inner) if stroke[0] != "setDash"}


@pytest.mark.parametrize(
    ("inner", "why"),
    [
        ('<path d="M0 0" fill="teal"/>', "« teal » is not written as #rrggbb"),
        ('<path d="M0 0" stroke="url(#a)"/>', "« url.#a. » is not written as #rrggbb"),
        ('<path d="M0 0L1"/>', "« L1 », which is not complete"),
        ('<path d="M0 0z1"/>', "« z1 », which is not complete"),
        ('<path d="M0 0b1"/>', "« b1 », which is not complete"),
        ('<path d="4 4"/>', "« 4 4 », not with M"),
        ('<circle r="1em"/>', "« 1em » where numbers stand"),
        ('<path d="M0 0" transform="skewX(3)"/>', "« skewX.3. » is none of matrix"),
    ],
)
def test_what_paper_cannot_have_is_refused_when_the_network_is_read(tmp_path: Path, inner: str, why: str) -> None:
    (tmp_path / "logo.svg").write_text(SVG.format(inner), "utf-8")

    with pytest.raises(LookRefused, match=f"cannot be printed: .*{why}"):
        read_look(Look(logo="logo.svg"), tmp_path)
    with pytest.raises(ValueError, match="its viewBox has no room"):
        draw_logo(SVG.replace("48 48", "0 48"))
