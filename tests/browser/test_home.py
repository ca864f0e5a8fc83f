"""Layout of « Accueil » and the steps: above the fold, on one line, beside the form, on paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.accessibility import width
from tests.support.browser import fits, log_in
from tests.support.service import Running

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("open_period")]

TELEPHONE, OLD_TELEPHONE, ZOOMED, DESK = ((360, 640), (320, 568), (640, 400), (1280, 800))
HOME = "/extranet/compte"
STEP = f"{HOME}/reinscription/foyer"


@pytest.fixture(scope="module")
def public_page(chromium: Browser, running: Running) -> Iterator[Page]:
    """Log in once, without JavaScript, as a family that no test changes."""
    context = chromium.new_context(base_url=running.url, locale="fr-FR", java_script_enabled=False)
    context.set_default_timeout(10_000)
    page = context.new_page()
    log_in(page, running.family("MAG2002"), running.family("MAG2002")["mot_de_passe"])
    yield page
    context.close()


@pytest.fixture
def inside(public_page: Page) -> Iterator[Page]:
    yield public_page
    public_page.emulate_media(media="screen", color_scheme="light")


def show(page: Page, path: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(path)


def box(locator: Locator) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom, in pixels of the window."""
    place = locator.bounding_box()
    assert place
    return place["x"], place["y"], place["x"] + place["width"], place["y"] + place["height"]


def test_the_one_thing_to_do_is_above_the_fold_of_a_telephone(inside: Page) -> None:
    show(inside, HOME, TELEPHONE)

    fits(inside)
    button = inside.locator(".main-button")
    expect(button).to_have_count(1)
    assert box(button)[3] < TELEPHONE[1]


def test_the_notice_is_a_link_and_shows_where_it_is_asked_for(inside: Page) -> None:
    show(inside, HOME, TELEPHONE)
    notice = inside.get_by_text("Les informations recueillies sur cet extranet")
    expect(notice).to_be_hidden()

    inside.get_by_role("link", name="Protection des données").click()

    expect(notice).to_be_in_viewport()


@pytest.mark.parametrize("size", [TELEPHONE, OLD_TELEPHONE, ZOOMED, DESK])
def test_the_tabs_take_one_line_and_begin_at_the_current_one(inside: Page, size: tuple[int, int]) -> None:
    for path, tab in ((STEP, "Accueil"), (f"{HOME}/mot-de-passe", "Mot de passe")):
        show(inside, path, size)

        tops = {box(item)[1] for item in inside.locator("nav.tabs li").all()}
        current = inside.locator("nav.tabs [aria-current]")
        expect(current).to_have_text(tab)
        expect(current).to_be_in_viewport(ratio=1)
        assert len(tops) == 1
        assert width(inside) <= size[0]
    assert box(current)[0] >= 0
    assert box(current)[2] <= size[0]


def test_every_tab_comes_into_sight_by_the_keyboard(inside: Page) -> None:
    show(inside, f"{HOME}/mot-de-passe", OLD_TELEPHONE)
    while inside.evaluate("document.getAnimations().length"):
        pass  # the line settles at its current tab, once

    for tab in ("Accueil", "Déconnexion"):
        tab_ = inside.locator("nav.tabs").get_by_text(tab)
        tab_.focus()
        expect(tab_).to_be_in_viewport(ratio=1)


def test_the_steps_stand_beside_the_form_where_there_is_room(inside: Page) -> None:
    show(inside, STEP, TELEPHONE)
    expect(inside.locator(".progress")).to_be_hidden()
    inside.locator("p.back a").click()
    expect(inside.locator(".progress .steps a").first).to_be_in_viewport()

    show(inside, STEP, DESK)

    left, top, _, _ = box(inside.locator(".progress"))
    form = box(inside.locator("form.card"))
    assert left > form[2]
    assert top < form[1]


_TICK = """() => {
  const step = document.querySelector('.steps li');
  step.className = 'done';
  const tick = getComputedStyle(step, '::before');
  return [tick.content, tick.color, tick.backgroundColor];
}"""


def test_boxes_and_radios_are_in_our_colour_light_and_dark(inside: Page) -> None:
    show(inside, STEP, TELEPHONE)
    pupil = inside.locator(".steps a").nth(1).get_attribute("href")
    assert pupil
    for path, kind in ((STEP, "checkbox"), (pupil, "radio")):
        show(inside, path, TELEPHONE)
        control = inside.locator(f"input[type={kind}]").first
        inside.emulate_media(color_scheme="light")
        expect(control).to_have_css("accent-color", "rgb(28, 81, 68)")
        inside.emulate_media(color_scheme="dark")
        expect(control).to_have_css("accent-color", "rgb(143, 211, 187)")


def test_printed_a_step_that_is_done_keeps_its_tick(inside: Page) -> None:
    show(inside, STEP, DESK)
    inside.emulate_media(media="print")

    assert inside.evaluate(_TICK) == ['"✓"', "rgb(0, 0, 0)", "rgb(255, 255, 255)"]
