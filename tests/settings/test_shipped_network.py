"""The shipped network is an agency's to edit. All other tests have their own (`tests/data/network.toml`)."""

from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.domain.enrolment.periods import Periods
from chalicelib.settings.environment import NETWORK_FILE, load_network
from operations.pages.build import build
from tests.support.world import PUBLIC_URL, World
from tools.local.__main__ import store_people

SHIPPED = Path(__file__).parents[2] / "chalicelib/settings/network.toml"
A_SIXTH_SITE = """
[[sites]]
code = "courcouronnes-satie"
name = "Courcouronnes - Satie"

[sites.contact]
office = "Administration du conservatoire Satie"
telephone = "01 99 00 10 06"
email = "satie@example.fr"
hours = "le samedi, de 10 h à 18 h"
"""


def test_the_shipped_network_is_valid_and_tests_have_another() -> None:
    example, network = load_network(path=SHIPPED), load_network()

    assert NETWORK_FILE != SHIPPED
    assert example.accessibility.auditor != network.accessibility.auditor, "the project's assessment is no network's"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('name = "Evry - Magnard"', 'name = "Evry - Debussy"', id="a site renamed"),
        pytest.param("shortest = 8\nlongest = 20", "shortest = 12\nlongest = 30", id="longer passwords"),
        pytest.param("\n[[sites]]", f"{A_SIXTH_SITE}\n[[sites]]", id="a sixth site"),
    ],
)
def test_an_agency_s_edit_is_published_and_run(world: World, tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "network.toml"
    text = NETWORK_FILE.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    network = load_network({"public_url": PUBLIC_URL}, path)

    pages = {page.key: page.body.decode() for page in build(network, Periods()) if page.key == "extranet/usager"}
    store_people(replace(world.services, settings=replace(world.services.settings, network=network)), is_bare=True)

    assert [site.name for site in network.sites if site.name not in pages["extranet/usager"]] == []
