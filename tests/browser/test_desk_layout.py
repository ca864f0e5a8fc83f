"""Pages of the desk in Chromium that `make e2e` does not walk: heights, print."""

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from chalicelib.presentation.rendering import asset_bytes
from tests.support.accessibility import too_wide_enlarged
from tests.support.applications import ALBA, WHOLE
from tests.support.desk_acts import FILE, Settle, settle_application, settle_reenrolment
from tests.support.enrolled_families import NUMBERS, keep, send_pupils
from tests.support.enrolment import enrolment
from tests.support.french import typographic
from tests.support.service import Running
from tests.support.staff import MANAGER, enter
from tests.support.stored_applications import application_of
from tests.support.world import Visitor, World

pytestmark = pytest.mark.browser

TWO_SCREENS = 1600  # pixels, of 800 each
ONE_LINE = 40
FIRST_ROW = 380
FOLDED = 7200  # pixels of fifty cards on a telephone; 8,261 and 10,076 with their details


DESK = [
    *("", "/recherche", "/reinscriptions", "/demandes", "/factures", "/paiements"),
    "/changements",
    *("/saison", "/saison/avancement", "/saison/envois", "/saison/bilan", "/saison/places", "/saison/tirages"),
    *("/cours", "/absences", "/fichiers", "/personnel", "/textes", "/mon-acces"),
]


UNDER_THE_HEADER = """[...document.querySelectorAll("[id^=eleve-]")].filter(pupil => {
  pupil.scrollIntoView();
  return pupil.getBoundingClientRect().top < document.querySelector(".dossier").getBoundingClientRect().bottom;
}).length"""


LISTS = [
    *("reinscriptions?site=evry-xenakis", "demandes", "cours", "changements", "factures", "personnel"),
    *("absences", "absences/appels", "mots", "fichiers"),
]


def test_no_page_scrolls_sideways_with_larger_letters(chromium: Browser, running: Running) -> None:
    context = chromium.new_context(base_url=running.url, java_script_enabled=False)
    desk = context.new_page()
    desk.goto("/_local/")
    desk.get_by_role("button", name="Odile Fauvette").first.click()
    desk.goto("/extranet/bureau/demandes")
    file = desk.locator("tbody a").first.get_attribute("href")
    faults = []
    for path in (*(f"/extranet/bureau{path}" for path in DESK), file or ""):
        answer = desk.goto(path)
        assert answer, path
        assert answer.ok, path
        faults += too_wide_enlarged(desk, (360, 1280))

    context.close()
    assert faults == [], "\n".join(faults)


def _study_a_file(desk: Page) -> None:
    if not desk.locator("#fichier-families").is_visible():
        desk.get_by_text("Envoyer un fichier").click()
    upload = desk.locator("form.upload").filter(has=desk.locator("#fichier-families"))
    upload.locator("[type=file]").set_input_files({"name": "f.csv", "mimeType": "text/csv", "buffer": b"site\n"})
    upload.locator("button").click()
    desk.get_by_role("button", name=typographic("Étudier ce fichier")).click()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_begins_in_sight_and_folds_its_filters_on_a_telephone(
    chromium: Browser, running: Running, name: str
) -> None:
    context = chromium.new_context(base_url=running.url, java_script_enabled=False)
    desk = context.new_page()
    desk.goto("/_local/")
    desk.get_by_role("button", name="Odile Fauvette").first.click()

    desk.goto(f"/extranet/bureau/{name}")
    if name == "fichiers":
        _study_a_file(desk)
        desk.goto(f"/extranet/bureau/{name}")
        expect(desk.locator("table.rows")).to_be_visible()
    rows = desk.locator("table.rows tbody tr")
    first = rows.first.bounding_box() if rows.count() else None
    desk.set_viewport_size(ViewportSize(width=360, height=740))
    filters = desk.locator("form.filters")
    is_folded = not filters.is_visible()
    details = desk.locator("td[data-detail]").first
    has_cards = name.startswith(("demandes", "reinscriptions"))
    assert not has_cards or (desk.evaluate("document.body.scrollHeight") <= FOLDED and not details.is_visible())
    desk.locator("label[for=filtres]").click()
    if has_cards:
        desk.get_by_text("Tous les détails").click()
        expect(details).to_be_visible()

    assert first is None or first["y"] <= FIRST_ROW
    assert is_folded
    assert filters.is_visible()
    assert rows.count() == 0 or rows.first.evaluate("row => getComputedStyle(row).display") == "block"
    assert desk.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    desk.emulate_media(media="print")
    assert desk.locator("label.folds").locator("visible=true").count() == 0
    context.close()


def _three_candidates(world: World, visitor: Visitor) -> str:
    page = settle_application(world, visitor)
    more = replace(WHOLE, candidates=(*WHOLE.candidates, replace(ALBA, key="d4d4d4d4", first_name="Rémi")))
    application_of(world, answers=more)
    return page


def _three_pupils(world: World, visitor: Visitor) -> str:
    page = settle_reenrolment(world, visitor)
    whole = enrolment(world)
    keep(world, send_pupils(whole, NUMBERS[0], *(pupil.key for pupil in whole.pupils)))
    return page


@pytest.mark.parametrize(
    ("settle", "path"),
    [(_three_pupils, f"{FILE}?fait=note"), (_three_pupils, ""), (_three_candidates, "")],
    ids=["family", "re-enrolment", "application"],
)
def test_a_file_with_three_pupils_fits_two_screens(
    chromium: Browser, world: World, visitor: Visitor, settle: Settle, path: str
) -> None:
    enter(world, visitor, MANAGER)
    page = settle(world, visitor)
    enter(world, visitor, MANAGER)
    html = visitor.get(path or page).text
    screen = chromium.new_page(viewport=ViewportSize(width=1280, height=800))

    screen.set_content(html.replace("</head>", f"<style>{asset_bytes('desk.css').decode()}</style></head>"))

    height = screen.evaluate("document.documentElement.scrollHeight")
    lines = [box["height"] for message in screen.get_by_role("status").all() if (box := message.bounding_box())]
    acts = screen.locator(".weights > details:not(#suivi) > summary").all()
    rows = [box["y"] for act in acts if (box := act.bounding_box())]
    overlaps = screen.evaluate(UNDER_THE_HEADER)
    screen.set_viewport_size(ViewportSize(width=360, height=740))
    last_days = screen.locator(".if-to-complete").locator("visible=true").count()
    screen.emulate_media(media="print")
    count = screen.locator("nav.tabs, summary, .chips, main button").locator("visible=true").count()
    screen.close()
    assert len({*rows[:3]}) <= 1, "three buttons for most calls stand in a row"
    assert len(rows) in {0, 1, 4}, "the other acts are behind one more"
    assert height <= TWO_SCREENS
    assert (overlaps, last_days) == (0, 0)
    assert count == 0
    assert len(lines) == path.count("fait=")
    assert max(lines, default=0) <= ONE_LINE
