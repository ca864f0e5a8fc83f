"""The pupil's page, 360 pixels wide: one question at a time, with JavaScript or without, and two answers at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import offences
from tests.support.browser import fits, log_in, press
from tests.support.service import Running

pytestmark = pytest.mark.browser

OPENED = {
    "#choix-oui": ("#cours-1-continuer", "#cours-plus", "#image-oui"),
    "#cours-1-jour": ("#jour-1-1", "#jour-1-3"),
    "#cours-1-discipline": ("#discipline-1", "#jour-1-1"),
    "#cours-plus": ("#discipline-plus", "#jour-plus-1"),
    "#choix-non": ("#motif", "#motif_autre"),
}
ALL = sorted({field for fields in OPENED.values() for field in fields})


def shown(page: Page) -> list[str]:
    return [field for field in ALL if page.locator(field).is_visible()]


def reach_pupil(page: Page, running: Running, identifier: str, name: str = "") -> None:
    """Open the step of a pupil of that name, or of the first."""
    family = running.family(identifier)
    log_in(page, family, family["mot_de_passe"])
    page.goto("/extranet/compte/reinscription")
    page.locator("a[href*='/eleves/']").filter(has_text=name).first.click()


@pytest.mark.usefixtures("open_period")
def test_each_answer_opens_its_own_fields_and_no_other(page: Page, running: Running, javascript: bool) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    reach_pupil(page, running, "GOU1002" if javascript else "MAG2002")
    always = [*OPENED["#choix-oui"]]

    assert shown(page) == []
    page.locator("#choix-oui").check()
    assert shown(page) == sorted(set(always) - {"#cours-1-continuer"})
    assert page.locator("#cours-1-continuer").is_checked()
    line = page.locator("summary", has=page.locator("#titre-cours-1"))
    expect(line).to_contain_text(": continuer")
    line.click()
    assert shown(page) == sorted(always)
    page.locator("#cours-1-jour").check()
    assert shown(page) == sorted([*always, *OPENED["#cours-1-jour"]])
    expect(line.get_by_text(": continuer")).to_be_hidden()
    page.locator("#cours-1-discipline").check()
    page.locator("#cours-plus").check()
    assert shown(page) == sorted({*always, "#jour-1-3", *OPENED["#cours-1-discipline"], *OPENED["#cours-plus"]})
    fits(page)
    assert not javascript or offences(page, 360) == []
    page.locator("#choix-non").check()
    assert shown(page) == sorted(OPENED["#choix-non"])

    # A changed mind leaves a choice in a field that is now hidden: a script leaves it out.
    page.locator("#choix-oui").check()
    page.locator("#discipline-1").select_option("Alto")
    page.locator("#cours-1-continuer").check()
    page.locator("#cours-plus").uncheck()
    page.locator("#image-non").check()
    tab = page.context.new_page()
    tab.set_viewport_size({"width": 360, "height": 640})
    tab.goto(page.url)
    press(page, "Enregistrer et continuer")
    if not javascript:
        expect(page.get_by_role("alert")).to_contain_text("et coché autre chose")
        assert page.locator("#discipline-1").is_visible()
        page.locator("#discipline-1").select_option("")
        press(page, "Enregistrer et continuer")
    expect(page).not_to_have_url(re.compile("/eleves/"))

    # The same page, opened before the answers above were saved.
    tab.locator("#choix-oui").check()
    tab.locator("#titre-cours-1").click()
    tab.locator("#cours-1-jour").check()
    tab.locator("#jour-1-1").select_option(index=1)
    tab.locator("#titre-cours-1").click()
    tab.locator("[aria-labelledby=titre-cours-1]").evaluate("part => part.style.display = 'none'")  # as older ones
    tab.locator("#image-oui").check()
    press(tab, "Enregistrer et continuer")
    expect(tab.get_by_role("heading", name="Deux réponses différentes")).to_be_visible()
    fits(tab)
    assert not javascript or offences(tab, 360) == []
    press(tab, "Garder les réponses de cette page")
    tab.goto("/extranet/compte/reinscription/recapitulatif")
    expect(tab.get_by_text(": lundi")).to_be_visible()


@pytest.mark.usefixtures("open_period")
@pytest.mark.parametrize("javascript", [False], ids=["without JavaScript"])
def test_a_pupil_with_two_courses_is_short_on_a_telephone(page: Page, running: Running) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    reach_pupil(page, running, "XEN3201", "Lucie")  # whom no test here answers for

    assert page.evaluate("document.documentElement.scrollHeight") <= 1000
    page.locator("#choix-oui").check()
    assert page.locator(".when-stays summary", has_text=": continuer").count() == 2
    assert page.evaluate("document.documentElement.scrollHeight") <= 1300
