"""« Famille » in a browser: data corrected and confirmed, an address proven by the mailed code."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import offences
from tests.support.browser import log_in
from tests.support.service import Running

pytestmark = pytest.mark.browser

FAMILY = "/extranet/compte/famille"


def enter(page: Page, running: Running) -> str:
    family = running.family("DUO6002")
    log_in(page, family, family["mot_de_passe"])
    page.get_by_role("link", name="Famille", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Famille")
    return str(family["mot_de_passe"])


def open_form(page: Page, summary: str) -> None:
    page.locator("summary", has_text=summary).click()


def test_an_address_is_corrected_and_all_is_confirmed(page: Page, running: Running, javascript: bool) -> None:
    enter(page, running)
    town = f"Bondoufle {'un' if javascript else 'deux'}"
    expect(page.get_by_label("Ville")).to_be_hidden()

    open_form(page, "Corriger l’adresse postale")
    page.get_by_label("Code postal").fill("9110")
    page.get_by_label("Ville").fill(town)
    page.locator("form", has=page.get_by_label("Ville")).get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("cinq chiffres")
    expect(page.get_by_label("Ville")).to_have_value(town)
    page.get_by_label("Code postal").fill("91100")
    page.locator("form", has=page.get_by_label("Ville")).get_by_role("button", name="Enregistrer").click()

    expect(page.get_by_role("status")).to_contain_text("Votre modification est enregistrée.")
    expect(page.get_by_text(f"91100 {town}").first).to_be_visible()
    page.get_by_role("button", name="Mes coordonnées sont exactes").click()
    expect(page.get_by_text(re.compile("Coordonnées confirmées le"))).to_be_visible()


def test_an_address_counts_once_its_code_is_typed(page: Page, running: Running, javascript: bool) -> None:
    password = enter(page, running)
    new = f"prouvee-{'avec' if javascript else 'sans'}@example.org"

    page.get_by_role("link", name="Ajouter, remplacer ou retirer une adresse e-mail").click()
    page.get_by_label(re.compile("^Remplacer")).first.check()
    page.get_by_label("Nouvelle adresse e-mail").fill(new)
    page.get_by_label("Mot de passe actuel").fill(password)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text(new)).to_be_visible()
    code = re.search(r"^Code : (\d{3} \d{3})$", running.mail_to(new, "Votre code")["text"], re.MULTILINE)
    assert code
    page.goto(FAMILY)
    page.get_by_role("link", name="Saisir le code").click()
    page.get_by_label("Code reçu par mail").fill(code.group(1))
    page.get_by_role("button", name="Confirmer l’adresse").click()

    expect(page.get_by_role("status")).to_contain_text("Votre modification est enregistrée.")
    expect(page.get_by_text(new).first).to_be_visible()


def test_every_form_open_and_refused_has_no_violation_and_fits(small: Page, running: Running) -> None:
    enter(small, running)
    for summary in small.locator("summary").all():
        summary.click()
    faults = offences(small)
    for path in ("/e-mail", "/e-mail/code"):
        small.goto(f"{FAMILY}{path}")
        faults += offences(small)
    small.goto(f"{FAMILY}/e-mail")
    small.get_by_role("button", name="Continuer").click()
    expect(small.get_by_role("alert")).to_be_visible()
    faults += offences(small)

    assert faults == [], "\n".join(faults)
