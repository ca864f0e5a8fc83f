"""Accessibility checks of a page: axe-core reports nothing, light or dark, and nothing is wider than the screen."""

from collections.abc import Iterable

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

# Also best practices, and target sizes, which axe-core checks only on request.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A dark page differs only in its colours.
_OF_COLOURS = ["color-contrast", "link-in-text-block"]
_RUN = "axe.run({{runOnly: {}, resultTypes: ['violations']}}).then(found => found.violations)"

# Where a line begins with a no-break space: its place is not on the line of the character before it.
_AT_A_BEGINNING = """() => {
  const range = document.createRange(), lines = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const top = (node, place) => {
    range.setStart(node, place);
    range.setEnd(node, place + 1);
    const boxes = range.getClientRects();
    return boxes.length ? boxes[0].bottom : null;
  };
  for (let node; (node = texts.nextNode());) {
    for (let place = 0; (place = node.data.indexOf("\u00a0", place + 1)) > 0;) {
      const [before, here] = [top(node, place - 1), top(node, place)];
      if (before !== null && here !== null && here - before > 4) { lines.push(node.data); }
    }
  }
  return lines;
}"""


def width(page: Page) -> int:
    """Return the width of a page in pixels, once it is loaded: before that it may have no document."""
    page.wait_for_load_state()
    pixels: int = page.evaluate("document.documentElement.scrollWidth")
    return pixels


def offences(page: Page, within: int = 320) -> list[str]:
    """List the faults of the current page, in both colour schemes without reloading it.

    axe-core is injected once per page, and needs JavaScript. The page is dark afterwards.
    """
    wide = width(page)
    faults = [f"{page.url} is {wide} pixels wide"] if wide > within else []
    faults += [f"{page.url}: a line begins with a no-break space in {text}" for text in page.evaluate(_AT_A_BEGINNING)]
    faults += too_wide_enlarged(page) if "/extranet" in page.url else []
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    page.emulate_media(color_scheme="light")
    faults += _violations(page, "light", _TAGS)
    page.emulate_media(color_scheme="dark")
    return faults + _violations(page, "dark", _OF_COLOURS)


def too_wide_enlarged(page: Page, screens: Iterable[int] = (360,)) -> list[str]:
    """List the screens, by pixels, that the page does not fit with the browser's letters of 20 and of 32 pixels."""
    viewport, devtools = page.viewport_size, page.context.new_cdp_session(page)
    faults = []
    for screen in screens:
        page.set_viewport_size(ViewportSize(width=screen, height=800))
        for letters in (20, 32):
            devtools.send("Page.setFontSizes", {"fontSizes": {"standard": letters}})
            if (wide := width(page)) > screen:
                faults.append(f"{page.url} is {wide} pixels wide on {screen}, with letters of {letters}")
    devtools.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
    devtools.detach()
    if viewport:
        page.set_viewport_size(viewport)
    return faults


def _violations(page: Page, scheme: str, looked_at: list[str]) -> list[str]:
    return [
        f"{page.url}, {scheme}: {violation['id']}: {node['html']}"
        for violation in page.evaluate(_RUN.format(looked_at))
        for node in violation["nodes"]
    ]
