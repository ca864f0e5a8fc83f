"""A PDF is heard as a page is read (PDF/UA-1): its words in order, as headings, paragraphs, lists, facts."""

from io import BytesIO

import pytest

from chalicelib.presentation.printing import pdf_of
from chalicelib.presentation.printing.tags import TaggedCanvas
from tests.support.french import plain
from tests.support.paper_letters import HOME, NETWORK, PAGE, letters
from tests.support.pdf_tags import heard

HEAD = ("P", "Réseau des conservatoires 91")


def printed(html: str) -> bytes:
    return pdf_of(html, "Reçu « été »", NETWORK).encode()


def test_a_page_is_heard_in_its_order_with_its_headings_facts_and_lists() -> None:
    assert heard(printed(PAGE)) == [
        HEAD,
        ("H1", "Reçu"),
        ("P", "Un cœur."),
        ("TH", "Numéro"),
        ("P", "R27"),
        ("TH", "Par"),
        ("P", "Anne"),
        ("P", "Paul"),
        ("H2", "Suite"),
        *[("Lbl", "•"), ("LBody", "Un"), ("Lbl", "•"), ("LBody", "Deux")],
        ("P", "Fin."),
        *[("Lbl", "•"), ("LBody", "Trois")],
        *[("Lbl", "1."), ("LBody", "P27"), ("Lbl", "2."), ("LBody", "P28 A")],
    ]


def test_a_text_broken_into_lines_or_over_two_sheets_is_heard_whole() -> None:
    text = " ".join(f"mot{number}" for number in range(1200))

    assert heard(printed(f"<h1>Titre</h1><p>{text}</p><dl><dt>{text[:99]}</dt><dd>{text}</dd></dl>")) == [
        HEAD,
        ("H1", "Titre"),
        ("P", text),
        ("TH", text[:99]),
        ("P", text),
    ]


def test_a_letter_is_heard_from_its_sender_to_its_signature_and_the_next_is_another() -> None:
    first, second = letters("Famille Rossignol"), letters("Famille Rossignol", "Mme Nguyễn")

    elements = heard(first)
    assert elements[0] == HEAD
    assert elements[2] == ("P", "Famille Rossignol 12 BIS RUE DE L EGLISE 91000 EVRY COURCOURONNES")
    assert [plain(text) for tag, text in elements if tag == "H1"] == [
        "Objet : réinscription 2026-2027, et votre accès à l'extranet des conservatoires"
    ]
    assert heard(second)[: len(elements)] == elements
    assert [tag for tag, _ in heard(second)].count("H1") == 2


def test_a_text_that_no_element_has_is_not_missed() -> None:
    content = BytesIO()
    canvas = TaggedCanvas(content, "Titre", NETWORK)
    canvas.drawString(20, 20, " ".join(HOME))
    canvas.showPage()
    canvas.save()

    with pytest.raises(AssertionError, match="belongs to no element"):
        heard(content.getvalue())
