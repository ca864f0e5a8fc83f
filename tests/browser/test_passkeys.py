"""Passkeys in Chromium, with its virtual authenticator: of staff, invited, and of a family, with nothing typed."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, CDPSession, Page, expect

from chalicelib.domain.account.accounts import new_stamp
from chalicelib.domain.staff.browser_links import invitation_link
from chalicelib.domain.staff.members import Member, link_digest, new_link_secret
from tests.support.accessibility import width
from tests.support.browser import press
from tests.support.chromium import add_authenticator
from tests.support.french import plain
from tests.support.office import services_of
from tests.support.service import Running

pytestmark = pytest.mark.browser

ACCOUNT = "/extranet/compte"
DESK = "/extranet/bureau"
EMAIL = "loriot@example.org"
PASSWORD = "quatre hautbois sous la neige"


class Key:
    """A browser at the desk, with an authenticator that may recognise its owner."""

    def __init__(self, page: Page, devtools: CDPSession) -> None:
        self.page = page
        self._devtools = devtools
        self._id = add_authenticator(devtools)

    def verify(self, *, owner: bool) -> None:
        """Set whether it recognises its owner's finger."""
        self._devtools.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": owner})

    @property
    def message(self) -> str:
        """The page's message about the key."""
        return plain(self.page.get_by_role("status").inner_text())


@pytest.fixture
def key(chromium: Browser, running: Running) -> Iterator[Key]:
    """Open the desk by a host name: a browser binds no passkey to an IP address."""
    url = running.url.replace("127.0.0.1", "localhost")
    context = chromium.new_context(base_url=url, locale="fr-FR", viewport={"width": 320, "height": 568})
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    yield Key(page, context.new_cdp_session(page))
    context.close()
    assert complaints == []


def invited(running: Running, email: str = EMAIL) -> str:
    """Invite a member, and return the address of the page."""
    secret, now = new_link_secret(), datetime.now(UTC)
    member = Member(email, "Achille Loriot", "secretary", ("evry-xenakis",), new_stamp(), now)
    member = member.with_invitation(link_digest(secret), "Odile Fauvette <fauvette@example.org>", now)
    with services_of(running) as services:
        services.staff.members.create(member)
        return f"{DESK}/invitation/{invitation_link(services.settings.key_ring('staff-links'), email, secret)}"


def log_in(page: Page) -> None:
    """Enter the password, and ask for the key, by keyboard alone."""
    page.goto(f"{DESK}/connexion")
    page.get_by_label("Adresse e-mail professionnelle").fill(EMAIL)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_label("Mot de passe").press("Enter")
    page.get_by_role("button", name="Utiliser ma clé").press("Enter")


def test_a_secretary_is_invited_comes_back_and_proves_again_by_a_passkey(key: Key, running: Running) -> None:
    page = key.page
    page.goto(invited(running))
    page.get_by_label("Nouveau mot de passe", exact=True).fill(PASSWORD)
    page.get_by_label("Ressaisir le nouveau mot de passe").fill(PASSWORD)
    press(page, "Ouvrir mon accès avec une clé")
    expect(page.get_by_role("heading", level=1)).to_contain_text("secours")
    page.goto(DESK)
    page.get_by_text("Plus…").click()
    press(page, "Déconnexion")

    log_in(page)
    page.wait_for_url(f"**{DESK}")

    page.goto(f"{DESK}/mon-acces/cles")
    page.get_by_label("Nom de la clé").fill("Ordinateur du secrétariat")
    page.get_by_role("button", name="Avec ma clé").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nouvelle clé d’accès")
    expect(page.get_by_role("button", name="Créer la clé « Ordinateur du secrétariat »")).to_be_enabled()
    assert "Cet appareil garde déjà une clé d'accès pour vous" in key.message

    page.get_by_text("Plus…").click()
    press(page, "Déconnexion")
    key.verify(owner=False)
    log_in(page)
    expect(page.get_by_role("button", name="Présenter ma clé")).to_be_enabled()
    assert "Aucune clé n'a répondu" in key.message
    assert width(page) == 320
    assert Axe().run(page).response["violations"] == []

    key.verify(owner=True)
    page.get_by_role("button", name="Présenter ma clé").press("Enter")
    page.wait_for_url(f"**{DESK}")


def test_a_browser_without_passkeys_is_told_so_and_offered_the_code(key: Key, running: Running) -> None:
    page = key.page
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto(invited(running, "mesange@example.org"))

    expect(page.get_by_role("button", name="Ouvrir mon accès avec une clé")).to_be_hidden()
    expect(page.get_by_label("Code affiché par l’application")).to_be_visible()


def test_a_family_creates_a_passkey_and_comes_back_by_connexion_or_by_the_button(key: Key) -> None:
    page = key.page
    page.goto("/extranet/usager")
    page.get_by_label("Site").select_option("ris-orangis-messiaen")
    page.get_by_label("Identifiant", exact=True).fill("MES4001")
    page.get_by_label("Mot de passe", exact=True).fill("Loriot6Jaune")
    press(page, "Se connecter")
    page.goto(f"{ACCOUNT}/acces/cles")
    expect(page.get_by_label("Nom de la clé")).to_have_value("Chrome sur Linux")
    assert width(page) == 320
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Créer ma clé").press("Enter")
    page.wait_for_url(f"**{ACCOUNT}/acces")
    expect(page.get_by_text("Chrome sur Linux", exact=True)).to_be_visible()

    press(page, "Déconnexion")  # « Connexion » proposes it, and the authenticator answers by itself
    page.wait_for_url(f"**{ACCOUNT}")

    key.verify(owner=False)
    press(page, "Déconnexion")
    page.goto(f"{ACCOUNT}/acces/cle")
    expect(page.get_by_role("button", name="Utiliser ma clé")).to_be_enabled()
    assert "Aucune clé n'a répondu" in key.message
    key.verify(owner=True)
    page.get_by_role("button", name="Utiliser ma clé").press("Enter")
    page.wait_for_url(f"**{ACCOUNT}")
