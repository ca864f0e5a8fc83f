"""Walk the tour of README.md with chromium, as a stranger, and take its pictures: `python -m tools.screenshots`."""

import shutil
import sys
import time
from base64 import b64decode
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from tools.outside import running

_FOLDER: Final = Path(__file__).parents[1] / "docs/images"
_FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_TELEPHONE: Final = (390, 760)
_COMPUTER: Final = (1240, 780)
_QUALITY: Final = 75  # of WebP: legible, and all pictures within 400 kB


class Tour:
    """A browser on the running service, which presses the buttons of `/_local/`."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self._chromium = chromium
        self._url = url

    def open(self, size: tuple[int, int], person: str = "", then: str = "**/_local/") -> Page:
        """Open a window at `/_local/`, or at the first page of a person."""
        page = self._chromium.new_page(
            base_url=self._url, locale="fr-FR", viewport={"width": size[0], "height": size[1]}
        )
        page.goto("/_local/")
        if person:
            page.get_by_role("button", name=person).click()
        page.wait_for_url(then)
        return page

    def walk(self) -> None:
        """Send a re-enrolment, accept it at the desk, and read its mail. Then look at a list and at a roll."""
        _take(self.open(_COMPUTER), "cards")
        self._re_enrol()
        self._accept()
        mails = self.open(_COMPUTER)
        for _ in range(100):
            mails.goto("/_local/courrier?a=bourdaine@example.org")
            if mails.locator(".reader li").count() >= 2:  # noqa: PLR2004 - the receipt, and the decision
                break
            time.sleep(0.1)
        mails.frame_locator(".mail iframe").get_by_text("acceptée").first.wait_for()
        _take(mails, "mail")

    def look_around(self) -> None:
        """Take the pictures of a list and of a roll."""
        secretary = self.open(_COMPUTER, "Basile Troglodyte", "**/bureau")
        secretary.goto("/extranet/bureau/reinscriptions?site=evry-xenakis&etat=envoyee")
        _take(secretary, "list")
        teacher = self.open(_TELEPHONE, "Sidonie Pinson", "**/semaine")
        teacher.get_by_role("link", name="Semaine précédente").click()
        teacher.locator("main a[href*='/appel/']", has_text="Ensemble").click()
        teacher.wait_for_url("**/appel/**")
        _take(teacher, "roll")

    def _re_enrol(self) -> None:
        family = self.open(_TELEPHONE, "famille Bourdaine", "**/compte")
        family.get_by_role("link", name="Rien ne change").click()
        family.wait_for_url("**/rien-ne-change")
        for yes in family.get_by_label("Oui", exact=True).all():
            yes.check()
        family.get_by_label("qui appeler").fill("Mme Perrine Bourdaine")
        family.get_by_label("Son téléphone").fill("06 39 98 12 34")
        family.get_by_role("checkbox").last.check()
        family.evaluate("scrollTo(0, 0)")
        _take(family, "family")
        family.get_by_role("button", name="Envoyer la réinscription").click()
        family.wait_for_url("**/recus/**")

    def _accept(self) -> None:
        secretary = self.open(_COMPUTER, "Basile Troglodyte", "**/bureau")
        secretary.fill("#chercher", "bourdène")  # as it is heard
        secretary.keyboard.press("Enter")
        secretary.wait_for_url("**/familles/**")
        secretary.get_by_role("link", name="Ouvrir la réinscription").click()
        secretary.wait_for_url("**/reinscriptions/**")
        _take(secretary, "file")
        secretary.get_by_label("Accepter").first.check()
        secretary.get_by_role("button", name="Enregistrer la décision").first.click()
        secretary.get_by_text("acceptée").first.wait_for()


def _take(page: Page, name: str) -> None:
    """Save the visible part of a page as WebP, which Playwright itself does not write."""
    options = {"format": "webp", "quality": _QUALITY}
    picture = page.context.new_cdp_session(page).send("Page.captureScreenshot", options)
    (_FOLDER / f"{name}.webp").write_bytes(b64decode(picture["data"]))


def main() -> None:
    """Take the pictures on a service of its own, or on a running one whose address is given."""
    _FOLDER.mkdir(exist_ok=True)
    service = nullcontext(sys.argv[1]) if len(sys.argv) > 1 else running("")
    with service as url, sync_playwright() as playwright:
        path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        chromium = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        tour, start = Tour(chromium, url), time.perf_counter()
        tour.walk()
        print(f"A re-enrolment sent, accepted at the desk, its mail read: {time.perf_counter() - start:.1f} s")
        tour.look_around()
        chromium.close()


if __name__ == "__main__":
    main()
