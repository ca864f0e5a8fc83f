"""Families, new families, the desk and a roll in three browsers (guide 1.2), with JavaScript and without.

Each page fits at 360 and at 1,280 pixels, with its style, its images and one title.
"""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Final

import pytest

from tests.support.browsers import Browser, Chromium, Firefox, WebKit
from tests.support.office import clef, open_now
from tests.support.service import Running
from tests.support.teaching_walk import this_day
from tools.application import READ_SECONDS

pytestmark = pytest.mark.browsers

KINDS: Final[dict[str, type[Browser]]] = {"chromium": Chromium, "firefox": Firefox, "webkit": WebKit}
FAMILIES: Final = ("GOU1002", "MAG2002", "MAG2003", "XEN3001", "MES4001", "HEN5002")  # one for each browser
WAYS: Final = [(kind, javascript) for kind in KINDS for javascript in (True, False)]
TABS: Final = ("Famille", "Elèves", "Facturation", "Mot de passe")
STEPS: Final = 12  # more are a loop
ANSWERS: Final = {
    "telephone": "06 99 00 20 01",
    "voie": "4 allée des Tilleuls",
    "code_postal": "91000",
    "ville": "Evry",
    "prenom": "Alba",
    "naissance": "14/03/2016",
    "discipline-1": "Violon",
    "site-1": "evry-magnard",
    "niveau-1": "Débutant",
}


@pytest.fixture(scope="module", params=WAYS, ids=lambda way: f"{way[0]}{'' if way[1] else ' without JavaScript'}")
def browser(request: pytest.FixtureRequest, running: Running) -> Iterator[Browser]:
    kind, javascript = request.param
    with ExitStack() as stack:
        yield KINDS[kind](running.url, stack, javascript=javascript)


@pytest.fixture
def number(request: pytest.FixtureRequest) -> int:
    """Return the place of the browser among all."""
    return WAYS.index(request.node.callspec.params["browser"])


@pytest.fixture
def family(running: Running, number: int) -> dict[str, str]:
    """Find the family of a browser."""
    return running.family(FAMILIES[number])


def enter(browser: Browser, member: str) -> None:
    """Log in as a member of staff by their button in `/_local/`."""
    browser.open("/_local/")
    browser.press(member)


def log_in(browser: Browser, family: dict[str, str], password: str = "") -> None:
    browser.open("/extranet/usager")
    browser.fill(
        site=family["site"], identifiant=family["identifiant"], mot_de_passe=password or family["mot_de_passe"]
    )
    browser.press("Se connecter")


@pytest.fixture(scope="module", autouse=True)
def _opened(running: Running) -> None:
    """Open the re-enrolment and « Pré-inscription » at every site."""
    clef(running, "period", "set", *open_now(), "--apply")
    clef(running, "period", "set", *open_now(), "--new", "--apply")


def test_the_guide(browser: Browser, family: dict[str, str]) -> None:
    browser.open("/extranet")
    for door in ("Accès enseignant", "Pré-inscription", "Accès usager"):
        browser.look()
        browser.open("/extranet")
        browser.follow(door)
    browser.follow("Aide - Accessibilité")
    browser.look()
    browser.open("/extranet/usager")
    log_in(browser, family, "Faux9Mot")
    assert "incorrect" in browser.text
    browser.look()
    browser.follow("Mot de passe perdu")
    browser.fill(identifiant="INCONNU", email="inconnu@example.org")
    browser.press("Valider")
    browser.look()
    log_in(browser, family)
    assert browser.path == "/extranet/compte"
    for tab in TABS:
        browser.look()
        browser.follow(tab)
    browser.press("Déconnexion")
    assert browser.path == "/extranet/usager"


def test_nothing_changes(browser: Browser, family: dict[str, str]) -> None:
    log_in(browser, family)
    browser.follow("Rien ne change")
    for _ in range(STEPS):
        browser.look()
        if "/recus/" in browser.path:
            break
        browser.answer(payeur="Mme Odile Aubépine", urgence_nom="Mme Fusain", urgence_telephone="0199007009")
        browser.send()
    assert re.search("R..-....-....", browser.text), browser.text


def test_a_new_family(browser: Browser, running: Running) -> None:
    family = f"Geai{time.monotonic_ns()}"  # a pupil has one application a year
    email = f"{family.lower()}@example.org"
    browser.open("/extranet/pre-inscription")
    browser.look()
    browser.fill(email=email)
    time.sleep(READ_SECONDS)
    browser.press("Recevoir un code")
    code = re.search(r"^Code : (.+)$", running.mail_to(email, "Votre code de pré-inscription")["text"], re.MULTILINE)
    assert code
    browser.fill(code=code[1])
    browser.press("Continuer")
    browser.follow("Commencer")
    for _ in range(STEPS):
        browser.look()
        if browser.path.endswith("/recu"):
            break
        browser.answer(nom=family, **ANSWERS)
        browser.send()
    assert re.search("P..-....-....", browser.text), browser.text


def test_the_desk(browser: Browser, running: Running, number: int) -> None:
    enter(browser, "Basile Troglodyte")
    for page in ("", "/reinscriptions", "/demandes", "/recherche", "/familles/evry-xenakis/xen3101"):
        browser.open(f"/extranet/bureau{page}")
        browser.look()
    browser.unfold("Corriger")
    browser.fill(telephone="12", raison="Mère au téléphone")
    browser.press("Corriger")
    browser.look()
    (password,) = [one["mot_de_passe"] for one in running.json("bureau") if one["nom"] == "Basile Troglodyte"]
    browser.fill(telephone=f"06 39 98 00 1{number}", mot_de_passe=password)
    browser.press("Corriger")
    assert f"06 39 98 00 1{number}" in browser.text
    browser.look()


def open_roll(browser: Browser, number: int) -> None:
    """Open a roll that is due this week or last week, else the roll of a lesson made up today."""
    if "Faire l" not in browser.text:
        browser.follow("Semaine précédente")
    if "Faire l" in browser.text:
        browser.follow("Faire l")
        return
    browser.follow("Mes élèves")
    browser.follow("Musique de chambre")
    browser.open(f"{browser.path}/appel/{this_day() - timedelta(days=number)}")


def test_a_roll(browser: Browser, number: int) -> None:
    enter(browser, "Sidonie Pinson")
    browser.look()
    open_roll(browser, number)
    browser.look()
    browser.answer()
    browser.press("Enregistrer" if "Enregistrer" in browser.text else "Corriger")
    assert "Appel enregistré" in browser.text
    browser.look()
