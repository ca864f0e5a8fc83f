"""The page of `clef progress`: no axe-core violation, in light and dark, and nothing wider than 320 pixels."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from agency.campaign.progress import page_of
from chalicelib.domain.campaign.campaigns import Campaign
from chalicelib.domain.campaign.funnel import STEPS
from chalicelib.office.campaign.progress import ProgressReport, Tally
from chalicelib.settings.environment import load_network
from tests.support.accessibility import offences
from tests.support.world import OPENING_MORNING

pytestmark = pytest.mark.browser

NETWORK = load_network()


def picture(sites: int) -> ProgressReport:
    season = Campaign("rentree-2026", OPENING_MORNING - timedelta(days=7), "Mme Tilleul")
    tallies = {
        site.code: Tally(site.name, Counter({step: 1234 * number for number, step in enumerate(STEPS)}), unreachable=0)
        for site in NETWORK.sites[:sites]
    }
    return ProgressReport(season, OPENING_MORNING, tallies)


def test_it_is_read_by_everybody_on_any_screen(chromium: Browser, tmp_path: Path) -> None:
    context = chromium.new_context(bypass_csp=True)  # for axe alone: the page's own refusals are tested below
    page = context.new_page()
    faults = []
    for sites in (1, 5):
        path = tmp_path / f"{sites}.html"
        path.write_text(page_of(picture(sites), NETWORK), encoding="utf-8")
        page.goto(path.as_uri())
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            faults += offences(page, width)

    assert faults == [], "\n".join(faults)
    context.close()


def test_its_own_rules_let_it_be_shown_and_it_asks_for_nothing(chromium: Browser, tmp_path: Path) -> None:
    path = tmp_path / "suivi.html"
    path.write_text(page_of(picture(5), NETWORK), encoding="utf-8")
    page = chromium.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: asked.append(request.url))

    page.goto(path.as_uri())

    assert complaints == []
    assert asked == [path.as_uri()]
    assert _colour(page, ".done") != _colour(page, ".track")
    page.close()


def _colour(page: Page, selector: str) -> str:
    colour: str = page.evaluate("selector => getComputedStyle(document.querySelector(selector)).fill", selector)
    return colour
