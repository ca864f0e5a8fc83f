"""Letters by post as a PDF: a page each, reproducible byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import IO, TYPE_CHECKING, Final

from reportlab.lib.units import mm

from chalicelib.presentation.printing.fonts import BOLD, MONO, SANS, missing_characters
from chalicelib.presentation.printing.head import draw_head, head_bottom, head_lines
from chalicelib.presentation.printing.lines import LEADING, fit_lines, wrap_text
from chalicelib.presentation.printing.tags import HEIGHT, PlacedLine, TaggedCanvas, in_ascii
from chalicelib.presentation.typography import Exact, in_text
from chalicelib.values import frozen

if TYPE_CHECKING:
    from chalicelib.presentation.office.postal_letter import PostalLetter
    from chalicelib.settings.network import Network

FOLDS: Final = (99, 198)
WINDOW: Final = (90, 34, 200, 90)  # left, top, right, bottom: the area that may be visible
_ADDRESSEE: Final = (105, 55, 190, 79)  # the area that is always visible
_SENDER: Final = (20, 86, 80)  # left, right, bottom: it begins under the head
_UNDER_HEAD: Final = 3
_BODY: Final = (20, 104, 190, 285)
_DATED_AT: Final = 105
_INDENTED: Final = 30

# La Poste reads 10 to 12 points best. Smaller sizes are for addresses that do not fit otherwise.
_ADDRESSEE_SIZES: Final = (10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6)
_SENDER_SIZES: Final = (9, 8.5, 8, 7.5, 7, 6.5, 6)
_BODY_SIZES: Final = (11, 10.5, 10, 9.5, 9, 8.5, 8)
_SITE_SIZES: Final = (14, 13, 12, 11)
_IDENTIFIER_SIZES: Final = (24, 22, 20, 18, 16, 14, 12, 10)


def page_of(letter: PostalLetter, network: Network) -> list[PlacedLine] | None:
    """Lay a letter out. None if it is too long for its page at the smallest size."""
    sender_box = (_SENDER[0], head_bottom(network) + _UNDER_HEAD, *_SENDER[1:])
    sender = _block([*map(in_text, letter.sender)], (BOLD, SANS), _SENDER_SIZES, sender_box)
    name, *address = letter.addressee  # the post's machines read the address, which has its own rules
    addressee = _block([in_text(name), *address], (SANS, SANS), _ADDRESSEE_SIZES, _ADDRESSEE, is_centred=True)
    body = next((body for size in _BODY_SIZES if (body := _body(letter, size))), None)
    return [*head_lines(network), *sender, *addressee, *body] if sender and addressee and body else None


def _block(
    lines: Sequence[str],
    fonts: tuple[str, str],
    sizes: Sequence[float],
    box: tuple[float, float, float, float],
    *,
    is_centred: bool = False,
) -> list[PlacedLine]:
    """Fit lines into a box, the first in the first font. Empty if they do not fit."""
    left, top, right, bottom = box
    path = (f"P at {top}",)
    held_apart = [*(f"{line} " for line in lines[:-1]), *lines[-1:]]
    fit = fit_lines(held_apart, fonts[0], sizes, (right - left) * mm, (bottom - top) * mm)
    if fit is None:
        return []
    size, fitting = fit
    leading = size * LEADING / mm
    spare = (bottom - top - len(fitting) * leading) / 2 if is_centred else 0
    baselines = (top + spare + leading * (number + 0.8) for number in range(len(fitting)))
    return [
        PlacedLine(line, left, baseline, fonts[number > 0], size, path)
        for number, (line, baseline) in enumerate(zip(fitting, baselines, strict=True))
    ]


class _Flow:
    """Text from top to bottom of the body, at one size."""

    def __init__(self, size: float) -> None:
        self.lines: list[PlacedLine] = []
        self.size = size
        self._left, self.y, self._right, self._bottom = map(float, _BODY)

    def write(
        self, text: str, font: str = SANS, *, size: float | None = None, left: float | None = None, tag: str = "P"
    ) -> None:
        """Write a paragraph, with its typography."""
        size = size or self.size
        start = self._left if left is None else left
        path = (f"{tag} {len(self.lines)}",)
        for line in wrap_text(in_text(text), font, size, (self._right - start) * mm):
            self.y += size * LEADING / mm
            self.lines.append(PlacedLine(line, start, self.y, font, size, path))

    def skip(self, lines: float) -> None:
        """Leave some lines empty."""
        self.y += lines * self.size * LEADING / mm

    @property
    def fits(self) -> bool:
        """Whether the text ends above the bottom."""
        return self.y <= self._bottom


def _body(letter: PostalLetter, size: float) -> list[PlacedLine] | None:
    flow = _Flow(size)
    flow.write(letter.date_line, left=_DATED_AT)
    flow.skip(1.5)
    flow.write(letter.subject, BOLD, tag="H1")
    flow.skip(0.5)
    for paragraph in letter.opening:
        flow.skip(0.5)
        flow.write(paragraph, BOLD if paragraph == letter.dates else SANS)
    _credentials(flow, letter)
    for paragraph in letter.closing:
        flow.write(paragraph)
        flow.skip(0.5)
    flow.skip(1)
    for line in letter.signature:
        flow.write(line, left=_DATED_AT)
    return flow.lines if flow.fits else None


def _credentials(flow: _Flow, letter: PostalLetter) -> None:
    """Write the site and the identifier as large as possible, each under its label."""
    room = (_BODY[2] - _INDENTED) * mm
    for name, text, font, sizes in (
        ("Site", letter.site, BOLD, _SITE_SIZES),
        ("Identifiant", Exact(letter.identifier), MONO, _IDENTIFIER_SIZES),
    ):
        flow.skip(0.75)
        flow.write(name, left=_INDENTED)
        whole = fit_lines((text,), font, sizes, room, sizes[0] * LEADING)
        flow.write(text, font, size=whole[0] if whole else sizes[-1], left=_INDENTED)
    flow.skip(1)


_FOLD_MARK: Final = (5, 9)  # mm from the left edge: printers leave out the first few


@frozen
class UnprintableLetter:
    """A letter that cannot be printed, with the reason in French."""

    letter: PostalLetter
    why: str


def write_letters(
    content: IO[bytes], title: str, network: Network, letters: Iterable[PostalLetter], advance: Callable[[], None]
) -> list[UnprintableLetter]:
    """Write the printable letters as a PDF, in their order. It is empty if there are none."""
    canvas = TaggedCanvas(content, title, network)
    letters_left = []
    for number, letter in enumerate(letters):
        page = page_of(letter, network)
        why = "le texte est trop long pour une page" if page is None else _missing_characters_sentence(page)
        if page is None or why:
            letters_left.append(UnprintableLetter(letter, why))
        else:
            _draw(canvas, page, network, number)
        advance()
    if canvas.getPageNumber() > 1:
        canvas.save()
    return letters_left


def write_letter(letter: PostalLetter, title: str, network: Network) -> tuple[str, str]:
    """Write the PDF of one letter, in ASCII. If it is unprintable, it is empty, with the reason in French."""
    content = BytesIO()
    letters_left = write_letters(content, title, network, [letter], lambda: None)
    return in_ascii(content.getvalue()), letters_left[0].why if letters_left else ""


def _missing_characters_sentence(page: list[PlacedLine]) -> str:
    characters = "".join(dict.fromkeys(c for line in page for c in missing_characters(line.text, line.font)))
    return f"la police d'impression ne montre pas : {' '.join(characters)}" if characters else ""


def _draw(canvas: TaggedCanvas, page: list[PlacedLine], network: Network, number: int) -> None:
    draw_head(canvas, network, (f"Sect {number}",))
    canvas.setLineWidth(0.3)
    with canvas.decoration():
        for fold in FOLDS:
            start, end = _FOLD_MARK
            canvas.line(start * mm, HEIGHT - fold * mm, end * mm, HEIGHT - fold * mm)
    canvas.draw(page, (f"Sect {number}",))
    canvas.showPage()
