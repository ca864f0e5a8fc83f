"""What everybody may expect of a page: axe-core finds nothing, light or dark; nothing is wider than the screen."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Best practices too, and the size of targets, which axe-core looks at where it is asked to.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A page that is dark is the same but for its colours.
_OF_COLOURS = ["color-contrast", "link-in-text-block"]
_RUN = "axe.run({{runOnly: {}, resultTypes: ['violations']}}).then(found => found.violations)"


def width(page: Page) -> int:
    """Return the pixels that a page takes across, once it is loaded: a page just come to has no document yet."""
    page.wait_for_load_state()
    pixels: int = page.evaluate("document.documentElement.scrollWidth")
    return pixels


def offences(page: Page, within: int = 320) -> list[str]:
    """Name what is wrong with the page as it stands, in words; both schemes are looked at without loading it again.

    axe-core is put into a page once, and needs JavaScript. The page is dark afterwards.
    """
    wide = width(page)
    found = [f"{page.url} is {wide} pixels wide"] if wide > within else []
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    page.emulate_media(color_scheme="light")
    found += _violations(page, "light", _TAGS)
    page.emulate_media(color_scheme="dark")
    return found + _violations(page, "dark", _OF_COLOURS)


def _violations(page: Page, scheme: str, looked_at: list[str]) -> list[str]:
    return [
        f"{page.url}, {scheme}: {violation['id']}: {node['html']}"
        for violation in page.evaluate(_RUN.format(looked_at))
        for node in violation["nodes"]
    ]
