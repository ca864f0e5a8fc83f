"""« Facturation » with bills of each kind, on a small screen, without JavaScript, down to the PDF."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.support.accessibility import offences
from tests.support.browser import log_in
from tests.support.service import Running

pytestmark = pytest.mark.browser

# The page has no script: one run without JavaScript covers every browser.
without_javascript = pytest.mark.parametrize("javascript", [False], ids=["without JavaScript"])


def open_bills(page: Page, running: Running) -> None:
    family = running.family("MES4001")
    log_in(page, family, family["mot_de_passe"])
    page.get_by_role("link", name="Facturation").click()


def test_axe_finds_no_violation_and_nothing_is_wider_than_the_screen(small: Page, running: Running) -> None:
    open_bills(small, running)
    expect(small.locator(".stands").first).to_be_visible()

    assert offences(small) == []


@without_javascript
def test_each_bill_says_in_words_where_it_stands(page: Page, running: Running) -> None:
    open_bills(page, running)

    states = [re.compile(rf"^{word}( |$)") for word in ("À", "En", "À", "Réglée")]
    expect(page.locator(".stands")).to_have_text(states)
    expect(page.get_by_text("À régler : l’échéance du")).to_have_count(1)
    expect(page.get_by_text("Reste à payer, en tout")).to_be_visible()


@without_javascript
def test_a_bill_is_downloaded_as_a_pdf(page: Page, running: Running) -> None:
    open_bills(page, running)
    number = page.get_by_role("heading", level=3).first.inner_text().rpartition("\N{NO-BREAK SPACE}")[2]

    with page.expect_download() as download:
        page.get_by_role("link", name=f"Télécharger la facture (PDF) n° {number}").click()

    assert download.value.suggested_filename == f"facture-{number}.pdf"
    assert f"Facture n° {number}" in PdfReader(Path(download.value.path())).pages[0].extract_text()


@without_javascript
def test_another_family_s_bill_is_not_found(page: Page, running: Running) -> None:
    open_bills(page, running)
    path = page.get_by_role("link", name="Télécharger").first.get_attribute("href")
    page.get_by_role("button", name="Déconnexion").click()
    family = running.family("HEN5002")
    log_in(page, family, family["mot_de_passe"])

    page.goto(str(path))

    expect(page.get_by_role("heading", level=1)).to_have_text("Page introuvable")
