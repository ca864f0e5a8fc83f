"""The applications in « Recherche », by their number or opened before."""

import pytest

from chalicelib.office.find import read_recent
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.admission.office.search import find_number_at
from tests.support.applications import NUMBER
from tests.support.stored_applications import application_of
from tests.support.world import World


def test_a_number_is_found_as_it_is_spelt_and_refused_at_a_site_without_a_wish(world: World) -> None:
    application_of(world)
    sites = [site.code for site in world.services.settings.network.sites]

    assert find_number_at(world.services, NUMBER.lower().replace("-", " "), sites) == NUMBER
    assert find_number_at(world.services, "Geai", sites) is None
    for text, codes in ((NUMBER, ()), ("P27-ZZZZ-9999", sites)):
        with pytest.raises(OfficeRefusal, match="request_unknown"):
            find_number_at(world.services, text, codes)


def test_an_application_opened_before_is_not_listed_at_a_site_without_a_wish(world: World) -> None:
    ref = application_of(world).ref
    sites = [site.code for site in world.services.settings.network.sites]

    for codes, count in ((sites, 1), (["another-site"], 0)):
        assert len(read_recent(world.services, [f"{ref.mailbox} {ref.season}"], codes)) == count
