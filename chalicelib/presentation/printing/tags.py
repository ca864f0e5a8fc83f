"""A PDF that is heard in its order (PDF/UA-1): a text belongs to an element of a tree, all else is decoration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import field
from html import escape
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any, Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFResourceDictionary, PDFStream, PDFString
from reportlab.pdfgen.canvas import Canvas

from chalicelib.presentation.printing.fonts import MONO, SANS, font
from chalicelib.presentation.printing.lines import width
from chalicelib.values import frozen

if TYPE_CHECKING:
    from chalicelib.settings.network import Network

HEIGHT: Final = A4[1]
_BINARY: Final = b"\x93\x8c\x8b\x9e"  # in the first comment of ReportLab, to mark the file as binary

# The elements from the document down to a text, each a tag of ISO 32000 and a number: ("L 1", "LI 2", "LBody").
Path = tuple[str, ...]
DECORATION: Final[Path] = ()  # neither read aloud nor copied
NAME: Final = "P name"  # the network's

_ATTRIBUTES: Final = {
    "TH": PDFDictionary({"O": PDFName("Table"), "Scope": PDFName("Row")}),
    "L": PDFDictionary({"O": PDFName("List"), "ListNumbering": PDFName("Disc")}),
    "L decimal": PDFDictionary({"O": PDFName("List"), "ListNumbering": PDFName("Decimal")}),
}
_METADATA: Final = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><dc:title><rdf:Alt><rdf:li
xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:title><pdfuaid:part>1</pdfuaid:part></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


@frozen
class PlacedLine:
    """A line of text: its start and baseline, in millimetres from the top left corner, and its place in the tree."""

    text: str = field(repr=False)
    x: float
    y: float
    font: str
    size: float
    path: Path


class TaggedCanvas(Canvas):
    """A PDF in French, whose window shows its title, with the tree of its elements.

    ReportLab has no tags: the marks are its literals, the tree its dictionaries (docs/decisions/0166).
    """

    _doc: Any  # ReportLab's, as are the next
    _extgstate: Any
    _shadingUsed: Any  # noqa: N815 - its own

    def __init__(self, content: IO[bytes], title: str, network: Network) -> None:
        first = font(SANS).fontName  # else Helvetica, which is never used nor embedded
        super().__init__(
            content,
            pagesize=A4,
            pageCompression=1,
            invariant=1,
            lang="fr-FR",
            initialFontName=first,  # type: ignore[arg-type]  # its stub wants a number
        )
        self.setTitle(title)
        self.setAuthor(network.name)
        self.setCreator("Clef")
        self.accent = network.look.accent
        self.setViewerPreference("DisplayDocTitle", "true")
        self._elements: dict[Path, PDFDictionary] = {}
        self._marks: list[list[Any]] = [[]]  # for each page, the elements of its marks
        self._root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        catalog = self._doc.Catalog
        catalog.StructTreeRoot, catalog.MarkInfo = self._root, PDFDictionary({"Marked": "true"})
        metadata = _METADATA.format(escape(title)).encode("ascii", "xmlcharrefreplace")
        types = PDFDictionary({"Type": PDFName("Metadata"), "Subtype": PDFName("XML")})
        catalog.Metadata = PDFStream(types, metadata, filters=[])

    def draw(self, lines: Iterable[PlacedLine], within: Path = ()) -> None:
        """Draw lines of text on the page. A number, an identifier is framed."""
        for path, lines_there in groupby(lines, key=lambda line: line.path):
            group = list(lines_there)
            self.setFillColor(self.accent if path and (path[-1] == NAME or path[-1][0] == "H") else "black")
            with self._mark((*within, *path)) if path else self.decoration():
                for line in group:
                    self.setFont(line.font, line.size)
                    self.drawString(line.x * mm, HEIGHT - line.y * mm, line.text)
            if path and group[0].font == MONO:
                self._frame(group)

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Draw decoration, which is not read aloud."""
        self.addLiteral("/Artifact BMC")
        yield
        self.addLiteral("EMC")

    @contextmanager
    def figure(self, path: Path, text: str, box: tuple[float, float, float, float]) -> Iterator[None]:
        """Draw a picture within a box, in points. It is read aloud as its text."""
        element = self._element(path)
        places = {"O": PDFName("Layout"), "Placement": PDFName("Block"), "BBox": PDFArray(box)}
        element["Alt"], element["A"] = PDFString(text), PDFDictionary(places)
        with self._mark(path):
            yield

    def end_form(self) -> None:
        """End a form, with its gradients and opacities, which ReportLab's own leaves out."""
        resources: Any = PDFResourceDictionary()
        resources.ExtGState = self._extgstate.getState() or {}
        resources.setShading(self._shadingUsed)
        self.endForm(Resources=resources)

    @contextmanager
    def _mark(self, path: Path) -> Iterator[None]:
        marks, page = self._marks[-1], self._doc.thisPageRef()
        element, number = self._element(path), len(marks)
        if not element["K"].sequence:
            element["Pg"] = page
        is_begun = element["Pg"].name != page.name
        mark = PDFDictionary({"Type": PDFName("MCR"), "Pg": page, "MCID": number}) if is_begun else number
        element["K"].sequence.append(mark)
        marks.append(self._doc.Reference(element))
        self.addLiteral(f"/{path[-1].split()[0]} <</MCID {number}>> BDC")
        yield
        self.addLiteral("EMC")

    def _element(self, path: Path) -> PDFDictionary:
        if path not in self._elements:
            name = path[-1] if path else "Document"
            tag, kind = name.split()[0], name.rpartition(" ")[0] or name
            parent = self._element(path[:-1]) if path else self._root
            element = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName(tag), "K": PDFArray([])})
            element["P"] = self._doc.Reference(parent)
            if kind in _ATTRIBUTES:
                element["A"] = _ATTRIBUTES[kind]
            if path:
                parent["K"].sequence.append(self._doc.Reference(element))
            else:
                parent["K"] = self._doc.Reference(element)
            self._elements[path] = element
        return self._elements[path]

    def _frame(self, lines: list[PlacedLine]) -> None:
        first, last = lines[0], lines[-1]
        across = max(width(line.text, line.font, line.size) for line in lines)
        top, bottom = HEIGHT - first.y * mm + first.size, HEIGHT - last.y * mm - last.size * 0.45
        self.setStrokeColor(self.accent)
        with self.decoration():
            self.roundRect(first.x * mm - 2 * mm, bottom, across + 4 * mm, top - bottom, 1.5 * mm)

    def showPage(self) -> None:  # noqa: N802 - its own
        """End the page, and say where its marks are."""
        super().showPage()
        page = self._doc.Pages.pages[-1]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents"]
        page.StructParents = len(self._marks) - 1
        self._marks.append([])

    def save(self) -> None:
        """Write the PDF, with its tree."""
        numbers = [part for number, marks in enumerate(self._marks) for part in (number, PDFArray(marks))]
        self._root["ParentTree"] = PDFDictionary({"Nums": PDFArray(numbers)})
        super().save()


def in_ascii(content: bytes) -> str:
    """Convert a PDF to text, which it is (decision 52)."""
    return content.replace(_BINARY, b"text", 1).decode("ascii")
