"""What JavaScript adds for comfort: a password shown on demand, its rule ticked while it is typed."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import NEW, log_in
from tests.support.french import plain
from tests.support.running import Running

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


def ticked_rules(page: Page, typed: str) -> list[str]:
    page.get_by_label(RULE, exact=True).fill(typed)
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
