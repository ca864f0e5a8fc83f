"""`make run`: a family pays a bill at the fictitious PayFiP, in three taps, and the network has the wing."""

import re
import runpy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from chalicelib.settings.environment import load_network
from chalicelib.wings import ALL_WINGS
from tests.support.service import Running
from tools.local.payfip import CONTRACT, STACK_ADDRESS

TRIAL = Path(__file__).parents[3] / "tools" / "local" / "trial_network.py"


def test_the_network_of_make_run_has_all_wings_and_the_stand_in_s_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEF_NETWORK_FILE", "")

    file = runpy.run_path(str(TRIAL))["os"].environ["CLEF_NETWORK_FILE"]

    network = load_network(path=Path(file))
    assert network.wings == tuple(wing.name for wing in ALL_WINGS)
    assert network.payment
    assert (network.payment.contract, network.payment.address) == (CONTRACT, STACK_ADDRESS)


def test_a_chosen_network_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEF_NETWORK_FILE", "network-of-the-agency.toml")

    assert runpy.run_path(str(TRIAL))["os"].environ["CLEF_NETWORK_FILE"] == "network-of-the-agency.toml"


@pytest.mark.browser
def test_a_family_pays_a_bill_in_three_taps(chromium: Browser, running: Running) -> None:
    context = chromium.new_context(
        base_url=running.url, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto("/_local/")
    page.get_by_role("button", name="Entrer comme la Famille Noisetier").click()

    page.get_by_role("link", name="Facturation").first.click()
    page.get_by_role("button", name="Payer 132,00").click()
    page.get_by_role("link", name=re.compile("^Payer 132,00 .* sur payfip")).click()

    page.get_by_role("button", name="Payer par carte", exact=True).click()
    expect(page.get_by_text(re.compile("^Payée par carte le"))).to_be_visible()
    assert "3201-2" in running.mail_to("ombeline.noisetier@example.org", "Paiement reçu")["text"]
    context.close()
