"""A session that ends while a form is filled in, at 360 pixels: no input is lost, and there is one receipt."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.accessibility import offences
from tests.support.browser import fits, log_in, press
from tests.support.french import typographic
from tests.support.service import Running

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("open_period")]

STEPS = "/extranet/compte/reinscription"
# One family with JavaScript, and one without.
FAMILIES = {True: "MAG2003", False: "MES4009"}


@pytest.fixture
def telephone(chromium: Browser, running: Running, javascript: bool) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=running.url, locale="fr-FR", viewport={"width": 360, "height": 640}, java_script_enabled=javascript
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def check(page: Page, javascript: bool) -> None:
    fits(page)
    if javascript:
        assert offences(page, 360) == []


def come_back(page: Page, family: dict[str, str], password: str) -> None:
    page.get_by_label("Site").select_option(family["site"])
    page.get_by_label("Identifiant", exact=True).fill(family["identifiant"])
    page.get_by_label("Mot de passe", exact=True).fill(password)
    press(page, "Se connecter")


def answer_household(page: Page) -> None:
    page.get_by_label("Mes coordonnées sont exactes.").check()
    page.get_by_label("Qui paie les droits d’inscription ?").fill("Mme Laure D'Été")
    page.get_by_label("En cas d’urgence, qui appeler ?").fill("Mme Laure D'Été")
    page.get_by_label("Son téléphone").fill("0199007009")
    accept(page)


def accept(page: Page) -> None:
    """Accept the rules, and select the speaker where a family has several."""
    page.get_by_label("J’accepte").check()
    for choice in page.get_by_label("Vous êtes").all():
        choice.select_option(index=1)


def test_a_form_waits_and_what_is_sent_has_one_receipt(telephone: Page, running: Running, javascript: bool) -> None:
    page, family = telephone, running.family(FAMILIES[javascript])
    log_in(page, family, family["mot_de_passe"])
    expect(page.get_by_role("heading", level=1)).to_have_text(typographic(f"Bonjour {family['nom']}"))
    check(page, javascript)
    page.get_by_role("link", name="Je veux changer quelque chose").click()
    page.get_by_role("link", name="Commencer").click()
    answer_household(page)

    # The session is over when the form is sent: a slip at the login, then back to the form.
    page.context.clear_cookies()
    press(page, "Enregistrer et continuer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Reconnectez-vous : vos réponses sont gardées")
    check(page, javascript)
    come_back(page, family, "Faux1234")
    expect(page.get_by_role("alert")).to_contain_text("incorrect")
    come_back(page, family, family["mot_de_passe"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes reconnecté")
    check(page, javascript)
    press(page, "Reprendre")
    page.goto(f"{STEPS}/foyer")
    expect(page.get_by_label("En cas d’urgence, qui appeler ?")).to_have_value("Mme Laure D'Été")

    # Everything else, then the summary, whose session ends too.
    page.goto(STEPS)
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("^Continuer")).click()
    while "/eleves/" in page.url:
        page.get_by_label("se réinscrit", exact=True).check()
        page.locator("#image-non").check()
        press(page, "Enregistrer et continuer")
    page.goto("/extranet/compte")
    expect(page.get_by_text("rien n’est encore envoyé")).to_be_visible()
    page.goto(f"{STEPS}/recapitulatif")
    press(page, "Envoyer")
    expect(page.locator("#pieces-erreur")).to_contain_text("il en manque")
    check(page, javascript)
    page.get_by_role("link", name="Envoyer ou promettre les pièces").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pièces à fournir")
    for promise in page.get_by_label("Je l’apporterai sur papier").all():
        promise.check()
    press(page, "Enregistrer et continuer")
    check(page, javascript)
    page.context.clear_cookies()
    press(page, "Envoyer")
    come_back(page, family, family["mot_de_passe"])
    press(page, "Reprendre")

    expect(page).to_have_url(re.compile(f"{STEPS}/recus/R"))
    check(page, javascript)
    number = page.url.rpartition("/")[2]
    for email in family["emails"]:
        assert "Mme Laure D'Été" in running.mail_to(email, number)["text"]
    page.goto("/extranet/compte")
    expect(page.get_by_text("Tout est envoyé")).to_be_visible()
    expect(page.get_by_role("link", name=f"reçu {number}").first).to_be_visible()
    check(page, javascript)
