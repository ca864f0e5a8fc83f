"""Every letter on a telephone of 320 pixels, light and dark, without an axe-core violation."""

from playwright.sync_api import Page

from tests.support.accessibility import offences, width
from tests.support.all_letters import LONG_NAMES, all_written, written

# Together they have every part of a letter.
LOOKED_AT = ("enrolment_receipt 1", "lost_password 0", "long names")


def test_every_letter_is_for_everybody(small: Page) -> None:
    faults = []
    for name, letter in (*all_written(), ("long names", written("notice", **LONG_NAMES))):
        small.set_content(letter.html)
        wide = width(small)
        faults += [f"{name} is {wide} pixels wide"] if wide > 320 else []
        faults += [f"{name}: {offence}" for offence in offences(small)] if name in LOOKED_AT else []

    assert faults == []


def test_a_letter_is_one_column_of_600_pixels_at_most(small: Page) -> None:
    small.set_viewport_size({"width": 1200, "height": 800})
    small.set_content(written("enrolment_receipt").html)

    assert small.locator("h1").evaluate("node => node.getBoundingClientRect().width") == 600
