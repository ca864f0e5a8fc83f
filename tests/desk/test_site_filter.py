"""The filter by site: one that the member sees, all of them, and nothing else."""

import pytest

from tests.support.staff import DESK, MANAGER, READER, enter
from tests.support.world import Visitor, World


@pytest.mark.parametrize(
    ("email", "site", "status"),
    [
        (READER, "", 200),
        (READER, "evry-xenakis", 200),
        (READER, "evry-magnard", 404),
        (MANAGER, "evry-magnard", 200),
        (MANAGER, "*", 404),
    ],
)
def test_a_site_that_is_not_one_s_own_is_as_if_it_were_not_there(
    world: World, visitor: Visitor, email: str, site: str, status: int
) -> None:
    enter(world, visitor, email)

    assert visitor.get(f"{DESK}/factures?site={site}").status_code == status
