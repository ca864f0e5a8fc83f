"""Summaries put right for what a version without them wrote: families, guardians' own logins, re-enrolments."""

from dataclasses import replace

import pytest

from chalicelib.domain.account.accounts import GUARDIAN, Account, AccountRef
from chalicelib.domain.enrolment.seasons import EnrolmentRef
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.database import Put
from chalicelib.office.roster.summaries import refresh_summaries
from chalicelib.stores.accounts import Accounts
from chalicelib.stores.summary_index import account_summaries, enrolment_summaries
from tests.support.enrolled_families import SEASON, open_period, rossignol
from tests.support.world import ROSSIGNOL, World

SITE = "evry-xenakis"


@pytest.fixture
def older(world: World) -> World:
    """Store what the version before wrote: a family, a guardian's own login, a re-enrolment."""
    open_period(world)
    rossignol(world)
    world.settle(AccountRef(SITE, "xen1r2"), role=GUARDIAN, family="xen1")
    for table in (world.resources.accounts_table, world.resources.enrolments_table):
        for item in list(world.database.items_of(table, SITE)):
            world.database.write_together(Put(table, {**item, "summary": None}))
    return world


def test_all_are_written_once_and_lists_read_nothing_whole_any_more(older: World) -> None:
    assert refresh_summaries(older.services, older.now) == 3
    assert refresh_summaries(older.services, older.now) == 0

    older.aws.calls.clear()
    assert [family.identifier for family in account_summaries(older.services.accounts, SITE)] == ["xen1"]
    assert [one.identifier for one in enrolment_summaries(older.services.enrolments, SEASON, SITE)] == ["xen1"]
    assert older.aws.calls == ["Query", "Query"]


def test_nothing_else_of_an_item_is_touched(older: World) -> None:
    account, enrolment = older.account(), older.services.enrolments.find(EnrolmentRef(ROSSIGNOL, SEASON))

    refresh_summaries(older.services, older.now)

    assert {**older.account().item, "summary": None} == {**account.item, "summary": None}
    again = older.services.enrolments.find(EnrolmentRef(ROSSIGNOL, SEASON))
    assert {**again.item, "summary": None} == {**enrolment.item, "summary": None}


def test_what_is_changed_while_it_runs_is_left_to_who_changed_it(older: World) -> None:
    stale = older.account()
    older.services.accounts.change(stale, replace(stale, name="Famille Merle"))

    class Late(Accounts):
        def write_summary(self, account: Account) -> bool:
            return super().write_summary(stale if account.ref == ROSSIGNOL else account)

    services = replace(
        older.services, accounts=Late(older.database, older.resources.accounts_table, older.services.mailboxes)
    )
    with pytest.raises(WriteConflict):
        services.accounts.write_summary(stale)

    assert refresh_summaries(services, older.now) == 2
    assert "Famille Merle" in older.account().item["summary"]
