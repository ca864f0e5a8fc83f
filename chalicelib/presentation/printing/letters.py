"""Letters by post as a PDF: a page each, the same bytes for the same letters."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import IO, Final

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from chalicelib.domain.campaign.postal_letters import PostalLetter
from chalicelib.presentation.printing.canvas import HEIGHT, PlacedLine, draw, in_ascii, new_canvas
from chalicelib.presentation.printing.fonts import missing_characters
from chalicelib.presentation.printing.letter_page import FOLDS, page_of
from chalicelib.values import frozen

_FOLD_MARK: Final = (5, 9)  # mm from the left edge: printers leave out the first few


@frozen
class Unprinted:
    """A letter that no page was made of, and why, in French."""

    letter: PostalLetter
    why: str


def write_letters(
    content: IO[bytes], title: str, author: str, letters: Iterable[PostalLetter], advance: Callable[[], None]
) -> list[Unprinted]:
    """Write the letters that can be printed as a PDF, in their order; nothing at all without any."""
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
    return unprinted


def write_letter(letter: PostalLetter, title: str, author: str) -> tuple[str, str]:
    """Write the PDF of one letter, in ASCII; empty where it cannot be printed, with why, in French."""
    content = BytesIO()
    unprinted = write_letters(content, title, author, [letter], lambda: None)
    return in_ascii(content.getvalue()), unprinted[0].why if unprinted else ""


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
