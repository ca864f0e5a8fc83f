"""FranceConnect and a passkey on the deployed stack: the packages, the function's policy, and the front."""

import re

import pytest
from playwright.sync_api import Browser

from tests.support.browser import make_passkey, press, type_mailed_code
from tests.support.chromium import add_authenticator
from tests.support.stack import Deployed
from tools.local import franceconnect

pytestmark = pytest.mark.e2e

HOME = "**/extranet/compte"


def test_a_parent_comes_by_franceconnect_and_the_next_time_by_a_passkey(running: Deployed, chromium: Browser) -> None:
    stack = running.stack
    with franceconnect.serving(running.url) as provider, stack.with_settings(provider.settings):
        context = chromium.new_context(base_url=running.url, locale="fr-FR")
        page = context.new_page()
        add_authenticator(context.new_cdp_session(page))
        page.goto("/extranet/compte/acces/franceconnect")
        press(page, "Octave Pommerel")
        press(page, "Recevoir un code à cette adresse")
        type_mailed_code(page, running, "pommerel@example.org")
        page.wait_for_url(HOME)
        page.goto("/extranet/compte/acces/preuve")
        page.get_by_label("Votre mot de passe").fill("Clairon7Bleu")
        press(page, "Confirmer")
        make_passkey(page)

        press(page, "Déconnexion")  # from FranceConnect too, back to « Connexion », where the key answers by itself

        page.wait_for_url(re.compile("/extranet/usager"))
        page.wait_for_url(HOME)
        context.close()
