"""The fonts for printing, and the characters that they cannot show: a name is never printed as boxes."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Final

from reportlab.pdfbase.pdfdoc import PDFBase85Encode, PDFStream, PDFZCompress
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

from chalicelib.presentation.typography import FIRM

# DejaVu 2.37 (fonts/LICENSE): Latin with Vietnamese, Greek, Cyrillic, Armenian and Georgian. ReportLab's own Vera has
# not all letters of Polish, Czech, Romanian and Vietnamese names. The other scripts are removed, which leaves a fifth
# of the weight (docs/decisions/0052).
_FOLDER: Final = Path(__file__).with_name("fonts")
SANS: Final = "DejaVuSansCondensed"
BOLD: Final = "DejaVuSansCondensed-Bold"
MONO: Final = "DejaVuSansMono-Bold"  # 0 and O, 1 and l and I look different

# A no-break space until the PDF is written: a private-use character that no text contains.
_HOLDS: Final = "\ue0a0"
_RIGHT_TO_LEFT: Final = {"R", "AL", "AN"}


class _Font(TTFont):
    """Keeps no-break spaces: ReportLab writes ordinary ones, but a letter is also copied and read aloud."""

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(name, path)
        for of_characters in (self.face.charToGlyph, self.face.charWidths):
            of_characters[ord(_HOLDS)] = of_characters[ord(FIRM)]
        # ReportLab 5.1.0 has the width that the last glyphs share in thousandths, and embeds it as the font's units.
        size = self.face.unitsPerEm / 1000
        self.face.hmetrics = [(round(w * size) if isinstance(w, float) else w, x) for w, x in self.face.hmetrics]

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> Any:  # noqa: ANN401, N802 - its own
        """Encode a text, with a code of its own for the no-break space."""
        return super().splitString(text.replace(FIRM, _HOLDS), doc, encoding)

    def addObjects(self, doc: Any) -> None:  # noqa: ANN401, N802 - its own
        """Write the font and the characters of its codes, in ASCII like the rest of the PDF."""
        for subset in self.state[doc].subsets:
            subset[:] = [ord(FIRM) if code == ord(_HOLDS) else code for code in subset]
        super().addObjects(doc)
        for pdf_object in doc.idToObject.values():
            if isinstance(pdf_object, PDFStream) and pdf_object.filters == [PDFZCompress]:
                pdf_object.filters = [PDFBase85Encode, PDFZCompress]


@cache
def font(name: str) -> TTFont:
    """Read a font once, and register it with ReportLab."""
    new_font = _Font(name, _FOLDER / f"{name}.ttf")
    registerFont(new_font)
    return new_font


def missing_characters(text: str, name: str) -> str:
    """List the characters of a text that a font does not show correctly.

    ReportLab joins no Arabic letters, writes nothing from right to left, and sets no mark over a letter.
    """
    glyphs = font(name).face.charToGlyph
    return "".join(dict.fromkeys(c for c in text if ord(c) not in glyphs or not _is_simple(c)))


def _is_simple(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] not in "MC" and unicodedata.bidirectional(character) not in _RIGHT_TO_LEFT
