"""Applied yearly files: one line each, in any order and however often it is written."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import GUARDIAN, Account, AccountRef
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.domain.roster.applied_imports import AppliedImport
from chalicelib.infra.dynamo.database import Put
from chalicelib.office.roster.applied_imports import (
    IndexResult,
    begin_import,
    find_former,
    finish_import,
    index_mailboxes,
    list_imports,
    refresh_summaries,
)
from chalicelib.presentation.office.findings import counts_text
from chalicelib.stores.accounts import Accounts
from chalicelib.stores.summary_index import account_summaries, enrolment_summaries
from tests.support.enrolled_families import SEASON, open_for_rossignol
from tests.support.world import EMAIL, ROSSIGNOL, World

SITE = "evry-xenakis"


@pytest.fixture
def older(world: World) -> World:
    """Store the data of the version before: a family, a guardian's own login, a re-enrolment."""
    open_for_rossignol(world)
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


def test_all_are_entered_in_few_calls_and_a_fault_is_made_good_by_running_it_again(world: World) -> None:
    refs = [AccountRef("evry-magnard", f"mag{number}") for number in range(30)]
    for ref in (ROSSIGNOL, *refs):
        world.settle(ref)
    with world.aws.failing("BatchWriteItem", "before", skips=1), pytest.raises(Unavailable):
        index_mailboxes(world.services)
    world.aws.calls.clear()

    index = index_mailboxes(world.services)

    assert index == IndexResult(31, 31)
    assert world.aws.calls == ["Scan", "BatchWriteItem", "BatchWriteItem"]
    mailbox = world.services.mailboxes.find(world.services.record.pseudonyms.of_mailbox(EMAIL))
    assert set(mailbox.refs) == {ROSSIGNOL, *refs}


def run(world: World, id: str, counts: Mapping[str, int], **more: str) -> AppliedImport:  # noqa: A002 - its name everywhere
    return replace(AppliedImport(id, "clef", "Mme Lyre", world.now, "abc", counts=counts), **more)  # type: ignore[arg-type]


def test_a_job_that_begins_and_ends_again_has_one_line(world: World) -> None:
    job = run(world, "job", {"new": 5}, door="desk")

    for counts in ({"new": 4, "changed": 1, "gone": 0}, {"unchanged": 5}):
        begin_import(world.services, job)
        finish_import(world.services, job, counts, world.now)

    assert list_imports(world.services, world.now) == (
        replace(job, counts={"new": 4, "changed": 1}, done_at=world.now),
    )


def test_of_runs_that_finish_at_once_one_writes_the_line(world: World) -> None:
    first = begin_import(world.services, run(world, "1", {"new": 5}))

    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda made: finish_import(world.services, first, {"new": made}, world.now), range(1, 5)))

    (line,) = list_imports(world.services, world.now)
    assert (line.id, line.done_at) == ("1", world.now)


def test_a_file_that_others_followed_is_found_with_them(world: World) -> None:
    for number, digest in enumerate(("a", "b", "a", "c", "d"), start=1):
        record = begin_import(world.services, run(world, str(number), {"new": 1}, sha256=digest))
        if digest != "c":  # it was interrupted
            finish_import(world.services, record, record.counts, world.now)
        world.wait(timedelta(days=1))

    former = {digest: find_former(world.services, digest, world.now) for digest in "abcde"}

    ids = {digest: (found[0].id, [other.id for other in found[1]]) for digest, found in former.items() if found}
    assert ids == {"a": ("3", ["5", "4"]), "b": ("2", ["5", "4", "3"])}


def test_an_import_is_described_by_what_it_did(world: World) -> None:
    record = run(world, "1", {"new": 2, "gone": 1})

    assert counts_text(record) == "Nouvelles : 2 ; Parties : 1"
    assert counts_text(replace(record, disables_gone=True)) == (
        "Nouvelles : 2 ; Parties : 1 ; familles parties désactivées"
    )
    assert counts_text(replace(record, counts={})) == "rien"
