"""A roll in Chromium without JavaScript, on a narrow telephone whose network fails just as it is sent."""

from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect
from werkzeug.serving import make_server

from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.domain.rolls import RollRef
from tests.support.french import typographic
from tests.support.teaching import SITE, VIOLIN, WEDNESDAY, ZELIE, course_address, enter_as_teacher, ref_of, stores
from tests.support.world import ROSSIGNOL, Visitor, World
from tools.local.cdn import LocalCdn

pytestmark = pytest.mark.browser

DAY = WEDNESDAY.date()
PAGE = course_address(VIOLIN, "appel", DAY.isoformat())
NARROW = ViewportSize(width=320, height=568)


@pytest.fixture
def telephone(chromium: Browser, front: LocalCdn, world: World, visitor: Visitor) -> Iterator[BrowserContext]:
    """Open a telephone that is logged in, in a world with known lessons."""
    enter_as_teacher(world, visitor)
    server = make_server("localhost", 0, front, threaded=True)
    serving = Thread(target=server.serve_forever)
    serving.start()
    url = f"http://localhost:{server.port}"
    context = chromium.new_context(base_url=url, locale="fr-FR", viewport=NARROW, java_script_enabled=False)
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": "clef-bureau", "value": visitor.cookie("clef-bureau") or "", "url": url}])
    yield context
    context.close()
    server.shutdown()
    serving.join()


def test_a_roll_whose_sending_failed_is_still_there_one_step_back(world: World, telephone: BrowserContext) -> None:
    page = telephone.new_page()
    page.goto(PAGE)
    row = page.get_by_role("group", name="Zélie Rossignol")
    boxes = [box for label in row.locator("label").all() if (box := label.bounding_box())]
    assert len({box["y"] for box in boxes}) == 1
    assert [box for box in boxes if box["height"] < 44 or box["x"] + box["width"] > 320] == []
    row.get_by_text("Absent", exact=True).click()

    telephone.set_offline(True)
    page.get_by_role("button", name="Enregistrer l").click()
    page.wait_for_url("chrome-error://**")
    page.go_back()
    expect(row.get_by_label("Absent")).to_be_checked()
    telephone.set_offline(False)
    page.get_by_role("button", name="Enregistrer l").click()

    expect(page.get_by_role("status")).to_contain_text("Appel enregistré à")
    roll = stores(world).rolls.find(RollRef(SITE, course_key(VIOLIN), DAY))
    assert roll.absent == {ref_of(ROSSIGNOL, ZELIE)}


def test_the_week_begins_with_today_and_its_roll_is_a_wide_button(telephone: BrowserContext) -> None:
    page = telephone.new_page()
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto("/extranet/enseignant/semaine")
    roll = page.get_by_role("link", name=typographic("Faire l'appel")).first

    box = roll.bounding_box()
    assert box
    assert (box["width"] >= 300, box["y"] + box["height"] <= 640) == (True, True), box
    expect(page.locator("h2").first).to_contain_text("aujourd")
    days = [day.bounding_box() for day in page.locator("main .week, main > p[id]").all()]
    assert len(days) >= 5
    assert [day for day in days if not day or day["height"] > 80] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
