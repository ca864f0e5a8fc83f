"""A secretary's morning in Chromium without JavaScript, on `make run`: from the login to the export."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from chalicelib.domain.family.households import Course
from chalicelib.wings.teaching.domain.courses import course_key
from tests.support.browser import press
from tests.support.desk_walk import fresh_code, staff_to_try
from tests.support.french import plain
from tests.support.service import Running

pytestmark = pytest.mark.browser

DESK = "/extranet/bureau"
NARROW = ViewportSize(width=320, height=568)  # 1,280 pixels at 400 %
WIDE = ViewportSize(width=1280, height=900)
ENSEMBLE = Course("Ensemble à cordes", teacher="Mme Pinson", slot="mercredi 16 h - 17 h")  # tools/local/families.toml
OVER = "parts => Math.max(...[...document.querySelectorAll(parts)].map(part => part.scrollWidth - part.clientWidth))"
PAGES = {
    "secretary": (
        *("", "/recherche", "/reinscriptions", "/factures", "/saison", "/saison/avancement", "/mon-acces"),
        *("/absences", "/mots", "/cours", f"/cours/evry-xenakis/{course_key(ENSEMBLE)}"),
        *("/familles/evry-xenakis/xen3101?fil=tout", "/reinscriptions/evry-xenakis/xen3101"),
    ),
    "manager": ("/saison/periode", "/fichiers", "/personnel"),
}


THREE = ["Anatole Troène", "Blanche Troène", "Clotilde Cornouiller"]
# Of the commonest acts, from the page on which they begin. Each first field is clicked, the others have the Tab key.
MOST_CLICKS = {
    "find a family": 1,
    "unlock": 3,
    "mail a password": 3,
    "correct a telephone": 3,
    "accept one": 2,
    "accept the next": 2,
    "accept a page": 5,
    "ask to complete": 3,
    "export": 3,
}


@pytest.fixture
def desk(chromium: Browser, school: Running) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=school.url, locale="fr-FR", viewport=WIDE, java_script_enabled=False, accept_downloads=True
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def log_in(page: Page, staff: dict[str, Any]) -> None:
    page.goto(DESK)
    page.get_by_label("Adresse e-mail professionnelle").fill(staff["courriel"])
    page.get_by_label("Mot de passe", exact=True).fill(staff["mot_de_passe"])
    press(page, "Continuer")
    page.get_by_label("Code à six chiffres").fill(fresh_code(staff["totp"]))
    press(page, "Entrer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Aujourd’hui")


def look_for(page: Page, text: str, title: str) -> int:
    """Type a misheard name in the header of the page, and press Enter: its page opens. Returns the clicks."""
    field = page.get_by_label("Chercher un nom, un téléphone ou un numéro")
    clicks = click(field)
    field.fill(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    return clicks


def act(page: Page, name: str, *texts: str) -> int:
    """Open the form of an act, type into its fields from the first on, and submit it. Returns the clicks."""
    form = page.locator("details", has=page.locator("summary", has_text=name)).first
    clicks = click(form.locator("summary").first, form.locator("input:not([type=hidden]):visible, textarea").first)
    for words in texts:
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    clicks += click(form.locator("button[type=submit]:visible").last)
    expect(page.get_by_role("status")).to_be_visible()
    return clicks


def button(page: Page, name: str) -> Locator:
    """Find the first button whose name begins so."""
    return page.get_by_role("button", name=name).first


def click(*parts: Locator) -> int:
    """Click each part, and count the clicks."""
    for part in parts:
        part.click()
    return len(parts)


def pupils_of(page: Page) -> list[str]:
    """List the pupils in the list of re-enrolments."""
    return sorted(plain(name) for name in page.locator("tbody th[scope=row]").all_inner_texts())


def accept_three(desk: Page) -> dict[str, int]:
    """Accept the pupils of the list, in the three ways. Returns the clicks of each."""
    clicks = {}
    desk.goto(f"{DESK}/reinscriptions?site=evry-xenakis&etat=envoyee")
    assert pupils_of(desk) == THREE
    desk.get_by_role("link", name="Clotilde Cornouiller").click()
    accept, onward = desk.get_by_label("Accepter", exact=True).first, button(desk, "Enregistrer et suivant")
    clicks["accept one"] = click(accept, onward)
    expect(desk.get_by_role("status")).to_contain_text("Clotilde Cornouiller : réinscription acceptée")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Famille Troène")
    clicks["accept the next"] = click(accept, onward)
    expect(desk.get_by_role("status")).to_be_in_viewport()
    desk.get_by_role("link", name="Retour à la liste").click()
    expect(desk.locator("tbody th[scope=row]")).to_have_text(["Blanche Troène"])
    tick_all = desk.get_by_role("link", name="Cocher tous les élèves")
    clicks["accept a page"] = click(tick_all, accept, button(desk, "Voir le résumé"), button(desk, "Décider"))
    return clicks


def test_a_secretary_s_morning(desk: Page, school: Running) -> None:
    secretary = staff_to_try(school, "secretary")
    why = "Mère au téléphone, elle a donné la date de naissance d'Honoré"
    log_in(desk, secretary)

    # A call: the name was misheard, and the family has failed to log in.
    clicks = {"find a family": look_for(desk, "erabel", "Famille Érable")}
    expect(desk.get_by_text("essais ont échoué", exact=False).first).to_be_visible()
    clicks["unlock"] = act(desk, "Lever l’attente", why)
    clicks["mail a password"] = act(desk, "Renvoyer un mot de passe", why)
    clicks["correct a telephone"] = act(desk, "Corriger", "06 39 98 00 77", why, secretary["mot_de_passe"])
    expect(desk.get_by_role("link", name="06 39 98 00 77").first).to_be_visible()
    expect(desk.get_by_text(plain(secretary["nom"]), exact=False).first).to_be_attached()

    # A pupil is accepted, then the next one of the list, and those that are left together, after a summary.
    clicks |= accept_three(desk)
    desk.goto(f"{DESK}/reinscriptions?site=evry-xenakis&etat=acceptee")
    assert pupils_of(desk) == THREE
    desk.goto(f"{DESK}/reinscriptions?site=evry-xenakis&etat=envoyee")
    assert pupils_of(desk) == []

    # Another one needs a document: the family is asked for it, with a message.
    look_for(desk, "Gustav Fuzain", "Famille Fusain")
    desk.get_by_role("main").get_by_role("link", name="éinscription").first.click()
    words = desk.get_by_label("Texte pour la famille").first
    clicks["ask to complete"] = click(desk.get_by_label("Demander de compléter").first, words)
    words.fill("Il manque le certificat médical de Gustave.")
    clicks["ask to complete"] += click(button(desk, "Enregistrer la décision"))
    expect(desk.get_by_text("Il manque le certificat médical de Gustave.").first).to_be_attached()

    # The decisions are exported to the school's software. The correction's proof still stands: no password again.
    desk.goto(f"{DESK}/reinscriptions?site=evry-xenakis")
    export = desk.locator("details", has_text="Exporter vers votre logiciel")
    assert export.get_by_label("Votre mot de passe, à nouveau").count() == 0
    clicks["export"] = click(export.locator("summary"), export.locator("input:not([type=hidden]):visible").first)
    desk.keyboard.type("Import dans le logiciel de scolarité")
    with desk.expect_download() as download:
        clicks["export"] += click(export.get_by_role("button", name="Télécharger le fichier"))
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig")), delimiter=";"))
    assert {row["Élève"] for row in rows if row["État"] == "acceptée"} >= {*THREE}
    assert {act: count for act, count in clicks.items() if count > MOST_CLICKS[act]} == {}
    assert clicks.keys() == MOST_CLICKS.keys()

    # Both families have their mail, once the decisions can no longer be taken back.
    school.hasten()
    assert school.mail_to("cornouiller@example.fr", "")["text"]
    assert "Il manque le certificat médical de Gustave." in school.mail_to("fusain@example.org", "")["text"]


@pytest.mark.parametrize("role", PAGES)
def test_pages_of_the_desk_are_clean_for_axe_and_fit(chromium: Browser, school: Running, desk: Page, role: str) -> None:
    """Axe needs JavaScript, unlike the pages: it runs in another browser with the login's cookies."""
    log_in(desk, staff_to_try(school, role))
    context = chromium.new_context(base_url=school.url, viewport=WIDE)
    context.add_cookies(desk.context.cookies())  # type: ignore[arg-type]  # compatible types
    page = context.new_page()
    faults = {}
    for path in PAGES[role]:
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            assert page.goto(f"{DESK}{path}").status == 200  # type: ignore[union-attr]
            wide = page.evaluate(OVER, "html, .scroll, .tabs ul" if size is WIDE else "html")
            offences = [offence["id"] for offence in Axe().run(page).response["violations"]]
            if wide > 0 or offences:
                faults[path, size["width"]] = (wide, offences)
    context.close()

    assert faults == {}
