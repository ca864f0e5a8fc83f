"""An application named by its number."""

import pytest

from chalicelib.office.admission.applications import audited_as, find_application
from chalicelib.office.refusals import OfficeRefusal
from tests.support.applications import NUMBER, REF
from tests.support.stored_applications import application_of
from tests.support.world import World


def test_a_number_is_found_however_it_is_spelt(world: World) -> None:
    application_of(world)

    for typed in (NUMBER, "p27k4tn8wcb", " P27 K4TN-8WCB "):
        assert find_application(world.services, typed).number == NUMBER


@pytest.mark.parametrize("typed", ["", "P27", "R27-K4TN-8WCB", "P27-K4TN-8WCB-X"])
def test_what_is_no_number_asks_nothing_of_aws(world: World, typed: str) -> None:
    world.aws.calls.clear()

    with pytest.raises(OfficeRefusal, match="request_number"):
        find_application(world.services, typed)

    assert world.aws.calls == []


def test_an_application_is_noted_at_no_site() -> None:
    assert audited_as(REF).site == "demande"
