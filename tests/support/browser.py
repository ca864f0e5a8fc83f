"""A visitor's actions in a browser: the guide's forms, documents, and checks of every page."""

import re
import time
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.accessibility import width
from tests.support.service import Running

NEW = "Merle7Moqueur"


def press(page: Page, button: str) -> None:
    """Submit a form, and wait for the next page."""
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def log_in(page: Page, family: dict[str, str], password: str) -> None:
    page.goto("/extranet/usager")
    page.get_by_label("Site").select_option(family["site"])
    page.get_by_label("Identifiant", exact=True).fill(family["identifiant"])
    page.get_by_label("Mot de passe", exact=True).fill(password)
    press(page, "Se connecter")


def ask_for_password(page: Page, identifier: str, email: str) -> None:
    page.goto("/extranet/usager/mot-de-passe-perdu")
    page.get_by_label("Identifiant").fill(identifier)
    page.get_by_label("E-mail").fill(email)
    press(page, "Valider")


def mailed_password(running: Running, email: str) -> str:
    mail = running.mail_to(email, "Votre mot de passe pour l'extranet")
    match = re.search(r"^Mot de passe : (\S+)$", mail["text"], re.MULTILINE)
    assert match
    assert match.group(1) in mail["html"]
    return match.group(1)


def type_mailed_code(page: Page, running: Running, email: str) -> None:
    mail = running.mail_to(email, "Votre code pour l'extranet")
    match = re.search(r"^Code : (\d{3} \d{3})$", mail["text"], re.MULTILINE)
    assert match
    page.get_by_label("Code reçu par mail").fill(match.group(1))
    press(page, "Continuer")


def make_passkey(page: Page) -> None:
    page.goto("/extranet/compte/acces/cles")
    page.get_by_label("Nom de la clé").fill("Téléphone de test")
    press(page, "Créer ma clé d’accès")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos accès")


def change(page: Page, current: str, new: str, again: str) -> None:
    page.get_by_label("Mot de passe actuel").fill(current)
    page.get_by_label("Saisir le nouveau mot de passe *", exact=True).fill(new)
    page.get_by_label("Ressaisir le nouveau mot de passe *").fill(again)
    press(page, "Enregistrer")


PAGE = "/extranet/compte/reinscription/pieces"
QUOTIENT = "Avis d’imposition ou attestation de quotient familial"


def come(page: Page, running: Running, identifier: str) -> None:
    family = running.family(identifier)
    log_in(page, family, family["mot_de_passe"])
    page.goto(PAGE)


def choose(page: Page, file: Path) -> None:
    if page.locator("details").count():
        page.locator("summary").click()
    page.locator("input[type=file]").set_input_files(file)


def send(page: Page, file: Path) -> None:
    """Send a file, in a new second: the bucket counts in whole seconds, and people need longer."""
    page.wait_for_timeout(1000 * (1 - time.time() % 1) + 1)
    choose(page, file)
    page.get_by_role("button", name=f"Envoyer : {QUOTIENT}").click()


def fits(page: Page) -> None:
    """Check the page: nothing wider than the screen, and one title."""
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert width(page) <= 360
