"""One of our pages on paper: every word, in order, on one sheet if they fit, in ASCII."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from chalicelib.presentation.printing import pdf_of
from chalicelib.presentation.printing.fonts import SANS
from chalicelib.presentation.printing.lines import wrap_text
from chalicelib.presentation.typography import FIRM, in_text
from tests.support.paper_letters import NETWORK

NOTE = "<p class='unshown'>Une lettre manque.</p>"


def pages_of(html: str, title: str = "Titre") -> list[str]:
    pdf = pdf_of(f"{html}<footer>Reçu 12</footer>", title, NETWORK)
    first, *rest = [page.extract_text().rstrip() for page in PdfReader(BytesIO(pdf.encode("ascii"))).pages]
    head, _, below = first.partition("\n")
    assert head == NETWORK.name
    return [below, *rest]


def words_of(pages: list[str]) -> list[str]:
    return [word for page in pages for word in page.partition("Reçu 12 - ")[0].split() if word != "•"]


def test_a_page_is_read_in_its_order_without_its_tags() -> None:
    html = """<section><h1>C’est <b>envoyé</b></h1><p>Dix&nbsp;€ &amp; un <a href="/x">cœur</a>.</p>
    <dl><div><dt>Numéro</dt><dd class="number">R27</dd></div></dl><ul><li>Élève</li></ul></section>"""

    (page,) = pages_of(html)

    assert page.split("\n") == ["C’est envoyé", "Dix\xa0€ & un cœur.", "Numéro", "R27", "•", "Élève", "Reçu 12 - 1/1"]


def test_what_does_not_fit_one_sheet_goes_on_on_the_next_and_nothing_is_cut() -> None:
    html = "".join(f"<h2>Élève {number}</h2><p>{'mot ' * 150}fin{number}</p>" for number in range(12))

    pages = pages_of(html)

    assert len(pages) > 1
    assert [page.split("\n")[-1] for page in pages] == [f"Reçu 12 - {n}/{len(pages)}" for n in range(1, len(pages) + 1)]
    assert words_of(pages) == " ".join(f"Élève {number} {'mot ' * 150}fin{number}" for number in range(12)).split()


def test_no_heading_stays_alone_at_the_foot_of_a_sheet() -> None:
    for before in range(40, 60):
        html = "<ul>" + "<li>un</li>" * before + "</ul><h2>Foyer</h2>" + "<p>deux</p>" * 30

        for page in pages_of(html):
            assert page.split("\n")[-2] != "Foyer", before


def test_a_word_longer_than_its_line_is_broken_and_whole() -> None:
    word = "Anticonstitutionnellement" * 20

    (page,) = pages_of(f"<dl><dt>{word}</dt><dd>{word}</dd></dl>")

    assert "".join(words_of([page])).count("A") == 40
    assert len("".join(words_of([page]))) == 2 * len(word)


@pytest.mark.parametrize("room", range(45, 130, 5))
def test_a_site_s_name_breaks_after_its_dash_and_never_before(room: int) -> None:
    lines = wrap_text(in_text("Ris Orangis - Messiaen"), SANS, 10, room)

    assert not any(line.startswith((FIRM, "-")) for line in lines)
    assert "".join(lines) == f"Ris Orangis{FIRM}- Messiaen"


@pytest.mark.parametrize(
    ("name", "text"), [("Zélie 🎻", "Zélie ?"), ("דוד", "???"), ("Nguyễn Łukasz", "Nguyễn Łukasz")]
)
def test_a_letter_that_the_font_lacks_is_no_box_and_the_paper_says_so(name: str, text: str) -> None:
    (page,) = pages_of(f"<p>{name}</p>{NOTE}")

    assert page.split("\n")[0] == text
    assert ("Une lettre manque." in page) is (name != text)


def test_the_same_page_is_the_same_bytes_in_ascii_and_whoever_prints_first() -> None:
    first, _, again = (pdf_of(f"<p>{words} €</p>", "Été", NETWORK) for words in ("Œuvre", "Ça", "Œuvre"))

    assert first == again
    assert first.isascii()
