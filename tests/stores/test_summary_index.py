"""Reading the index of summaries: of one site, of one season, and the whole item if it has none."""

import pytest

from chalicelib.domain.account.accounts import GUARDIAN, AccountRef
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.infra.dynamo.database import Put
from chalicelib.stores.summary_index import account_summaries, enrolment_summaries
from tests.support.answers import FULL
from tests.support.world import World

SITE = "evry-xenakis"


@pytest.mark.parametrize("rest", [None, "[0]", "no list", "7", "{}", "[1,2,3]"])
def test_those_that_have_none_or_another_version_s_are_read_whole_by_hundreds(world: World, rest: str | None) -> None:
    for number in range(3):
        world.settle(AccountRef(SITE, f"xen{number}"), name=f"Nid {number}")
    world.settle(AccountRef(SITE, "xen0r2"), role=GUARDIAN, family="xen0")
    world.services.enrolments.change(Enrolment(FULL.ref), FULL)
    for table in (world.resources.accounts_table, world.resources.enrolments_table):
        for item in list(world.database.items_of(table, SITE)):
            world.database.write_together(Put(table, {**item, "summary": rest}))
    world.aws.calls.clear()

    assert {one.name for one in account_summaries(world.services.accounts, SITE)} == {"Nid 0", "Nid 1", "Nid 2"}
    assert [one.identifier for one in enrolment_summaries(world.services.enrolments, "2027", SITE)] == ["xen1"]
    assert world.aws.calls == ["Query", "BatchGetItem", "Query", "BatchGetItem"]


def test_what_is_of_another_site_is_not_read(world: World) -> None:
    world.settle(AccountRef("evry-magnard", "mag1"))
    assert list(account_summaries(world.services.accounts, SITE)) == []
