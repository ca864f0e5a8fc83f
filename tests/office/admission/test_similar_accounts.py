"""The accounts that look like a request: few are read whole, and at the sites asked about."""

from typing import Any

import pytest

from chalicelib.domain.family.households import Guardian, Household, Pupil
from chalicelib.office.admission.similar_accounts import accounts_alike
from tests.support.applications import ALBA
from tests.support.stored_applications import open_requests, request_of
from tests.support.world import ROSSIGNOL, World

LAKE = ("4, all. des Tilleuls", "91000 Evry")


@pytest.mark.parametrize(
    "given",
    [
        {"emails": ("geai+ecole@example.org",)},
        {"household": Household((Guardian("M. Geai", "", "+33 6 99 00 20 01"),))},
        {"household": Household(address=LAKE)},
        {"household": Household(pupils=(Pupil("GEAI Alba", ALBA.born_on),))},
    ],
    ids=["email", "telephone", "address", "child"],
)
def test_an_account_that_shares_something_is_read_by_its_summary(world: World, given: dict[str, Any]) -> None:
    open_requests(world)
    application = request_of(world)
    world.settle(**given)
    world.aws.calls.clear()

    assert [one.ref for one in accounts_alike(world.services, application, ("evry-xenakis",))] == [ROSSIGNOL]
    assert "Scan" not in world.aws.calls
    assert accounts_alike(world.services, application, ("evry-magnard",)) == ()


def test_an_account_that_shares_nothing_is_not_read(world: World) -> None:
    open_requests(world)
    application = request_of(world)
    world.settle(household=Household((Guardian("M. Pie", "", "06 99 00 30 01"),), ("4 rue du Lac", "91000 Evry")))
    world.aws.calls.clear()

    assert accounts_alike(world.services, application, ("evry-xenakis",)) == ()
    assert world.aws.calls == ["Query"]
