"""The PDF of a site: a page per letter, the same bytes for the same letters."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from agency.console.private_file import private_file, remove
from agency.printing.page import FOLDS, page_of
from chalicelib.office.campaign.letter_words import PostalLetter
from chalicelib.printing.canvas import HEIGHT, PlacedLine, draw, new_canvas
from chalicelib.printing.fonts import missing_characters

_FOLD_MARK: Final = (5, 9)  # mm from the left edge: printers leave out the first few


@dataclass(frozen=True)
class Unprinted:
    """A letter that no page was made of, and why, in French."""

    letter: PostalLetter
    why: str


def print_letters(
    path: Path, title: str, author: str, letters: Iterable[PostalLetter], advance: Callable[[], None]
) -> list[Unprinted]:
    """Write the letters that can be printed into a PDF, in their order; without any, no PDF is left there."""
    content = BytesIO()
    canvas = new_canvas(content, title, author)
    unprinted = []
    for letter in letters:
        page = page_of(letter)
        why = "le texte est trop long pour une page" if page is None else _missing_characters_sentence(page)
        if page is None or why:
            unprinted.append(Unprinted(letter, why))
        else:
            _draw(canvas, page)
        advance()
    if canvas.getPageNumber() > 1:
        canvas.save()
        with private_file(path) as file:
            file.write(content.getbuffer())
    else:
        remove(path)
    return unprinted


def _missing_characters_sentence(page: list[PlacedLine]) -> str:
    characters = "".join(dict.fromkeys(c for line in page for c in missing_characters(line.text, line.font)))
    return f"la police d'impression ne montre pas : {' '.join(characters)}" if characters else ""


def _draw(canvas: Canvas, page: list[PlacedLine]) -> None:
    canvas.setLineWidth(0.3)
    for fold in FOLDS:
        start, end = _FOLD_MARK
        canvas.line(start * mm, HEIGHT - fold * mm, end * mm, HEIGHT - fold * mm)
    draw(canvas, page)
    canvas.showPage()
