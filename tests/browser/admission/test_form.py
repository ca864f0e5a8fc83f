"""A new family on a telephone without JavaScript: entry by mail, form, summary, receipt. Each passes axe and fits."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import offences, width
from tests.support.browser import press
from tests.support.service import Running

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("open_to_all")]

EMAIL = "pinson@example.org"


def enter(telephone: Page, small: Page, running: Running) -> None:
    """Come in as a new family does, by a mail. Each page on the way passes axe."""

    def offences_at(path: str) -> list[str]:
        small.goto(f"/extranet/pre-inscription{path}")
        return offences(small)

    telephone.goto("/extranet")
    telephone.get_by_role("link", name="Pré-inscription").click()
    expect(telephone.get_by_label("Ne remplissez pas ce champ")).to_be_hidden()
    telephone.get_by_label("E-mail").fill(EMAIL)
    press(telephone, "Recevoir un code")
    expect(telephone.get_by_role("alert")).to_contain_text("rien n’est encore parti")  # as quick as a browser
    since = time.monotonic()
    faults = [offence for path in ("", "/suivi") for offence in offences_at(path)]
    telephone.wait_for_timeout(max(0, 3_100 - 1_000 * (time.monotonic() - since)))
    press(telephone, "Recevoir un code")

    expect(telephone.get_by_text(EMAIL)).to_be_visible()
    small.context.add_cookies(telephone.context.cookies())  # type: ignore[arg-type]  # compatible types
    assert faults + offences_at("/code") == []
    code = re.search(r"^Code : (.+)$", running.mail_to(EMAIL, "Votre code de pré-inscription")["text"], re.MULTILINE)
    assert code
    telephone.get_by_label("Code reçu par mail").fill(code[1])
    press(telephone, "Continuer")

    expect(telephone).to_have_url(re.compile("/extranet/pre-inscription/demande$"))


def test_a_new_family_comes_in_fills_in_sends_and_has_a_receipt(telephone: Page, small: Page, running: Running) -> None:
    enter(telephone, small, running)
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
    assert "Ce n'est pas encore une inscription" in running.mail_to(EMAIL, number)["text"]
    assert telephone.context.request.get("/extranet/pre-inscription/demande/recu/pdf").ok
