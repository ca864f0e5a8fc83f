"""Take the pictures of README.md with chromium: `python -m tools.screenshots`."""

import shutil
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from tools.acts import FAMILY, open_period
from tools.outside import Browser, running
from tools.program import Program, totp

_FOLDER: Final = Path(__file__).parents[1] / "docs/images"
_FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def _family(page: Page) -> None:
    page.goto("/extranet/usager")
    page.select_option("[name=site]", FAMILY["site"])
    for name in ("identifiant", "mot_de_passe"):
        page.fill(f"[name={name}]", FAMILY[name])
    page.click("main button[type=submit]")
    page.goto("/extranet/compte/reinscription")


def _desk(page: Page) -> None:
    staff = Program(Browser(page.url)).json("/_local/bureau.json")
    secretary = next(member for member in staff if member["role"] == "secretary")
    page.goto("/extranet/bureau")
    page.fill("[name=courriel]", secretary["courriel"])
    page.fill("[name=mot_de_passe]", secretary["mot_de_passe"])
    page.click("main button[type=submit]")
    page.fill("[name=code]", totp(secretary["totp"]))
    page.click("main button[type=submit]")
    page.goto("/extranet/bureau/reinscriptions?site=evry-xenakis&etat=envoyee")


def main() -> None:
    """Take a family's page on a telephone and a secretary's on a computer."""
    shots = {"family": (_family, 390, 660), "desk": (_desk, 1040, 720)}
    _FOLDER.mkdir(exist_ok=True)
    with running("") as url, sync_playwright() as playwright:
        open_period(Program(Browser(url)))
        path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        chromium = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        for name, (walk, width, height) in shots.items():
            page = chromium.new_page(base_url=url, locale="fr-FR", viewport={"width": width, "height": height})
            page.goto("/extranet")
            walk(page)
            page.screenshot(path=_FOLDER / f"{name}.png")
        chromium.close()


if __name__ == "__main__":
    main()
