"""The services of a process, and the kinds of functions that hold them."""

from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.services import family, office
from tests.support.world import World


def test_stores_are_built_once_and_again_for_other_services(world: World) -> None:
    services = world.services

    stores = services.teaching

    assert services.teaching is stores
    assert stores.announcements is services.lessons.announcements
    assert replace(services, database=world.database).teaching is not stores


def test_a_function_has_only_the_services_of_its_kind(world: World) -> None:
    assert world.services.staff
    with wiring.using(family.Services.over(world.services)):
        assert wiring.services(family.Services).accounts is world.services.accounts
        with pytest.raises(TypeError, match=r"this process has no chalicelib\.services\.office\.OfficeServices"):
            wiring.services(office.OfficeServices)
