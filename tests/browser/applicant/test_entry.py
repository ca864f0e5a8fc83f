"""« Pré-inscription » on a telephone without JavaScript: from the start page to the application, by mail, with axe."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.accessibility import offences
from tests.support.browser import press
from tests.support.office import clef, open_now
from tests.support.service import Running

pytestmark = pytest.mark.browser

EMAIL = "geai@example.org"


@pytest.fixture
def telephone(chromium: Browser, running: Running) -> Iterator[Page]:
    clef(running, "period", "set", *open_now(), "--new", "--apply")
    context = chromium.new_context(
        base_url=running.url, locale="fr-FR", viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
    clef(running, "period", "clear", "--new", "--apply", "--yes")


def offences_at(small: Page, path: str) -> list[str]:
    small.goto(f"/extranet/pre-inscription{path}")
    return offences(small)


def test_a_new_family_comes_in_by_a_mail_and_every_page_on_the_way_is_for_everybody(
    telephone: Page, small: Page, running: Running
) -> None:
    telephone.goto("/extranet")
    telephone.get_by_role("link", name="Pré-inscription").click()
    expect(telephone.get_by_label("Ne remplissez pas ce champ")).to_be_hidden()
    telephone.get_by_label("E-mail").fill(EMAIL)
    press(telephone, "Recevoir un code")
    expect(telephone.get_by_role("alert")).to_contain_text("rien n’est encore parti")  # as quick as a browser
    since = time.monotonic()
    faults = [offence for path in ("", "/suivi") for offence in offences_at(small, path)]
    telephone.wait_for_timeout(max(0, 3_100 - 1_000 * (time.monotonic() - since)))
    press(telephone, "Recevoir un code")

    expect(telephone.get_by_text(EMAIL)).to_be_visible()
    small.context.add_cookies(telephone.context.cookies())  # type: ignore[arg-type]  # compatible types
    assert faults + offences_at(small, "/code") == []
    code = re.search(r"^Code : (.+)$", running.mail_to(EMAIL, "Votre code de pré-inscription")["text"], re.MULTILINE)
    assert code
    telephone.get_by_label("Code reçu par mail").fill(code[1])
    press(telephone, "Continuer")

    expect(telephone).to_have_url(re.compile("/extranet/pre-inscription/demande$"))
