"""« Pré-inscription » on a telephone: the site is chosen first, and neither page is long, whichever the period."""

from datetime import date

import pytest
from playwright.sync_api import Browser

from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.presentation.rendering import asset_bytes
from tests.support.admission import ADMISSION, START, announce
from tests.support.world import Visitor, World

pytestmark = pytest.mark.browser

LATER = EnrolmentPeriod(date(2026, 10, 1), date(2026, 10, 15))
OVER = EnrolmentPeriod(date(2026, 6, 1), date(2026, 6, 15))
STYLE = asset_bytes("clef.css").decode()
TALLEST = 1_800
MIXED = {"evry-magnard": LATER, "ris-orangis-messiaen": OVER}


def test_no_page_of_the_start_is_long_on_a_telephone(world: World, visitor: Visitor, chromium: Browser) -> None:
    sites = [site.code for site in world.services.settings.network.sites]
    telephone = chromium.new_page(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    heights = {}

    for period, of_sites in ((None, {}), (LATER, {}), (ADMISSION, {}), (OVER, {}), (ADMISSION, MIXED)):
        announce(world, period, of_sites)
        for path in (START, *(f"{START}/conservatoires/{site}" for site in sites)):
            telephone.set_content(visitor.get(path).text.replace("</head>", f"<style>{STYLE}</style></head>"))
            heights[path, str(period), bool(of_sites)] = telephone.evaluate("document.documentElement.offsetHeight")
    telephone.close()

    assert {page: height for page, height in heights.items() if height > TALLEST} == {}
