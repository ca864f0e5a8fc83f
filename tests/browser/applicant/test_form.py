"""An application on a telephone without JavaScript: form, summary, receipt. Each page passes axe and fits its width."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.accessibility import offences, width
from tests.support.browser import press
from tests.support.office import clef, open_now
from tests.support.service import Running

pytestmark = pytest.mark.browser

EMAIL = "pinson@example.org"


@pytest.fixture
def telephone(chromium: Browser, running: Running) -> Iterator[Page]:
    """Enter as a new family does, by the mailed code."""
    clef(running, "period", "set", *open_now(), "--new", "--apply")
    context = chromium.new_context(
        base_url=running.url, locale="fr-FR", viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto("/extranet/pre-inscription")
    page.get_by_label("E-mail").fill(EMAIL)
    page.wait_for_timeout(3_100)
    press(page, "Recevoir un code")
    code = re.search(r"^Code : (.+)$", running.mail_to(EMAIL, "Votre code de pré-inscription")["text"], re.MULTILINE)
    assert code
    page.get_by_label("Code reçu par mail").fill(code[1])
    press(page, "Continuer")
    yield page
    context.close()
    clef(running, "period", "clear", "--new", "--apply", "--yes")


def test_an_application_is_filled_in_read_again_and_sent_and_its_receipt_is_kept(
    telephone: Page, small: Page, running: Running
) -> None:
    small.context.add_cookies(telephone.context.cookies())  # type: ignore[arg-type]  # compatible types
    faults: list[str] = []

    def look() -> None:
        assert width(telephone) <= 360
        small.goto(telephone.url)
        faults.extend(offences(small))

    look()
    telephone.get_by_role("link", name="Commencer : Vos coordonnées").click()
    look()
    telephone.get_by_label("Votre prénom et votre nom").fill("Mme Inès Pinson")
    telephone.get_by_label("Téléphone").fill("06 99 00 20 01")
    telephone.get_by_label("Numéro et rue").fill("4 allée des Tilleuls")
    telephone.get_by_label("Code postal").fill("91000")
    telephone.get_by_label("Ville").fill("Evry")
    telephone.get_by_label("Nous habitons").check()
    press(telephone, "Enregistrer et continuer")
    telephone.get_by_label("Prénom").fill("Alba")
    telephone.get_by_label("Nom", exact=True).fill("Pinson")
    telephone.get_by_label("Date de naissance").fill("14/03/2018")
    telephone.locator("#discipline-1").select_option("Piano")
    telephone.locator("#site-1").select_option("evry-xenakis")
    telephone.get_by_text("Deuxième vœu").click()
    telephone.locator("#discipline-2").select_option("Harpe")
    telephone.locator("#site-2").select_option("evry-magnard")
    press(telephone, "Enregistrer et continuer")
    expect(telephone.get_by_role("alert")).to_contain_text("Harpe ne se demande pas")
    telephone.locator("#site-2").select_option("evry-xenakis")
    press(telephone, "Enregistrer et continuer")
    telephone.get_by_label("Je l’apporterai sur papier").check()
    press(telephone, "Enregistrer et continuer")
    expect(telephone).to_have_url(re.compile("/recapitulatif$"))
    expect(telephone.get_by_text("Harpe à Evry")).to_be_visible()
    look()
    telephone.get_by_role("link", name="Modifier pour Alba").click()
    look()
    telephone.go_back()
    press(telephone, "Envoyer la demande")

    expect(telephone.get_by_role("heading", name="Demande envoyée")).to_be_visible()
    look()
    assert faults == []
    number = telephone.locator("dd.number").inner_text()
    assert re.fullmatch(r"P\d\d(-[2-9BCDFGHJKMNPQRSTVWXZ]{4}){2}", number)
    mail = running.mail_to(EMAIL, number)
    assert "Ce n'est pas encore une inscription" in mail["text"]
    assert telephone.context.request.get("/extranet/pre-inscription/demande/recu/pdf").ok
