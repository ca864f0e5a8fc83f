"""Comfort of forms: passwords shown, rules ticked, refusals focused, a way back, a page after logging out."""

from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

from tests.support.browser import NEW, change, log_in, press
from tests.support.french import plain
from tests.support.service import Running

pytestmark = pytest.mark.browser


def test_a_password_is_shown_on_demand_and_hidden_before_it_is_sent(small: Page) -> None:
    small.goto("/extranet/usager")
    field = small.get_by_label("Mot de passe", exact=True)
    field.fill("Faux1234")

    small.get_by_role("button", name="Afficher").click()
    expect(field).to_have_attribute("type", "text")
    small.get_by_role("button", name="Masquer").click()

    expect(field).to_have_attribute("type", "password")


RULE = "Saisir le nouveau mot de passe *"
MET = [
    ("", []),
    ("merle", ["une minuscule"]),
    ("ÉLAN", ["une majuscule"]),
    ("Merle7Moqueur", ["8 à 20 caractères", "une majuscule", "une minuscule", "un chiffre"]),
    ("\N{MUSICAL SYMBOL G CLEF}" * 20, ["8 à 20 caractères"]),
    ("\N{MUSICAL SYMBOL G CLEF}" * 21, []),
    ("\N{ARABIC-INDIC DIGIT SEVEN}", []),
]


def ticked_rules(page: Page, text: str) -> list[str]:
    page.get_by_label(RULE, exact=True).fill(text)
    words = page.locator(".checks li.met").all_inner_texts()
    return [plain(line).partition("\n")[0].partition(" : ")[0] for line in words]


def test_2_6_the_rule_is_ticked_as_the_server_would_apply_it(small: Page, running: Running) -> None:
    family = running.family("MAG2002")
    log_in(small, family, family["mot_de_passe"])
    small.goto("/extranet/compte/mot-de-passe")

    assert [(typed, ticked_rules(small, typed)) for typed, _ in MET] == MET


def test_2_6_the_rule_once_met_is_said_to_who_cannot_see_it(small: Page, running: Running) -> None:
    family = running.family("MAG2002")
    log_in(small, family, family["mot_de_passe"])
    small.goto("/extranet/compte/mot-de-passe")

    small.get_by_label(RULE, exact=True).fill(NEW)

    expect(small.locator("[role=status]")).to_have_text("Toutes les conditions sont remplies.")


def test_a_refusal_has_the_focus_at_once(page: Page, running: Running) -> None:
    log_in(page, running.family("MAG2002"), "Faux1234")

    expect(page.get_by_role("alert")).to_be_focused()


def test_one_comes_back_to_a_form_that_was_refused(small: Page, running: Running) -> None:
    """Chromium never keeps a posted no-store page: without our own redirect it shows « ERR_CACHE_MISS »."""
    family = running.family("MAG2002")
    log_in(small, family, "Faux1234")
    log_in(small, family, family["mot_de_passe"])
    small.goto("/extranet/compte/mot-de-passe")
    change(small, "", "court", "courts")
    small.get_by_role("link", name="Accueil").click()

    small.go_back()
    expect(small.get_by_role("heading", level=1)).to_have_text("Mot de passe")
    expect(small.get_by_role("alert")).to_have_count(0)
    for _ in range(3):
        small.go_back()
    expect(small.get_by_role("heading", level=1)).to_have_text("Portail pour les usagers")


@pytest.mark.parametrize("javascript", [False], ids=["without JavaScript"])
def test_without_a_script_the_form_stands_one_step_further_back(page: Page, running: Running) -> None:
    family = running.family("MAG2002")
    log_in(page, family, "Faux1234")
    page.goto("/extranet/aide")

    with suppress(Error):
        page.go_back()
    page.wait_for_url("chrome-error://**")
    page.go_back()
    expect(page.get_by_label("Identifiant", exact=True)).to_have_value(family["identifiant"])
    expect(page.get_by_label("Mot de passe", exact=True)).to_have_value("")


def test_who_logs_out_is_told_goodbye(small: Page, running: Running) -> None:
    family = running.family("MAG2002")
    small.goto("/extranet/usager")
    expect(small.get_by_role("status")).to_have_count(0)
    log_in(small, family, family["mot_de_passe"])

    press(small, "Déconnexion")

    expect(small.get_by_role("status")).to_contain_text("Vous êtes déconnecté")
    log_in(small, family, "Faux1234")
    small.goto("/extranet/usager")
    expect(small.get_by_role("status")).to_have_count(0)
