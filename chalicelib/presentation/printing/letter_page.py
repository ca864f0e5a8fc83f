"""What stands where on the page of a letter, in millimetres from the top left corner of an A4 sheet.

The sheet is folded in three and slides in a DL envelope of 110 × 220 mm. In France the window of such an envelope is
100 mm wide, 35 or 45 mm high, 20 mm from its right edge and from its bottom; KOMA-Script's option NF, after NF Z
11-001, is for the higher one (text at 110-190 × 35-80 mm, fold marks at 99 and 198 mm). The sheet has 10 mm of play
sideways and 11 mm up and down: what is seen through either window, wherever it slid, is 100-190 × 55-79 mm; what may
be seen is 90-200 × 34-90 mm, where nothing else may stand.
"""

from collections.abc import Sequence
from typing import Final

from reportlab.lib.units import mm

from chalicelib.domain.campaign.postal_letters import PostalLetter
from chalicelib.presentation.printing.canvas import PlacedLine
from chalicelib.presentation.printing.fonts import BOLD, MONO, SANS
from chalicelib.presentation.printing.lines import LEADING, fit_lines, wrap_text
from chalicelib.presentation.typography import Exact, in_text

FOLDS: Final = (99, 198)
WINDOW: Final = (90, 34, 200, 90)  # left, top, right, bottom: may be seen
_ADDRESSEE: Final = (105, 55, 190, 79)  # is seen
_SENDER: Final = (20, 15, 86, 80)
_BODY: Final = (20, 104, 190, 285)
_DATED_AT: Final = 105
_INDENTED: Final = 30

# La Poste reads 10 to 12 points best; smaller ones are for addresses that do not fit otherwise.
_ADDRESSEE_SIZES: Final = (10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6)
_SENDER_SIZES: Final = (9, 8.5, 8, 7.5, 7, 6.5, 6)
_BODY_SIZES: Final = (11, 10.5, 10, 9.5, 9, 8.5, 8)
_SITE_SIZES: Final = (14, 13, 12, 11)
_IDENTIFIER_SIZES: Final = (24, 22, 20, 18, 16, 14, 12, 10)


def page_of(letter: PostalLetter) -> list[PlacedLine] | None:
    """Lay a letter out; None when it is too long for its page, however small."""
    sender = _block([*map(in_text, letter.sender)], (BOLD, SANS), _SENDER_SIZES, _SENDER)
    name, *address = letter.addressee  # the post's machines read the address: it has its own rules
    addressee = _block([in_text(name), *address], (SANS, SANS), _ADDRESSEE_SIZES, _ADDRESSEE, is_centred=True)
    body = next((body for size in _BODY_SIZES if (body := _body(letter, size))), None)
    return [*sender, *addressee, *body] if sender and addressee and body else None


def _block(
    lines: Sequence[str],
    fonts: tuple[str, str],
    sizes: Sequence[float],
    box: tuple[int, int, int, int],
    *,
    is_centred: bool = False,
) -> list[PlacedLine]:
    """Put lines into a box, the first in the first font; nothing where they do not fit."""
    left, top, right, bottom = box
    fit = fit_lines(lines, fonts[0], sizes, (right - left) * mm, (bottom - top) * mm)
    if fit is None:
        return []
    size, fitting = fit
    leading = size * LEADING / mm
    spare = (bottom - top - len(fitting) * leading) / 2 if is_centred else 0
    baselines = (top + spare + leading * (number + 0.8) for number in range(len(fitting)))
    return [
        PlacedLine(line, left, baseline, fonts[number > 0], size)
        for number, (line, baseline) in enumerate(zip(fitting, baselines, strict=True))
    ]


class _Flow:
    """Text from top to bottom of the body, at one size."""

    def __init__(self, size: float) -> None:
        self.placed: list[PlacedLine] = []
        self.size = size
        self._left, self.y, self._right, self._bottom = map(float, _BODY)

    def write(self, text: str, font: str = SANS, *, size: float | None = None, left: float | None = None) -> None:
        """Write a paragraph, its typography set."""
        size = size or self.size
        start = self._left if left is None else left
        for line in wrap_text(in_text(text), font, size, (self._right - start) * mm):
            self.y += size * LEADING / mm
            self.placed.append(PlacedLine(line, start, self.y, font, size))

    def skip(self, lines: float) -> None:
        """Leave some lines empty."""
        self.y += lines * self.size * LEADING / mm

    @property
    def fits(self) -> bool:
        """Whether all that was written is above the bottom."""
        return self.y <= self._bottom


def _body(letter: PostalLetter, size: float) -> list[PlacedLine] | None:
    flow = _Flow(size)
    flow.write(letter.dated, left=_DATED_AT)
    flow.skip(1.5)
    flow.write(letter.subject, BOLD)
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
    return flow.placed if flow.fits else None


def _credentials(flow: _Flow, letter: PostalLetter) -> None:
    """Write the site and the identifier as large as they can be, each under its name."""
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
