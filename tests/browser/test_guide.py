"""The guide, page by page, in Chromium, with JavaScript and without. Each test has its own families."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import NEW, ask_for_password, change, log_in, mailed_password
from tests.support.french import typographic
from tests.support.service import Running

pytestmark = pytest.mark.browser

SITES = ["Bondoufle - Gounod", "Evry - Magnard", "Evry - Xénakis", "Ris Orangis - Messiaen", "Villabé - Yves Henry"]
TABS = ["Accueil", "Famille", "Elèves", "Facturation", "Accessibilité", "Mot de passe", "Déconnexion"]


def test_1_2_the_extranet_opens_at_its_address_without_a_cookie(page: Page) -> None:
    page.goto("/")

    expect(page).to_have_url(re.compile("/extranet$"))
    assert page.context.cookies() == []


def test_1_3_three_doors(page: Page) -> None:
    page.goto("/extranet")

    expect(page.get_by_role("heading", level=1)).to_have_text("Extranet du logiciel iMuse")
    for door, path in [
        ("Accès enseignant", "/extranet/enseignant"),
        ("Accès usager", "/extranet/usager"),
        ("Pré-inscription", "/extranet/pre-inscription"),
    ]:
        expect(page.get_by_role("link", name=door)).to_have_attribute("href", path)
    expect(page.get_by_text("ne concerne pas les élèves déjà inscrits")).to_be_visible()


def test_1_3_each_door_says_for_whom_it_is(page: Page) -> None:
    said_by = {"Accès enseignant": "Pas encore d’accès", "Pré-inscription": "Uniquement pour les nouvelles demandes"}
    for door, sentence in said_by.items():
        page.goto("/extranet")
        page.get_by_role("link", name=door).click()

        expect(page.get_by_role("heading", level=1)).to_have_text(door)
        expect(page.get_by_text(sentence)).to_be_visible()
        expect(page.get_by_role("link", name="01 99 00 10 01")).to_be_visible()


def test_1_4_the_form_of_the_portal(page: Page) -> None:
    page.goto("/extranet")
    page.get_by_role("link", name="Accès usager").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Portail pour les usagers")
    expect(page.get_by_role("heading", name="Connexion", exact=True)).to_be_visible()
    form = page.locator("form")
    expect(form.locator("label")).to_have_text(["Site", "Identifiant", "Mot de passe"])
    expect(form.get_by_role("button", name="Se connecter")).to_be_visible()
    expect(form.get_by_role("link")).to_have_text(["Mot de passe perdu", "Aide - Accessibilité"])


def test_1_5_the_form_for_a_lost_password_has_no_site(page: Page) -> None:
    page.goto("/extranet/usager")
    page.locator("form").get_by_role("link", name="Mot de passe perdu").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Mot de passe perdu")
    form = page.locator("form")
    expect(form.locator("label")).to_have_text(["Identifiant", "E-mail"])
    expect(form.get_by_role("button", name="Valider")).to_be_visible()
    expect(form.get_by_role("link")).to_have_text(["Retour", "Aide - Accessibilité"])
    expect(page.get_by_text("courriers indésirables").first).to_be_visible()


def test_1_6_to_2_5_a_family_gets_its_first_password_and_enters(page: Page, running: Running, javascript: bool) -> None:
    family = running.family("GOU1001" if javascript else "GOU1003")
    (email,) = family["emails"]

    ask_for_password(page, family["identifiant"], email)

    expect(page.get_by_role("heading", name="Information")).to_be_visible()
    expect(page.get_by_text("Votre nouveau mot de passe vient d’être envoyé par mail.")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value(email)
    log_in(page, family, mailed_password(running, email))
    expect(page).to_have_url(re.compile("/extranet/compte$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(typographic(f"Bonjour {family['nom']}"))
    expect(page.get_by_text("Bienvenue dans l’espace extranet Imuse du réseau des conservatoires.")).to_be_visible()


def test_1_6_the_answer_is_the_same_for_who_is_unknown(page: Page) -> None:
    ask_for_password(page, "inconnu", "inconnu@example.org")

    expect(page.get_by_text("Votre nouveau mot de passe vient d’être envoyé par mail.")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value("inconnu@example.org")


def test_2_3_the_sites_in_their_order(page: Page) -> None:
    page.goto("/extranet/usager")

    options = page.get_by_label("Site").locator("option:not([value=''])")

    expect(options).to_have_text(SITES)


def test_2_5_the_seven_tabs(page: Page, running: Running) -> None:
    family = running.family("XEN3001")
    log_in(page, family, family["mot_de_passe"])

    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Mme D’Églantine-Noël")
    expect(page.locator("nav.tabs li")).to_have_text(TABS)
    for tab in TABS[1:5]:
        page.locator("nav.tabs").get_by_role("link", name=tab).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(tab)
        expect(page.locator("nav.tabs [aria-current=page]")).to_have_text(tab)
    page.get_by_role("button", name="Déconnexion").click()
    expect(page).to_have_url(re.compile("/extranet/usager$"))
    page.goto("/extranet/compte")
    expect(page).to_have_url(re.compile("/extranet/usager$"))


def test_2_6_and_2_7_the_password_is_changed(page: Page, running: Running, javascript: bool) -> None:
    family = running.family("MES4001" if javascript else "HEN5002")
    log_in(page, family, family["mot_de_passe"])
    page.get_by_role("link", name="Mot de passe", exact=True).click()
    expect(page.get_by_text("* Le nouveau mot de passe doit avoir une longueur comprise entre 8 et 20")).to_be_visible()

    change(page, family["mot_de_passe"], "court", "courts")
    expect(page.locator("#nouveau-erreur")).to_contain_text("trop court")
    expect(page.locator("#confirmation-erreur")).to_contain_text("ne sont pas identiques")
    change(page, "Faux1234", NEW, NEW)
    expect(page.locator("#actuel-erreur")).to_contain_text("Ce n’est pas votre mot de passe actuel.")
    change(page, family["mot_de_passe"], NEW, NEW)

    expect(page.get_by_role("heading", name="Information")).to_be_visible()
    expect(page.get_by_text("Votre mot de passe vient d’être modifié.")).to_be_visible()
    running.mail_to(family["emails"][0], "Votre mot de passe a été modifié")
    page.get_by_role("button", name="Déconnexion").click()
    log_in(page, family, family["mot_de_passe"])
    expect(page.get_by_role("alert")).to_contain_text("Site, identifiant ou mot de passe incorrect.")
    log_in(page, family, NEW)
    expect(page.get_by_role("heading", level=1)).to_have_text(typographic(f"Bonjour {family['nom']}"))
    page.get_by_role("link", name="Mot de passe", exact=True).click()
    change(page, NEW, family["mot_de_passe"], family["mot_de_passe"])  # restored: other tests log in as this family too
    expect(page.get_by_text("Votre mot de passe vient d’être modifié.")).to_be_visible()


def test_2_6_cancelling_goes_home_and_changes_nothing(page: Page, running: Running) -> None:
    family = running.family("GOU1002")
    log_in(page, family, family["mot_de_passe"])
    page.get_by_role("link", name="Mot de passe", exact=True).click()

    page.get_by_role("link", name="Annuler").click()

    expect(page).to_have_url(re.compile("/extranet/compte$"))
    log_in(page, family, family["mot_de_passe"])
    expect(page).to_have_url(re.compile("/extranet/compte$"))


def test_a_disabled_account_is_refused_like_a_wrong_password(page: Page, running: Running) -> None:
    family = running.family("HEN5009")

    log_in(page, family, family["mot_de_passe"])

    expect(page.get_by_role("alert")).to_contain_text("Site, identifiant ou mot de passe incorrect.")
