"""A screen reader's text of each step, in order: the accessibility tree, kept in data/read_aloud.

CLEF_WRITE=1 writes the texts again: review the diff as if listening to it.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import ask_for_password, log_in, mailed_password, press
from tests.support.french import plain
from tests.support.service import Running

pytestmark = pytest.mark.browser

KEPT = Path(__file__).parent.parent / "data" / "read_aloud"
STEPS = "/extranet/compte/reinscription"
# Variable texts. Public pages learn of a period up to five minutes late.
_VOLATILE = {
    "(La réinscription .* est ouverte jusqu'au .*|Les dates de la réinscription sont annoncées .*)": "PÉRIODE",
    r"\d{1,2}(er)? [a-zéû]+ 20\d\d( à \d{1,2} h \d\d)?": "JOUR",
    r"20\d\d-20\d\d": "ANNÉE",
    r"R\d\d-\w{4}-\w{4}": "NUMÉRO",
    r"R \d \d - \w \w \w \w - \w \w \w \w": "NUMÉRO ÉPELÉ",
}


@pytest.fixture
def listener(chromium: Browser, running: Running) -> Iterator[Page]:
    """Open a browser on a telephone, without JavaScript."""
    context = chromium.new_context(
        base_url=running.url, locale="fr-FR", viewport={"width": 360, "height": 640}, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def heard(page: Page) -> str:
    """Write the spoken text of a page: its title, then its main part."""
    tree = plain(f"{page.title()}\n{page.locator('main').aria_snapshot()}\n")
    words = "".join(line for line in tree.splitlines(keepends=True) if "/url:" not in line)
    for pattern, name in _VOLATILE.items():
        words = re.sub(pattern, name, words)
    return words


def journey(page: Page, running: Running) -> Iterator[tuple[str, str]]:
    """Walk through every step, refused and right, and yield its name and spoken text."""
    family = running.family("HEN5001")
    page.goto("/extranet/usager/identifiant-perdu")
    yield "identifiant-perdu", heard(page)
    page.goto("/extranet/usager/mot-de-passe-perdu")
    yield "mot-de-passe-perdu", heard(page)
    log_in(page, family, "Faux1234")
    yield "connexion-refusee", heard(page)
    ask_for_password(page, family["identifiant"], family["emails"][0])
    yield "mot-de-passe-envoye", heard(page)
    log_in(page, family, mailed_password(running, family["emails"][0]))
    yield "accueil", heard(page)
    page.goto(f"{STEPS}/rien-ne-change")
    yield "rien-ne-change", heard(page)
    press(page, "Envoyer la réinscription")
    yield "rien-ne-change-refuse", heard(page)
    page.goto(f"{STEPS}/foyer")
    press(page, "Enregistrer et continuer")
    yield "foyer-refuse", heard(page)
    page.goto(STEPS)
    yield "reinscription", heard(page)
    page.goto(str(page.locator("a[href*='/eleves/']").first.get_attribute("href")))
    yield "eleve", heard(page)
    page.locator("#choix-oui").check()
    page.locator("#titre-cours-1").click()
    page.locator("[value=discipline]").first.check()
    press(page, "Enregistrer et continuer")
    yield "eleve-refuse", heard(page)
    page.goto(f"{STEPS}/pieces")
    yield "pieces", heard(page)
    page.goto(f"{STEPS}/recapitulatif")
    yield "recapitulatif", heard(page)
    page.goto("/extranet/compte/famille")
    yield "famille", heard(page)


@pytest.mark.usefixtures("open_period")
def test_each_step_is_read_aloud_as_it_was_reviewed(listener: Page, running: Running) -> None:
    texts = dict(journey(listener, running))

    if os.environ.get("CLEF_WRITE"):
        KEPT.mkdir(exist_ok=True)
        for name, words in texts.items():
            (KEPT / f"{name}.txt").write_text(words, encoding="utf-8")
    assert {file.stem: file.read_text(encoding="utf-8") for file in KEPT.glob("*.txt")} == texts
