"""The pages that `clef` writes: no axe-core violation, light or dark, nothing wider than 320 pixels, no request."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from agency.campaign import progress
from agency.enrolment import report
from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.funnel import STEPS
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.office.enrolment.reenrolments import EnrolledFamily
from chalicelib.office.enrolment.report import ClosingReport
from chalicelib.settings.environment import load_network
from chalicelib.wings.campaign.domain.campaigns import Campaign
from chalicelib.wings.campaign.office.progress import ProgressReport, Tally
from tests.support.accessibility import offences
from tests.support.enrolled_families import CHANGES, GOES_ON, LEAVES, NUMBERS, new_enrolment, send_pupils
from tests.support.world import OPENING_MORNING

pytestmark = pytest.mark.browser

NETWORK = load_network()
PUPILS = (
    Pupil("Zélie Rossignol", None, (Course("Hautbois"), Course("Formation musicale"))),
    Pupil("Léo Rossignol", None, (Course("Danse classique"),)),
    Pupil("Ève Rossignol", None, (Course("Chant"),)),
)
HOUSEHOLD = Household((Guardian("Mme Rossignol", "", "06 99 00 20 01"),), pupils=PUPILS)


def closing(number: int) -> ClosingReport:
    """Make a site's season: a family that sent its answers, and one to call."""
    closing_report = ClosingReport(NETWORK.sites[number], "2027")
    ref = AccountRef(closing_report.site.code, "xen1")
    account = Account(ref, "Famille Rossignol", (), "s", household=HOUSEHOLD)
    answers = zip(HOUSEHOLD.pupils_by_key, PUPILS, (GOES_ON, CHANGES, LEAVES), strict=True)
    drafts = new_enrolment(ref, ((key, pupil.name, given) for key, pupil, given in answers))
    closing_report.add(EnrolledFamily(account, send_pupils(drafts, NUMBERS[0])))
    closing_report.add(EnrolledFamily(account, Enrolment(EnrolmentRef(ref, "2027"))))
    return closing_report


def picture(sites: int) -> ProgressReport:
    season = Campaign("rentree-2026", OPENING_MORNING - timedelta(days=7), "Mme Tilleul")
    tallies = {
        site.code: Tally(site.name, Counter({step: 1234 * number for number, step in enumerate(STEPS)}), unreachable=0)
        for site in NETWORK.sites[:sites]
    }
    return ProgressReport(season, OPENING_MORNING, tallies)


@pytest.fixture
def pages(tmp_path: Path) -> list[str]:
    """Write the report of two sites, and the progress of one site and of five. Returns their addresses."""
    closings = report.page_of([closing(0), closing(1)], NETWORK, OPENING_MORNING)
    texts = [closings, *(progress.page_of(picture(sites), NETWORK) for sites in (1, 5))]
    files = [tmp_path / f"{number}.html" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return [file.as_uri() for file in files]


def test_they_are_read_by_everybody_on_any_screen(chromium: Browser, pages: list[str]) -> None:
    context = chromium.new_context(bypass_csp=True)  # for axe alone: the page's own refusals are tested below
    page = context.new_page()
    faults = []
    for address in pages:
        page.goto(address)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            faults += offences(page, width)

    assert faults == [], "\n".join(faults)
    context.close()


def test_their_own_rules_let_them_be_shown_and_they_ask_for_nothing(chromium: Browser, pages: list[str]) -> None:
    page = chromium.new_page()
    complaints: list[str] = []
    questions: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: questions.append(request.url))

    for address in pages:
        page.goto(address)

    assert complaints == []
    assert questions == pages
    assert _colour(page, ".done") != _colour(page, ".track")
    page.close()


def _colour(page: Page, selector: str) -> str:
    colour: str = page.evaluate("selector => getComputedStyle(document.querySelector(selector)).fill", selector)
    return colour
