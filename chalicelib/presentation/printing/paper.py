"""A page on paper: its blocks set on A4, on a single sheet if they fit, as a PDF with selectable text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from html.parser import HTMLParser
from io import BytesIO
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, Literal, cast, get_args

from reportlab.lib.units import mm

from chalicelib.presentation.printing.fonts import BOLD, MONO, SANS, missing_characters
from chalicelib.presentation.printing.head import draw_head, head_bottom, head_lines
from chalicelib.presentation.printing.lines import LEADING, wrap_text
from chalicelib.presentation.printing.tags import DECORATION, Path, PlacedLine, TaggedCanvas, in_ascii
from chalicelib.values import frozen

if TYPE_CHECKING:
    from chalicelib.settings.network import Network

# « number »: a `dd` that is read aloud. « rank »: an item after its number. « footer »: below.
# « unshown »: printed only if a character is missing.
Kind = Literal["h1", "h2", "p", "li", "rank", "dt", "dd", "number", "unshown", "footer"]

_BLANKS: Final = re.compile("[ \t\r\n]+")


@frozen
class Block:
    """A heading, a paragraph, an item of a list, a fact or its name."""

    kind: Kind
    text: str = field(repr=False)


def blocks_of(html: str) -> tuple[Block, ...]:
    """List the blocks of a page, in their order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(reader.blocks)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._words: list[str] = []
        self._kind: Kind | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, of the kind of its class, or else of its tag."""
        classes = (dict(attrs).get("class") or "").split()
        kinds = [name for name in (*classes, tag) if name in get_args(Kind)]
        if kinds:
            self._end()
            self._kind = cast("Kind", kinds[0])

    def handle_endtag(self, tag: str) -> None:
        """End the block."""
        if tag in get_args(Kind):
            self._end()

    def handle_data(self, data: str) -> None:
        """Read the words of the block."""
        if self._kind:
            self._words.append(data)

    def _end(self) -> None:
        text = _BLANKS.sub(" ", "".join(self._words)).strip(" ")
        if self._kind and text:
            self.blocks.append(Block(self._kind, text))
        self._kind, self._words = None, []


_LEFT, _TOP, _RIGHT, _BOTTOM = 20.0, 16.0, 190.0, 278.0  # mm
_UNDER_HEAD: Final = 2.5
_FACTS: Final = 68.0  # the left edge of facts, beside their names
_BULLET: Final = 4.0
_RANK: Final = 12.0
_FOOT: Final = (287.0, 8.5)
_SIZES: Final = (10.5, 10, 9.5, 9)  # points, the second for several sheets
_TOGETHER: Final = 3  # lines that stay with their heading
_LARGER: Final = {"h1": 1.6, "h2": 1.2, "number": 1.5}  # than the text around
_BEFORE: Final = {"h1": 0.6, "h2": 0.9, "p": 0.25, "number": 0.25}  # lines left empty
_AFTER: Final = {"h1": 0.2, "number": 0.35}  # its frame
_FONTS: Final = {"h1": BOLD, "h2": BOLD, "dd": BOLD, "number": MONO}


def write_pdf(html: str, title: str, network: Network) -> str:
    """Write the PDF of a page, in ASCII."""
    blocks, is_whole = _shown(blocks_of(html))
    blocks_shown = [
        block
        for block in blocks
        if block.kind not in {"footer", "unshown"} or (block.kind == "unshown" and not is_whole)
    ]
    foot = "".join(block.text for block in blocks if block.kind == "footer")
    sheets = _sheets(blocks_shown, head_bottom(network) + _UNDER_HEAD)
    sheets[0] = [*head_lines(network), *sheets[0]]
    content = BytesIO()
    canvas = TaggedCanvas(content, title, network)
    draw_head(canvas, network)
    for number, sheet in enumerate(sheets, 1):
        pages = f"{foot} - {number}/{len(sheets)}"
        canvas.draw((*sheet, PlacedLine(pages, _LEFT, _FOOT[0], SANS, _FOOT[1], DECORATION)))
        canvas.showPage()
    canvas.save()
    return in_ascii(content.getvalue())


def _shown(blocks: Iterable[Block]) -> tuple[list[Block], bool]:
    """Replace each character that the font does not show by « ? ». Also return whether there was none."""
    nfc_blocks = [Block(block.kind, unicodedata.normalize("NFC", block.text)) for block in blocks]
    missing = {
        character for block in nfc_blocks for character in missing_characters(block.text, _FONTS.get(block.kind, SANS))
    }
    marks = str.maketrans(dict.fromkeys(missing, "?"))
    return [Block(block.kind, block.text.translate(marks)) for block in nfc_blocks], not missing


def _sheets(blocks: Sequence[Block], top: float) -> list[list[PlacedLine]]:
    """Set blocks on one sheet, at the largest size that fits, else on several."""
    for size in _SIZES:
        sheets = _PageSetter(size, top).set(blocks)
        if len(sheets) == 1:
            return sheets
    return _PageSetter(_SIZES[1], top).set(blocks)


class _PageSetter:
    """Sets blocks from top to bottom, sheet after sheet, at one size."""

    def __init__(self, size: float, top: float) -> None:
        self._size = size
        self._sheets: list[list[PlacedLine]] = [[]]
        self._y = top
        self._name: Block | None = None  # of the fact that follows
        self._list, self._item = "", ""  # the elements around the block, in the PDF's tree

    def set(self, blocks: Iterable[Block]) -> list[list[PlacedLine]]:
        """Set all blocks."""
        for number, block in enumerate(blocks):
            if block.kind == "dt":
                self._name = block
            else:
                self._set(block, number)
        return self._sheets

    def _set(self, block: Block, number: int) -> None:
        size = self._size * _LARGER.get(block.kind, 1)
        height = size * LEADING / mm
        self._skip(_BEFORE.get(block.kind, 0) * height, height * (_TOGETHER if block.kind in {"h1", "h2"} else 1))
        left = {"dd": _FACTS, "number": _FACTS, "li": _LEFT + _BULLET, "rank": _LEFT + _RANK}.get(block.kind, _LEFT)
        lines = self._lines(block, size, self._path(block, number), left, _RIGHT)
        for line, aside in zip_longest(lines, self._beside(block)):
            self._skip(0, height)
            self._y += height
            self._sheets[-1] += [replace(part, y=self._y) for part in (aside, line) if part]
        self._y += _AFTER.get(block.kind, 0) * height

    def _path(self, block: Block, number: int) -> Path:
        """Place a block in the PDF's tree: an item in its list, a fact in its table, all else by itself."""
        kind = {"li": "L", "rank": "L decimal", "dd": "Table", "number": "Table"}.get(block.kind)
        if kind is None:
            self._list = ""
            return (f"{'P' if block.kind == 'unshown' else block.kind.upper()} {number}",)
        if self._list.rpartition(" ")[0] != kind:
            self._list = f"{kind} {number}"
        if kind != "Table" or self._name:
            self._item = f"{'TR' if kind == 'Table' else 'LI'} {number}"
        return (self._list, self._item, "LBody") if kind != "Table" else (self._list, self._item, "TD", f"P {number}")

    def _beside(self, block: Block) -> list[PlacedLine]:
        """Set the text on the left of a block: the name of a fact, the mark of an item."""
        if block.kind in {"li", "rank"}:
            mark = "•" if block.kind == "li" else block.text.partition(" ")[0]
            return [PlacedLine(mark, _LEFT, 0, SANS, self._size, (self._list, self._item, "Lbl"))]
        name, self._name = self._name, None
        path = self._list, self._item, "TH"
        return self._lines(name, self._size, path, _LEFT, _FACTS - _BULLET) if name else []

    def _lines(self, block: Block, size: float, path: Path, left: float, right: float) -> list[PlacedLine]:
        font = _FONTS.get(block.kind, SANS)
        text = block.text.partition(" ")[2] if block.kind == "rank" else block.text
        texts = wrap_text(text, font, size, (right - left) * mm)
        return [PlacedLine(text, left, 0, font, size, path) for text in texts]

    def _skip(self, gap: float, height: float) -> None:
        """Leave a gap, or begin a new sheet if the room needed below is missing."""
        if self._y + gap + height > _BOTTOM:
            self._sheets.append([])
            self._y = _TOP
        elif self._sheets[-1]:
            self._y += gap
