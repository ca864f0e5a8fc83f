"""The accounts table: a whole account in one item, changed by one conditional write or not at all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import CANARY, Account, AccountRef
from chalicelib.domain.refusals import WriteConflict
from chalicelib.stores.summary_index import account_summaries
from tests.support.stored_examples import full
from tests.support.two_logins import COMES, settle_two_logins
from tests.support.world import OPENING_MORNING, ROSSIGNOL, World

NOW = OPENING_MORNING
BARE = Account(ROSSIGNOL, "Famille Rossignol", (), "stamp-1")
FULL = replace(full(Account), ref=ROSSIGNOL, name="Famille d'Été", last_login=NOW - timedelta(days=300))


def store(world: World, account: Account) -> Account:
    world.database.write_together(world.services.accounts.put(account))
    return account


# Every change of the domain, on an account with a value in each field.

Change = Callable[[Account], Account]
START = replace(FULL, disabled=False, merging_into="", merging_from="")
CHANGES: dict[str, Change] = {
    "logged in": lambda account: account.with_login(NOW),
    "rehashed": lambda account: account.with_hash("newer hash"),
    "rehashed at login": lambda account: account.with_login(NOW).with_hash("newer hash"),
    "changed": lambda account: account.with_password("other hash", "chosen", NOW),
    "used a mailed one": lambda account: account.with_login(NOW).with_password("third hash", "mailed", NOW),
    "mailed": lambda account: account.with_mailed_password("Mail1234", "request-3", NOW),
    "disabled": lambda account: account.with_disabled(is_disabled=True),
}
OF_ALL = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())


STOLEN: dict[str, Change] = {
    "password changed": lambda account: account.with_password("stolen", "chosen", NOW),
    "disabled": lambda account: account.with_disabled(is_disabled=True),
    "sessions ended": lambda account: replace(account, stamp="stamp-2"),
    "another address": lambda account: replace(account, emails=("merle@example.org",)),
    "disabled, and the stamp kept": lambda account: replace(account, disabled=True),
}


@OF_ALL
@pytest.mark.parametrize("stolen", STOLEN.values(), ids=STOLEN.keys())
def test_a_change_of_what_stands_no_longer_writes_nothing(world: World, change: Change, stolen: Change) -> None:
    before = store(world, START)
    standing = store(world, stolen(before))

    with pytest.raises(WriteConflict):
        world.services.accounts.change(before, change(before))

    assert world.account() == standing


SECOND: dict[str, Change] = {
    "a second mailed password": lambda account: account.with_mailed_password("Mail5678", "request-4", NOW),
    "the use of another one": lambda account: account.with_password("third hash", "mailed", NOW),
    "a chosen password": lambda account: account.with_password("other hash", "chosen", NOW),
}


@pytest.mark.parametrize("second", SECOND.values(), ids=SECOND.keys())
def test_nothing_is_lost_of_a_password_mailed_meanwhile(world: World, second: Change) -> None:
    before = store(world, START)
    account = before.with_mailed_password("Mail1234", "request-3", NOW)
    world.services.accounts.change(before, account)

    with pytest.raises(WriteConflict):
        world.services.accounts.change(before, second(before))

    assert world.account() == account


@pytest.mark.parametrize("second", ["newest hash", None], ids=["hashed twice", "changed meanwhile"])
def test_a_password_hashed_again_is_not_written_over_another_hash(world: World, second: str | None) -> None:
    before = store(world, START)
    after = before.with_hash(second) if second else before.with_password("other hash", "chosen", NOW)
    world.services.accounts.change(before, after)

    with pytest.raises(WriteConflict):
        world.services.accounts.change(before, before.with_hash("newer hash"))

    assert world.account() == after


def test_two_logins_at_once_are_both_right(world: World) -> None:
    before = store(world, START)

    world.services.accounts.change(before, before.with_login(NOW))
    world.services.accounts.change(before, before.with_login(NOW + timedelta(seconds=1)))

    assert world.account().last_login == NOW + timedelta(seconds=1)


def test_a_login_and_a_mailed_password_at_once_are_both_right(world: World) -> None:
    before = store(world, START)
    account = before.with_mailed_password("Mail1234", "request-3", NOW)

    world.services.accounts.change(before, account)
    world.services.accounts.change(before, before.with_login(NOW))

    assert world.account() == account.with_login(NOW)


def test_an_account_that_is_gone_does_not_come_back_by_a_change(world: World) -> None:
    before = START

    with pytest.raises(WriteConflict):
        world.services.accounts.change(before, before.with_password("other hash", "chosen", NOW))

    assert world.services.accounts.find(ROSSIGNOL) is None


def test_a_change_that_finds_only_a_part_of_itself_is_overtaken(world: World) -> None:
    before = store(world, START)
    after = before.with_password("other hash", "chosen", NOW)
    standing = store(world, replace(before, password=after.password, stamp="stamp-2"))

    with pytest.raises(WriteConflict):
        world.services.accounts.change(before, after)

    assert world.account() == standing


def test_an_account_put_anew_keeps_what_a_later_version_wrote(world: World) -> None:
    store(world, FULL)
    key = {"site": FULL.ref.site, "identifier": FULL.ref.identifier}
    world.database.update(
        world.resources.accounts_table, key, "SET #later = :later", "attribute_exists(site)", later=[{"a": 1}]
    )
    account = world.account(FULL.ref)

    store(world, replace(account, name="Famille Loriot"))

    assert world.account(FULL.ref).name == "Famille Loriot"
    summary = account.item["summary"].replace(account.name, "Famille Loriot")
    assert world.account(FULL.ref).item == {**account.item, "name": "Famille Loriot", "summary": summary}
    assert world.account(FULL.ref).item["later"] == [{"a": 1}]


def test_who_reads_all_families_reads_no_login_of_a_guardian_and_is_told_when_any_was_used_last(world: World) -> None:
    family = settle_two_logins(world, last_login=world.now - timedelta(days=9))
    login = world.account(COMES)
    world.settle(AccountRef(ROSSIGNOL.site, "mer7"), last_login=world.now - timedelta(days=5))
    world.services.accounts.change(login, login.with_login(world.now))

    for accounts in (world.services.accounts.all(ROSSIGNOL.site), world.services.accounts.outside([])):
        assert {account.ref.identifier: account.last_login for account in accounts} == {
            "xen1": world.now,
            "mer7": world.now - timedelta(days=5),
        }
    account_now = next(account for account in world.services.accounts.all() if account.ref == family.ref)
    after = world.services.accounts.change(account_now, replace(account_now, name="Famille Rossignol-Merle"))
    assert after.name == world.account().name
    assert world.account().last_login == family.last_login, "what was told is not written"


def test_the_canary_is_in_no_list_of_families_and_no_summary(world: World) -> None:
    accounts = world.services.accounts
    accounts.create(replace(BARE, role=CANARY))

    assert (list(accounts.all()), list(accounts.outside([]))) == ([], [])
    assert list(account_summaries(accounts, ROSSIGNOL.site)) == []
    accounts.write_summary(world.account())
    assert list(account_summaries(accounts, ROSSIGNOL.site)) == []
