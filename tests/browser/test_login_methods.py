"""The login methods without a password, whole: FranceConnect without JavaScript, and a passkey of a telephone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.accessibility import offences
from tests.support.browser import log_in, make_passkey, press, type_mailed_code
from tests.support.chromium import add_authenticator
from tests.support.service import Running

pytestmark = pytest.mark.browser

LOGIN, HOME = "/extranet/usager", "**/extranet/compte"


def go_to_franceconnect(page: Page, person: str) -> None:
    """Press the button on « Connexion », and be a person there."""
    page.goto(LOGIN)
    page.get_by_role("link", name="S’identifier avec FranceConnect").click()
    press(page, person)


def test_a_linked_parent_enters_and_leaves_both(telephone: Page) -> None:
    go_to_franceconnect(telephone, "Perrine Bourdaine")

    telephone.wait_for_url(HOME)
    expect(telephone.get_by_role("heading", level=1)).to_have_text("Bonjour Famille Bourdaine")
    press(telephone, "Déconnexion")
    telephone.wait_for_url(re.compile("/extranet/usager[?]state="))
    telephone.goto("/extranet/compte")
    expect(telephone).to_have_url(re.compile(f"{LOGIN}$"))


def test_a_parent_whose_address_is_on_file_links_two_accounts_by_one_code(small: Page, running: Running) -> None:
    faults = []
    go_to_franceconnect(small, "Iris Sarriette")
    faults += offences(small)
    press(small, "Recevoir un code à cette adresse")
    faults += offences(small)
    type_mailed_code(small, running, "sarriette@example.org")
    faults += offences(small)
    press(small, "Evry - Xénakis")

    small.wait_for_url(HOME)
    assert faults == []
    go_to_franceconnect(small, "Iris Sarriette")
    expect(small.get_by_role("heading", level=1)).to_have_text("Choisir un compte")


def test_who_declines_or_is_unknown_keeps_the_other_doors(telephone: Page) -> None:
    go_to_franceconnect(telephone, "Refuser")
    expect(telephone.get_by_role("alert")).to_be_visible()
    expect(telephone.get_by_role("button", name="Se connecter")).to_be_visible()

    go_to_franceconnect(telephone, "Zéphyr Liseron")
    press(telephone, "Recevoir un code à cette adresse")
    expect(telephone.get_by_label("Code reçu par mail")).to_be_visible()


def test_a_passkey_is_made_after_a_login_and_opens_the_next_one(chromium: Browser, running: Running) -> None:
    """By a host name: a browser binds no passkey to an IP address. The virtual key answers « Connexion » by itself."""
    context = chromium.new_context(base_url=running.url.replace("127.0.0.1", "localhost"), locale="fr-FR")
    page = context.new_page()
    add_authenticator(context.new_cdp_session(page))
    family = running.family("MES4009")
    log_in(page, family, family["mot_de_passe"])
    make_passkey(page)
    press(page, "Déconnexion")

    page.wait_for_url(HOME)

    page.goto("/extranet/compte/acces")
    expect(page.get_by_text("Téléphone de test")).to_be_visible()
    context.close()
