"""The fonts of the letters, and what they cannot show: a name is never printed as boxes."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

# DejaVu 2.37 (fonts/LICENSE): Latin with Vietnamese, Greek, Cyrillic, Armenian and Georgian. ReportLab's own Vera lacks
# letters of Polish, Czech, Romanian and Vietnamese names.
_FOLDER: Final = Path(__file__).with_name("fonts")
SANS: Final = "DejaVuSansCondensed"
BOLD: Final = "DejaVuSansCondensed-Bold"
MONO: Final = "DejaVuSansMono-Bold"  # 0 and O, 1 and l and I look different

_RIGHT_TO_LEFT: Final = {"R", "AL", "AN"}


@cache
def font(name: str) -> TTFont:
    """Read a font once, and make it known to ReportLab."""
    made = TTFont(name, _FOLDER / f"{name}.ttf")
    registerFont(made)
    return made


def not_shown(text: str, name: str) -> str:
    """List the characters of a text that a font does not show as they are to be read.

    ReportLab joins no Arabic letters, writes nothing from right to left, and sets no mark over a letter.
    """
    known = font(name).face.charToGlyph
    return "".join(dict.fromkeys(c for c in text if ord(c) not in known or not _is_simple(c)))


def _is_simple(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] not in "MC" and unicodedata.bidirectional(character) not in _RIGHT_TO_LEFT
