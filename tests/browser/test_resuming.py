"""A session that ends while a form is filled, at 360 pixels: nothing typed is lost; one receipt at the end."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import fits, log_in
from tests.support.running import Running, clef, open_now, served

pytestmark = pytest.mark.browser

STEPS = "/extranet/compte/reinscription"
# One family for each way: with JavaScript, and without.
FAMILIES = {True: "MES4001", False: "MAG2003"}


@pytest.fixture(scope="module")
def service() -> Iterator[Running]:
    with served() as found:
        clef(found, "period", "set", *open_now())
        yield found


@pytest.fixture
def telephone(chromium: Browser, service: Running, javascript: bool) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=service.url,
        locale="fr-FR",
        viewport={"width": 360, "height": 640},
        java_script_enabled=javascript,
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def check(page: Page, javascript: bool) -> None:
    page.wait_for_load_state()
    fits(page)
    if javascript:
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def come_back(page: Page, family: dict[str, str], password: str) -> None:
    page.get_by_label("Site").select_option(family["site"])
    page.get_by_label("Identifiant", exact=True).fill(family["identifiant"])
    page.get_by_label("Mot de passe", exact=True).fill(password)
    page.get_by_role("button", name="Se connecter").click()


def test_what_was_typed_waits_and_what_is_sent_has_one_receipt(
    telephone: Page, service: Running, javascript: bool
) -> None:
    page, family = telephone, service.family(FAMILIES[javascript])
    log_in(page, family, family["mot_de_passe"])
    check(page, javascript)
    page.get_by_role("link", name="Commencer : Mon foyer").click()
    page.get_by_label("Mes coordonnées sont exactes.").check()
    page.locator("#image-non").check()
    page.get_by_label("En cas d'urgence, qui appeler ?").fill("Mme Laure D'Été")
    page.get_by_label("Son téléphone").fill("0199007009")
    page.get_by_label("J'accepte").check()

    # The session is over when the form leaves: a slip at the login, then back where one was.
    page.context.clear_cookies()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reconnectez-vous : vos réponses sont gardées")
    check(page, javascript)
    come_back(page, family, "Faux1234")
    expect(page.get_by_role("alert")).to_contain_text("incorrect")
    come_back(page, family, family["mot_de_passe"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes reconnecté")
    check(page, javascript)
    page.get_by_role("button", name="Reprendre").click()
    page.goto(f"{STEPS}/foyer")
    expect(page.get_by_label("En cas d'urgence, qui appeler ?")).to_have_value("Mme Laure D'Été")

    # Everything else, then the summary, whose session ends too.
    page.goto(STEPS)
    page.get_by_role("link", name=re.compile("^Continuer")).click()
    while "/eleves/" in page.url:
        page.get_by_label("se réinscrit", exact=True).check()
        page.get_by_role("button", name="Enregistrer et continuer").click()
    page.goto("/extranet/compte")
    expect(page.get_by_text("rien n'est encore envoyé")).to_be_visible()
    page.goto(f"{STEPS}/recapitulatif")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#pieces-erreur")).to_contain_text("il en manque")
    check(page, javascript)
    page.get_by_role("link", name="Envoyer ou promettre les pièces").click()
    for promise in page.get_by_label("Je l'apporterai sur papier").all():
        promise.check()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    check(page, javascript)
    page.context.clear_cookies()
    page.get_by_role("button", name="Envoyer").click()
    come_back(page, family, family["mot_de_passe"])
    page.get_by_role("button", name="Reprendre").click()

    expect(page).to_have_url(re.compile(f"{STEPS}/recus/R"))
    check(page, javascript)
    number = page.url.rpartition("/")[2]
    for email in family["emails"]:
        assert "Mme Laure D'Été" in service.mail_to(email, number)["text"]
    page.goto("/extranet/compte")
    expect(page.get_by_text("Tout est envoyé")).to_be_visible()
    expect(page.get_by_role("link", name=f"reçu {number}").first).to_be_visible()
    check(page, javascript)
