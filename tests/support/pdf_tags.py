"""Hears a PDF as a screen reader does: by its tree of elements, never by the places of its letters."""

from html import unescape
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader

PARENTS: dict[str, set[str | None]] = {
    "Document": {None},
    "Sect": {"Document"},
    "H1": {"Document", "Sect"},
    "H2": {"Document", "Sect"},
    "H3": {"Document", "Sect"},
    "P": {"Document", "Sect", "TD"},
    "Figure": {"Document", "Sect"},
    "L": {"Document"},
    "LI": {"L"},
    "Lbl": {"LI"},
    "LBody": {"LI"},
    "Table": {"Document"},
    "TR": {"Table"},
    "TH": {"TR"},
    "TD": {"TR"},
}
PAINTING = {b"Tj", b"TJ", b"'", b'"', b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"Do", b"sh"}


def heard(content: bytes) -> list[tuple[str, str]]:
    """List the elements with a text, in their order. Fails on a painting outside the tree, or no French title."""
    reader = PdfReader(BytesIO(content))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own boolean
    assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == ("fr-FR", True)
    assert reader.metadata
    assert reader.metadata.title
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert f">{reader.metadata.title}</rdf:li>" in unescape(metadata)
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    owners = {numbers[place]: list(numbers[place + 1]) for place in range(0, len(numbers), 2)}
    marks: dict[tuple[int, int], str] = {}
    for page in reader.pages:
        assert "/Annots" not in page, "a link has no element, nor has the page an order of the Tab key"
        resources: Any = page["/Resources"]
        for font in (one.get_object() for one in resources["/Font"].values()):
            assert font["/FontDescriptor"]["/FontFile2"]
            assert font["/ToUnicode"]
        key = page["/StructParents"]
        texts = _marks(page)
        assert sorted(texts) == list(range(len(owners[key]))), "a mark without an element, or the reverse"
        marks |= {(page.indirect_reference.idnum, mark): text for mark, text in texts.items()}  # type: ignore[union-attr]
    elements: list[tuple[str, str]] = []
    _walk(root["/StructTreeRoot"]["/K"].get_object(), None, marks, elements)
    assert marks == {}, "marks that no element has"
    levels = [int(tag[1]) for tag, _ in elements if tag in {"H1", "H2", "H3"}]
    assert all(after - before <= 1 for before, after in zip([0, *levels], levels, strict=False)), "a level is left out"
    return elements


def _marks(page: PageObject) -> dict[int, str]:
    """Read the text of each mark of a page. A painting outside a mark is refused, unless it is decoration."""
    texts: dict[int, str] = {}
    state: list[Any] = []

    def enter(operator: bytes, operands: Any, *_matrices: object) -> None:
        if operator in {b"BDC", b"BMC"}:
            assert state == []
            is_decoration = operands[0] == "/Artifact"
            state.append(None if is_decoration else operands[1]["/MCID"])
            if not is_decoration:
                texts[state[0]] = ""
        elif operator == b"EMC":
            state.pop()
        elif operator in PAINTING:
            assert state, "it is painted, and belongs to no element"

    def read(text: str, *_places: object) -> None:
        if state and state[0] is not None:
            texts[state[0]] += text.replace("\n", "")

    page.extract_text(visitor_operand_before=enter, visitor_text=read)
    assert state == []
    return texts


def _walk(element: Any, parent: str | None, marks: dict[tuple[int, int], str], elements: list[tuple[str, str]]) -> None:
    tag = str(element["/S"])[1:]
    assert parent in PARENTS[tag], f"{tag} in {parent}"
    if tag == "TR":
        assert [str(kid.get_object()["/S"]) for kid in element["/K"]] == ["/TH", "/TD"]
    if tag == "TH":
        assert element["/A"]["/Scope"] == "/Row"
    if tag == "L":
        assert element["/A"]["/ListNumbering"] in {"/Disc", "/Decimal"}
    if tag == "Figure":
        assert element["/A"]["/BBox"]
        elements.append((tag, element["/Alt"]))
    text = ""
    for kid in (one.get_object() for one in element["/K"]):
        if isinstance(kid, int):
            text += marks.pop((element.raw_get("/Pg").idnum, kid))
        elif kid["/Type"] == "/MCR":
            text += marks.pop((kid.raw_get("/Pg").idnum, kid["/MCID"]))
        else:
            assert kid["/P"].get_object() == element
            _walk_after(text, tag, elements)
            text = ""
            _walk(kid, tag, marks, elements)
    _walk_after(text, tag, elements)


def _walk_after(text: str, tag: str, elements: list[tuple[str, str]]) -> None:
    if text:
        elements.append((tag, text))
