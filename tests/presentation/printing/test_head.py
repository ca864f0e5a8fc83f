"""The head of a paper: the network's logo, name and colour, on a receipt, a draw and each letter."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from reportlab.lib.units import mm

from chalicelib.presentation.printing import pdf_of
from chalicelib.presentation.printing.head import head_bottom, head_lines
from chalicelib.presentation.printing.letters import WINDOW
from chalicelib.presentation.printing.lines import width
from tests.support.paper_letters import NETWORK, letters, network_of
from tests.support.pdf_tags import heard


def forms(pdf: bytes) -> dict[int, Any]:
    """List the forms of a PDF by their numbers."""
    pages: list[Any] = list(PdfReader(BytesIO(pdf)).pages)
    all_forms = [one.get_object() for page in pages for one in page["/Resources"].get("/XObject", {}).values()]
    return {form.indirect_reference.idnum: form for form in all_forms}


def test_logo_and_names_are_heard_first_on_a_receipt_and_on_each_letter() -> None:
    network = network_of("ambrelle")
    head = [
        ("Figure", "Logo : Ambrelle Métropole"),
        ("P", "Ambrelle Métropole"),
        ("P", "Conservatoires d’Ambrelle Métropole"),
    ]

    assert heard(pdf_of("<h1>Reçu</h1>", "Reçu", network).encode()) == [*head, ("H1", "Reçu")]
    pages = heard(letters("Famille Rossignol", "Mme Nguyễn", network=network))
    assert [pages[place : place + 3] for place, element in enumerate(pages) if element == head[0]] == [head, head]


@pytest.mark.parametrize("name", ["ambrelle", "aubrane", "servant"])
def test_a_logo_is_written_once_with_all_that_it_paints_with(name: str) -> None:
    (form,) = forms(letters("Famille Rossignol", "Mme Nguyễn", network=network_of(name))).values()

    content = form.get_data().decode("ascii")
    for kind, operator in (("/ExtGState", "gs"), ("/Shading", "sh")):
        names = set(re.findall(rf"(/\w+) {operator}\b", content))
        assert names <= form["/Resources"].get(kind, {}).keys()
    assert {"ambrelle": " sh", "aubrane": "\nS\n", "servant": " gs"}[name] in content


def test_the_same_paper_of_a_network_is_the_same_bytes_and_another_network_s_is_in_its_colour() -> None:
    papers = [pdf_of("<h1>Reçu</h1>", "Reçu", network_of(name)) for name in ("aubrane", "servant", "aubrane")]

    assert papers[0] == papers[2]
    assert papers[0].isascii()
    stream: Any = PdfReader(BytesIO(papers[0].encode())).pages[0].get_contents()
    accent = " ".join(f"{part / 255:.6f}".rstrip("0").replace("0.", ".") for part in bytes.fromhex("1d4f8c"))
    assert {f"{accent} rg", f"{accent} RG"} <= set(stream.get_data().decode("latin-1").splitlines())


@pytest.mark.parametrize("banner", [None, "Musique", "Conservatoires du plateau " * 6])
@pytest.mark.parametrize("logo", [None, "servant"])
def test_a_long_name_stays_in_the_head_above_the_window(logo: str | None, banner: str | None) -> None:
    network = network_of(logo) if logo else replace(NETWORK, name="Réseau " * 20)
    network = replace(network, look=replace(network.look, name=banner))

    lines = head_lines(network)

    assert head_bottom(network) < WINDOW[1]
    for line in lines:
        assert line.y - 0.8 * line.size / mm >= 8
        assert line.y + 0.2 * line.size / mm <= head_bottom(network)
        assert line.x + width(line.text.rstrip(" "), line.font, line.size) / mm <= 190.01
