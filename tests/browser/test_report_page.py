"""The page of `clef enrolments report`: no axe-core violation, light or dark, and nothing wider than 320 pixels."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agency.enrolment.report import page_of
from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.office.enrolment.reenrolments import EnrolledFamily
from chalicelib.office.enrolment.report import ClosingReport
from chalicelib.settings.environment import load_network
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
    made = ClosingReport(NETWORK.sites[number], "2027")
    ref = AccountRef(made.site.code, "xen1")
    account = Account(ref, "Famille Rossignol", (), "s", household=HOUSEHOLD)
    answers = zip(HOUSEHOLD.pupils_by_key, PUPILS, (GOES_ON, CHANGES, LEAVES), strict=True)
    drafts = new_enrolment(ref, ((key, pupil.name, given) for key, pupil, given in answers))
    made.add(EnrolledFamily(account, send_pupils(drafts, NUMBERS[0])))
    made.add(EnrolledFamily(account, Enrolment(EnrolmentRef(ref, "2027"))))
    return made


def test_it_is_read_by_everybody_on_any_screen(chromium: Browser, tmp_path: Path) -> None:
    path = tmp_path / "bilan.html"
    path.write_text(page_of([closing(0), closing(1)], NETWORK, OPENING_MORNING), encoding="utf-8")
    context = chromium.new_context(bypass_csp=True)  # for axe alone
    page = context.new_page()
    page.goto(path.as_uri())
    faults = []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        faults += offences(page, width)

    assert faults == [], "\n".join(faults)
    context.close()


def test_its_own_rules_let_it_be_shown_and_it_asks_for_nothing(chromium: Browser, tmp_path: Path) -> None:
    path = tmp_path / "bilan.html"
    path.write_text(page_of([closing(0)], NETWORK, OPENING_MORNING), encoding="utf-8")
    page = chromium.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: asked.append(request.url))

    page.goto(path.as_uri())

    assert complaints == []
    assert asked == [path.as_uri()]
    page.close()
