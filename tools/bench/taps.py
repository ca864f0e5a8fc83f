"""Count taps and seconds on a telephone, from the notice's mail to « Accueil »: `python -m tools.bench.taps`.

Chromium has a telephone's screen and thumb, a processor four times slower and a 4G network. A person is estimated: a
second and a half for a tap, a third of a second for a character, ten seconds to find a code or password in a mail.
"""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from tools.outside import LetterBox, running

_FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_SLOWER: Final = 4  # than this machine's processor
_4G: Final = {"offline": False, "latency": 60, "downloadThroughput": 1_000_000, "uploadThroughput": 400_000}
_TAP, _CHARACTER, _MAIL = 1.5, 0.33, 10.0  # seconds of a person
_AUTHENTICATOR: Final = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
_LOGIN, _HOME = "/extranet/usager", "**/extranet/compte"


@dataclass
class Thumb:
    """A person's taps and characters, and the mails that the person looks for."""

    page: Page
    letters: LetterBox
    taps: int = 0
    characters: int = 0
    mails: int = 0
    mail_seconds: float = 0.0  # of waits: the machine's, not the page's
    start: float = field(default_factory=time.perf_counter)

    def follow(self, path: str) -> None:
        """Tap a link of a mail."""
        self.taps += 1
        self.page.goto(path)

    def press(self, name: str) -> None:
        """Tap a link or a button, and wait for the next page."""
        self.taps += 1
        button = self.page.get_by_role("button", name=name, exact=True)
        with self.page.expect_navigation():
            button.or_(self.page.get_by_role("link", name=name, exact=True)).first.tap()

    def fill(self, label: str, text: str) -> None:
        """Tap a field, unless the page has done so, and type."""
        entry = self.page.get_by_label(label, exact=True)
        if not entry.evaluate("field => field === document.activeElement"):
            self.taps += 1
            entry.tap()
        self.characters += len(text)
        entry.fill(text)

    def choose(self, label: str, value: str) -> None:
        """Tap a list, then one of its lines."""
        self.taps += 2
        self.page.get_by_label(label, exact=True).select_option(value)

    def read(self, to: str, pattern: str) -> str:
        """Wait for a mail, and return the code or password that it has."""
        before = time.perf_counter()
        group = self.letters.find(to, pattern)
        self.mail_seconds += time.perf_counter() - before
        self.mails += 1
        return group

    def log_in(self, site: str, identifier: str, password: str) -> None:
        """Fill in « Connexion »."""
        self.choose("Site", site)
        self.fill("Identifiant", identifier)
        self.fill("Mot de passe", password)
        self.press("Se connecter")

    def type_code(self, to: str) -> None:
        """Type the code that is mailed."""
        self.fill("Code reçu par mail", self.read(to, r"^Code : (\d{3} \d{3})$").replace(" ", ""))
        self.press("Continuer")

    def row(self, way: str) -> str:
        """Write the counts of a way."""
        pages = time.perf_counter() - self.start - self.mail_seconds
        person = self.taps * _TAP + self.characters * _CHARACTER + self.mails * _MAIL
        return f"{way:<46}{self.taps:>6}{self.characters:>12}{self.mails:>7}{pages:>8.1f}{pages + person:>8.0f}"


def know_the_password(thumb: Thumb) -> None:
    """Log in by a password of one's own."""
    thumb.follow(_LOGIN)
    thumb.log_in("evry-magnard", "MAG2002", "Hautbois12Vert")


def have_a_password_mailed(thumb: Thumb) -> None:
    """Come the first time, as the guide has it."""
    thumb.follow(f"{_LOGIN}/mot-de-passe-perdu")
    thumb.fill("Identifiant", "MAG2001")
    thumb.fill("E-mail", "bruyere@example.org")
    thumb.press("Valider")
    password = thumb.read("bruyere@example.org", r"^Mot de passe : (\S+)$")
    thumb.follow(_LOGIN)
    thumb.log_in("evry-magnard", "MAG2001", password)


def prove_an_address(thumb: Thumb, site: str, identifier: str, email: str) -> None:
    """Come the first time, by « Première connexion », up to its third screen."""
    thumb.follow(_LOGIN)
    thumb.press("« Première connexion »")
    thumb.choose("Site", site)
    thumb.fill("Identifiant", identifier)
    thumb.fill("E-mail", email)
    thumb.press("Recevoir un code par mail")
    thumb.type_code(email)


def choose_a_password(thumb: Thumb) -> None:
    """Come the first time, and choose a password."""
    prove_an_address(thumb, "bondoufle-gounod", "GOU1001", "lavandier@example.org")
    for label in ("Saisir le nouveau mot de passe *", "Ressaisir le nouveau mot de passe *"):
        thumb.fill(label, "Merle7Moqueur")
    thumb.press("Enregistrer et entrer")


def choose_a_passkey(thumb: Thumb) -> None:
    """Come the first time, and make a passkey, by the device's own dialogue."""
    prove_an_address(thumb, "villabe-yves-henry", "HEN5001", "peuplier@example.fr")
    thumb.press("Créer ma clé d’accès et entrer")
    thumb.taps += 1


def enter_by_franceconnect(thumb: Thumb) -> None:
    """Enter by FranceConnect, linked before. One tap stands for all that a person does there."""
    thumb.follow(_LOGIN)
    thumb.press("S’identifier avec FranceConnect")
    thumb.press("Perrine Bourdaine")


def link_franceconnect(thumb: Thumb) -> None:
    """Enter by FranceConnect the first time: its address is on file."""
    thumb.follow(_LOGIN)
    thumb.press("S’identifier avec FranceConnect")
    thumb.press("Octave Pommerel")
    thumb.press("Recevoir un code à cette adresse")
    thumb.type_code("pommerel@example.org")


def use_a_passkey(thumb: Thumb) -> None:
    """Take the passkey that the browser proposes in the field: the virtual one answers at once."""
    thumb.follow(_LOGIN)
    thumb.taps += 1


def use_a_passkey_by_its_button(thumb: Thumb) -> None:
    """Press the button, then the device's own dialogue."""
    thumb.follow(_LOGIN)
    thumb.press("Se connecter avec une clé d’accès")
    thumb.taps += 1


WAYS: Final[dict[str, Callable[[Thumb], None]]] = {
    "password known": know_the_password,
    "first time, by a mailed password": have_a_password_mailed,
    "first time, « Première connexion », password": choose_a_password,
    "first time, « Première connexion », passkey": choose_a_passkey,
    "FranceConnect, linked": enter_by_franceconnect,
    "FranceConnect, not linked": link_franceconnect,
    "passkey, proposed in the field": use_a_passkey,
    "passkey, by its button": use_a_passkey_by_its_button,
}


def open_telephone(chromium: Browser, url: str, *, conditional: bool) -> Page:
    """Open a telephone with an authenticator. `conditional`: its browser proposes passkeys in fields."""
    context = chromium.new_context(
        base_url=url, locale="fr-FR", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    if not conditional:
        page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false")
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    devtools.send("Network.emulateNetworkConditions", _4G)
    return page


def make_passkey(page: Page) -> None:
    """Log in, make a passkey, and log out, before anything is counted."""
    page.goto("/_local/")
    page.locator('form:has([value="ris-orangis-messiaen/MES4001"]) button').first.evaluate("button => button.click()")
    page.wait_for_url(_HOME)
    page.goto("/extranet/compte/acces/cles")
    page.get_by_label("Nom de la clé").fill("Mon téléphone")
    with page.expect_navigation():
        page.get_by_role("button", name="Créer ma clé d’accès").click()
    page.goto("/extranet/compte")
    with page.expect_navigation():
        page.get_by_role("button", name="Déconnexion").click()


def main() -> None:
    """Walk each way on a service of its own, and print a table."""
    with running() as url, sync_playwright() as playwright:
        path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        chromium, letters = playwright.chromium.launch(executable_path=path, args=_FLAGS), LetterBox(url)
        print(f"{'way':<46}{'taps':>6}{'characters':>12}{'mails':>7}{'pages':>8}{'person':>8}")
        for way, walk in WAYS.items():
            at = url.replace("127.0.0.1", "localhost") if "passkey" in way else url  # none is bound to digits
            page = open_telephone(chromium, at, conditional=walk is use_a_passkey)
            if way.startswith("passkey"):
                make_passkey(page)
            thumb = Thumb(page, letters)
            walk(thumb)
            page.wait_for_url(_HOME)
            print(thumb.row(way), flush=True)
            page.context.close()
        letters.stop()
        chromium.close()


if __name__ == "__main__":
    main()
