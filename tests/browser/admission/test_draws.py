"""The public record of a draw on a telephone of 320 pixels: accessible in each state, and its navigation."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from chalicelib.settings.environment import load_network
from chalicelib.wings.admission.domain.draws import Draw, DrawRecord, Preparation, SiteDraws, Ticket, prepare
from chalicelib.wings.admission.presentation.draw_pages import PREFIX, draw_pages
from operations.pages.build import SCRIPT
from tests.support.accessibility import offences

pytestmark = pytest.mark.browser

SITE = "evry-xenakis"
PREPARED_AT = datetime(2027, 6, 20, 8, tzinfo=UTC)
SOURCE = (
    "les cinq numéros du tirage du Loto du samedi 3 juillet 2027, en ordre croissant, sur deux chiffres, séparés par "
    "un tiret ; s'il n'a pas lieu, ceux du tirage suivant"
)


def prepared() -> Draw:
    tickets = [Ticket(f"P27-K4TN-{number:04}/2", 1 + number % 3) for number in range(40)]
    return prepare(SITE, "2027", tickets, Preparation(SOURCE, date(2027, 7, 3), PREPARED_AT, "M. Merle"))


def states() -> dict[str, DrawRecord]:
    notes = prepared().cancel("Mme Pie", "une demande envoyée à temps manquait", PREPARED_AT + timedelta(hours=1))
    run = prepared().run("04-11-23-38-42", "M. Merle", PREPARED_AT + timedelta(days=14))
    return {
        "prepared": DrawRecord(prepared()),
        "run": DrawRecord(replace(run, cancelled=notes), notes),
        "cancelled": DrawRecord(None, notes),
    }


def publish(page: Page, record: DrawRecord) -> None:
    """Serve a draw's pages here. Their style comes from the service."""
    files = {file[0]: file for file in draw_pages(load_network(), [SiteDraws(SITE, "2027", record)])}
    files[f"{PREFIX}/tirage.py"] = (PREFIX, SCRIPT.read_bytes(), "text/plain")

    def answer(route: Route) -> None:
        _, body, kind = files[urlsplit(route.request.url).path.removeprefix("/")]
        route.fulfill(body=body, content_type=kind)

    page.unroute("**/extranet/tirages**")
    page.route("**/extranet/tirages**", answer)


def test_each_state_is_for_everybody(small: Page) -> None:
    faults = []
    for record in states().values():
        publish(small, record)
        for path in (PREFIX, f"{PREFIX}/2027-{SITE}"):
            small.goto(f"/{path}")
            faults += offences(small)

    assert faults == [], "\n".join(faults)


def test_a_parent_comes_from_the_index_to_the_order_and_to_the_program(small: Page) -> None:
    publish(small, states()["run"])
    small.goto(f"/{PREFIX}")

    small.get_by_role("link", name="2027-2028, Evry - Xénakis").click()

    expect(small.get_by_role("heading", name="L\N{RIGHT SINGLE QUOTATION MARK}ordre obtenu")).to_be_visible()
    expect(small.locator(".standing code")).to_have_count(40)
    with small.expect_response("**/tirage.py") as program:
        small.get_by_role("link", name="Le programme, tirage.py").click()
    assert "HMAC-SHA256" in program.value.text()
