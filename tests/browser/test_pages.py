"""Every page: no violation that axe-core finds, in light and dark; nothing wider than 320 pixels; keyboard alone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.support.browser import change, log_in
from tests.support.running import Running

pytestmark = pytest.mark.browser

Walk = Callable[[Page, dict[str, str]], object]

PUBLIC = [
    "/extranet",
    "/extranet/usager",
    "/extranet/usager/mot-de-passe-perdu",
    "/extranet/enseignant",
    "/extranet/pre-inscription",
    "/extranet/aide",
    "/extranet/mentions-legales",
    "/extranet/rien",
    "/extranet/compte/connexion",
    "/_local/",
    "/_local/courrier",
]
INSIDE = ["", "/famille", "/eleves", "/facturation", "/accessibilite", "/mot-de-passe"]


def _refused(page: Page, family: dict[str, str]) -> None:
    log_in(page, family | {"site": ""}, "Faux1234")
    expect(page.get_by_role("alert")).to_be_visible()


def _information(page: Page, _family: dict[str, str]) -> None:
    page.goto("/extranet/usager/mot-de-passe-perdu")
    page.get_by_label("Identifiant").fill("x")
    page.get_by_label("E-mail").fill("x@example.org")
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("status")).to_be_visible()


def _inside(path: str) -> Walk:
    def walk(page: Page, family: dict[str, str]) -> None:
        log_in(page, family, family["mot_de_passe"])
        page.goto(f"/extranet/compte{path}")

    return walk


def _change_refused(page: Page, family: dict[str, str]) -> None:
    _inside("/mot-de-passe")(page, family)
    change(page, "", "court", "courts")
    expect(page.get_by_role("alert")).to_be_visible()


WALKS: dict[str, Walk] = {
    **{path: lambda page, _family, path=path: page.goto(path) for path in PUBLIC},  # type: ignore[misc]  # bound here
    **{f"/extranet/compte{path}": _inside(path) for path in INSIDE},
    "login refused": _refused,
    "password asked for": _information,
    "change refused": _change_refused,
}
walks = pytest.mark.parametrize("walk", WALKS.values(), ids=list(WALKS))


@walks
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(small: Page, running: Running, walk: Walk, scheme: str) -> None:
    small.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
    walk(small, running.family("MAG2002"))

    results = Axe().run(small)

    assert results.violations_count == 0, results.generate_report()


@walks
def test_nothing_is_wider_than_320_pixels(small: Page, running: Running, walk: Walk) -> None:
    walk(small, running.family("MAG2002"))

    assert small.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_family_logs_in_by_the_keyboard_alone(small: Page, running: Running) -> None:
    family = running.family("MAG2002")
    small.goto("/extranet/usager")
    small.keyboard.press("Tab")
    expect(small.get_by_role("link", name="Aller au contenu")).to_be_focused()
    small.keyboard.press("Enter")
    small.keyboard.press("Tab")
    expect(small.get_by_label("Site")).to_be_focused()
    small.keyboard.type("Evry - M")
    small.keyboard.press("Tab")
    small.keyboard.type(family["identifiant"])
    small.keyboard.press("Tab")
    small.keyboard.type(family["mot_de_passe"])
    small.keyboard.press("Enter")

    expect(small.get_by_role("heading", level=1)).to_have_text(f"Bonjour {family['nom']}")
