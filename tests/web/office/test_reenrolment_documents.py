"""GET /extranet/bureau/reinscriptions/SITE/FAMILLE/pieces: files shown in the page, by links of five minutes."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.web.responses import SECURITY_HEADERS
from tests.support.browser_upload import JPEG, PDF, WORD
from tests.support.documents import DANCE, QUOTIENT, keep_content, open_season, put
from tests.support.enrolled_families import BY, NUMBERS, SEASON, keep, key_of, send_pupils
from tests.support.enrolment import IN_JUNE, LEO, enrolment
from tests.support.staff import DESK, READER, enter
from tests.support.world import Visitor, World

LATER = IN_JUNE + timedelta(days=900)  # the test bucket follows the machine's clock
PAGE = f"{DESK}/reinscriptions/evry-xenakis/xen1/pieces"


@pytest.fixture(autouse=True)
def season(world: World, visitor: Visitor) -> None:
    open_season(world)
    enter(world, visitor, READER)


def links(page: str, attribute: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(rf'{attribute}="(http[^"]+)"', page)]


def test_an_image_is_shown_and_a_pdf_is_opened_for_five_minutes_by_content(world: World, visitor: Visitor) -> None:
    put(world, DANCE, JPEG)
    put(world, QUOTIENT, PDF)

    page = visitor.get(PAGE)

    (image,), links_open = links(page.text, "src"), links(page.text, "href")
    (pdf,) = [link for link in links_open if link != image]
    for link, content, kind in ((image, JPEG, "image/jpeg"), (pdf, PDF, "application/pdf")):
        with urlopen(link) as answer:
            assert (answer.read(), answer.headers["Content-Type"]) == (content, kind)
            assert answer.headers["Content-Disposition"].startswith("inline")
        query = parse_qs(urlsplit(link).query)
        assert query.get("X-Amz-Expires", query.get("Expires"))
        assert "rossignol" not in link.casefold()
    assert "Certificat" in page.text or "certificat" in page.text
    assert page.text.count('target="_blank" rel="noopener"') == 2


def test_only_that_page_may_show_images_of_the_bucket(world: World, visitor: Visitor) -> None:
    usual = SECURITY_HEADERS["Content-Security-Policy"]
    assert visitor.get(PAGE).headers["Content-Security-Policy"] == usual
    put(world, DANCE, JPEG)

    page = visitor.get(PAGE)

    address = urlsplit(links(page.text, "src")[0])
    origin = f"{address.scheme}://{address.netloc}"
    assert page.headers["Content-Security-Policy"] == usual.replace("img-src 'self'", f"img-src 'self' {origin}")
    assert visitor.get(PAGE.removesuffix("/pieces")).headers["Content-Security-Policy"] == usual


def test_what_is_no_image_or_pdf_or_is_promised_or_lacks_has_no_link(world: World, visitor: Visitor) -> None:
    keep(world, enrolment(world).with_document(ProvidedDocument(*QUOTIENT, SavedBy(BY, IN_JUNE))))
    put(world, DANCE, WORD)

    page = visitor.get(PAGE).text

    assert "ni PDF ni photo" in page
    assert "Promise sur papier." in page
    assert "<img" not in page
    assert links(page, "href") == []


def test_the_file_of_a_receipt_is_shown_beside_the_one_that_was_saved_since(world: World, visitor: Visitor) -> None:
    before = ProvidedDocument(*DANCE, SavedBy(BY, LATER), put(world, DANCE, PDF))
    enrolment_sent = keep(world, send_pupils(enrolment(world).with_document(before), NUMBERS[1], key_of(LEO)))
    since = ProvidedDocument(*DANCE, SavedBy(BY, LATER), keep_content(world, put(world, DANCE, JPEG)))
    keep(world, enrolment_sent.with_document(since))

    page = visitor.get(PAGE).text

    assert f"enregistrée après le reçu {NUMBERS[1]} : ce n'est pas le fichier envoyé" in page
    assert f"Celle du reçu {NUMBERS[1]}" in page
    assert len(links(page, "src")) == 1
    assert len(links(page, "href")) == 2


def test_another_season_is_asked_for_by_its_year(visitor: Visitor) -> None:
    assert f"réinscription {SEASON}-2028" in visitor.get(f"{PAGE}?saison={SEASON}").text
    assert visitor.get(f"{PAGE}?saison=1999").status_code == 404
