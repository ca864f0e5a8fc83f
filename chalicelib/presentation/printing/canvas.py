"""A sheet of A4 drawn line by line, into a PDF that is the same bytes for the same lines."""

from collections.abc import Iterable
from dataclasses import field
from typing import IO, Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from chalicelib.presentation.printing.fonts import SANS, font
from chalicelib.values import frozen

HEIGHT: Final = A4[1]
_BINARY: Final = b"\x93\x8c\x8b\x9e"  # what ReportLab puts into the first comment, to look binary


@frozen
class PlacedLine:
    """A line of text: where it begins, on which baseline, in millimetres from the top left corner."""

    text: str = field(repr=False)
    x: float
    y: float
    font: str
    size: float


def new_canvas(content: IO[bytes], title: str, author: str) -> Canvas:
    """Begin a PDF in French, whose window shows its title."""
    first = font(SANS).fontName  # else Helvetica, which is nowhere used nor embedded
    canvas = Canvas(
        content,
        pagesize=A4,
        pageCompression=1,
        invariant=1,
        lang="fr",
        initialFontName=first,  # type: ignore[arg-type]  # its stub wants a number
    )
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setCreator("Clef")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas


def draw(canvas: Canvas, lines: Iterable[PlacedLine]) -> None:
    """Draw lines of text on the page."""
    for line in lines:
        canvas.setFont(line.font, line.size)
        canvas.drawString(line.x * mm, HEIGHT - line.y * mm, line.text)


def in_ascii(content: bytes) -> str:
    """Give what a canvas wrote as the text that it is (decision 52)."""
    return content.replace(_BINARY, b"text", 1).decode("ascii")
