"""« Rien ne change » at 360 pixels without JavaScript, counted: screens, taps, typed fields, requests, bytes."""

import logging
import re
from dataclasses import dataclass, field
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from chalicelib.domain.account.accounts import Account, AccountRef, Password, new_stamp
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from chalicelib.domain.enrolment.periods import EnrolmentRef, seasons_at
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.services.office import OfficeServices
from tests.support.answers import WHOLE
from tests.support.browser import fits, log_in
from tests.support.office import services_of
from tests.support.service import Running
from tests.support.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("open_period")]

LOG: Final = logging.getLogger(__name__)  # pytest -o log_cli_level=INFO: the table of docs/scale.md
MOST: Final = 13  # screens of the longest way
HOME: Final = "/extranet/compte"
SHORT: Final = re.compile("Rien ne change")
LONG: Final = re.compile("^Je veux changer quelque chose")
NAME: Final = "Mme Odile Aubépine"
PUPILS: Final = (
    Pupil("Agathe Aubépine", courses=(Course("Hautbois", "Cycle 1", "Mme Sorbier", "mercredi 14 h 30 - 15 h 15"),)),
    Pupil("Basile Aubépine", courses=(Course("Danse classique", "Éveil", "M. Platane", "samedi 10 h - 11 h"),)),
    Pupil("Céleste Aubépine", courses=(Course("Chant", "Cycle 2"), Course("Formation musicale", "Cycle 2"))),
)
TICKS: Final = ("=coordonnees", "=reglement", "=accord", "^=papier-")
TYPED: Final = {"payeur": NAME, "urgence_nom": "Mme Laure Fusain", "urgence_telephone": "0199007009"}


@dataclass
class Walk:
    """A family's way from « Accueil » to its receipt: its screens, taps, typed fields and fetched requests."""

    page: Page
    taps: int = 0
    inputs: int = 0
    requests: list[Request] = field(default_factory=list)

    def note(self, request: Request) -> None:
        """Record a request."""
        self.requests.append(request)

    def tap(self, part: Locator) -> None:
        """Tap an element once."""
        self.taps += 1
        part.click()

    def tap_to_leave(self, part: Locator) -> None:
        """Tap an element that leads to another page."""
        with self.page.expect_navigation():
            self.tap(part)
        fits(self.page)

    def answer(self) -> None:
        """Answer each unanswered question of a page."""
        form = self.page.locator("main form").last
        stays = "fieldset:not(:has(input:checked)) input[name=choix][value=oui]"
        fields = form.locator(", ".join([*(f"input[name{name}]:not(:checked)" for name in TICKS), stays]))
        while fields.count():
            self.tap(fields.first)
        for name, words in TYPED.items():
            for tick in form.locator(f"input[name={name}]").all():
                if not tick.input_value():
                    self.inputs += 1
                    tick.fill(words)

    @property
    def screens(self) -> int:
        """The number of pages shown."""
        return sum(request.is_navigation_request() and not request.redirected_to for request in self.requests)

    @property
    def counts(self) -> dict[str, int]:
        """The counts by name."""
        size = sum(request.sizes()["responseBodySize"] for request in self.requests if not request.redirected_to)
        return {
            "screens": self.screens,
            "taps": self.taps,
            "typed": self.inputs,
            "requests": len(self.requests),
            "bytes": size,
        }


def settle(services: OfficeServices, identifier: str, pupils: tuple[Pupil, ...]) -> dict[str, str]:
    """Store a family that sent all pupils last year, as this year, and return its login."""
    ref, now = AccountRef("evry-magnard", identifier.casefold()), services.clock()
    household = Household((Guardian(NAME, telephone="01 99 00 70 01"),), ("4 rue de la Portée", "91000 Evry"), pupils)
    account = Account(
        ref, "Famille Aubépine", (), new_stamp(), display_identifier=identifier, household=household,
        password=Password(services.hasher.hash(PASSWORD), now, "chosen"),
    )  # fmt: skip
    services.database.write_together(services.accounts.put(account))
    before, author = EnrolmentRef(ref, seasons_at(now)[1]), SavedBy(NAME, now)
    whole = Enrolment(before).with_household(WHOLE, author)
    for key, pupil in household.pupils_by_key.items():
        wishes = tuple(CourseWish(course.discipline, "keep") for course in pupil.courses)
        answers = PupilAnswers(stays=True, wishes=wishes, image_rights=False)
        whole = whole.with_pupil(PupilFile(key, pupil.name, answers, author), now)
    services.enrolments.change(Enrolment(before), submit(whole, whole.pupils, f"R26-AAAA-{identifier[-4:]}", author))
    return {"site": ref.site, "identifiant": identifier}


def walk(page: Page, family: dict[str, str], way: re.Pattern[str]) -> dict[str, int]:
    """Go from « Accueil » to the receipt, and return the counts."""
    page.context.clear_cookies()
    log_in(page, family, PASSWORD)
    walk_after = Walk(page)
    page.on("requestfinished", walk_after.note)
    page.goto(HOME)
    walk_after.tap_to_leave(page.get_by_role("link", name=way))
    if way is LONG:
        walk_after.tap_to_leave(page.get_by_role("link", name=re.compile("^(Commencer|Continuer)")))
    while "/recus/" not in page.url:
        assert walk_after.screens < MOST, page.url
        walk_after.answer()
        walk_after.tap_to_leave(page.locator("main form button[type=submit]:not([name])").last)
    page.remove_listener("requestfinished", walk_after.note)
    expect(page.get_by_text(re.compile("^R..-....-....$")).first).to_be_visible()
    return walk_after.counts


def test_three_screens_and_four_taps_send_a_family_for_which_nothing_changes(telephone: Page, running: Running) -> None:
    ways = {}
    with services_of(running) as services:
        for number, pupils in enumerate((PUPILS[:1], PUPILS)):
            for way, link in (("short", SHORT), ("long", LONG)):
                family = settle(services, f"INC70{number}{len(way)}", pupils)
                ways[way, len(pupils)] = walk(telephone, family, link)
    for (way, count), counts in ways.items():
        LOG.info("%s way, %s pupils: %s", way, count, counts)

    for count in (1, 3):
        short, long = ways["short", count], ways["long", count]
        assert (short["screens"], short["typed"]) == (3, 0)
        assert short["taps"] <= 4
        assert short["requests"] < long["requests"]
        assert short["bytes"] < long["bytes"]
