"""The accounts table: a whole account in one item, changed by one conditional write or not at all."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import Field, fields, replace
from datetime import date, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.account.accounts import (
    Account,
    AccountRef,
    FailingMailbox,
    MailedLetter,
    MailedPassword,
    Password,
)
from chalicelib.domain.account.email_proof import MailedCode, PendingEmail
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.family.corrections import Actor, Confirmation, Correction
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.infra.dynamo.values import Item
from chalicelib.settings.environment import Settings
from tests.support.two_logins import COMES, settle_two_logins
from tests.support.world import OPENING_MORNING, ROSSIGNOL, World

NOW = OPENING_MORNING
BARE = Account(ROSSIGNOL, "Famille Rossignol", (), "stamp-1")
FULL = Account(
    ref=ROSSIGNOL,
    name="Famille d'Été-Rossignol 🐦",
    emails=("rossignol@example.org", "été@example.org"),
    stamp="stamp-1",
    role="office",
    disabled=True,
    password=Password("$argon2id$v=19$m=64,t=1,p=1$c2Vs$aGFzaA", NOW, "mailed"),
    mailed_passwords=(
        MailedPassword("a" * 64, NOW + timedelta(hours=1), "request-1"),
        MailedPassword("b" * 64, NOW + timedelta(hours=2), "request-2"),
        MailedPassword("c" * 64, NOW + timedelta(hours=3), "request-3"),
    ),
    letters=(MailedLetter("7ae3f3c2-0b3b-4b9f-9f4f-4a7c6a3d0001", NOW), MailedLetter("request.#2", NOW)),
    last_login=NOW - timedelta(days=300),
    display_identifier="XEN 1",
    failing_mailboxes=(FailingMailbox("0123456789abcdef0123", "bounced", NOW),),
    household=Household(
        guardians=(Guardian("Mme D'Été", "rossignol@example.org"), Guardian("M. Rossignol")),
        address=("3 rue de l'Orge", "91000 Evry"),
        pupils=(Pupil("Zoé", date(2015, 2, 28), (Course("Hautbois", "Cycle 1"),)), Pupil("Léo")),
    ),
    imported=(("name", "1f"), ("emails", "2e")),
    gone_at=NOW - timedelta(days=3),
    notices=(
        Notice("reinscription-2026", "0123456789abcdef0123", "delivered", NOW, (("evry-magnard", "mag1"),)),
        Notice("rappel", "0123456789abcdef0123", "sending", NOW),
    ),
    corrections=(Correction("payer", ("M. Rossignol",), (), Actor("office", "Mme Houx"), NOW, "0123456789ab"),),
    access_corrections=(
        Correction(
            "emails", ("old@example.org",), ("new@example.org",), Actor("family", "Mme D'Été"), NOW, "decision-2"
        ),
        Correction("password", ("mailed",), ("chosen",), Actor("family"), NOW, "stamp-2", session="login"),
    ),
    correction_times=(NOW,),
    confirmed=Confirmation("Mme D'Été", NOW),
    pending_email=PendingEmail(
        "name", "new@example.org", "Mme D'Été", NOW, mailed=(MailedCode("d" * 64, "request-4"),)
    ),
    code_times=(NOW,),
    family="xen0",
    application="P27-K4TN-8WCB",
    separated_at=NOW,
)


def store(world: World, account: Account) -> Account:
    world.database.write_together(world.services.accounts.put(account))
    return account


@pytest.mark.parametrize(
    "account",
    [
        pytest.param(FULL, id="every field"),
        pytest.param(BARE, id="no optional field"),
        pytest.param(replace(FULL, password=None), id="no password"),
        pytest.param(replace(BARE, password=Password("hash", NOW, "chosen")), id="chosen password"),
        pytest.param(replace(BARE, name=""), id="empty name"),
    ],
)
def test_an_account_comes_back_as_it_was(world: World, account: Account) -> None:
    store(world, account)

    assert world.services.accounts.find(account.ref) == account


@pytest.mark.parametrize("field", [field for field in fields(Account) if field.compare], ids=lambda field: field.name)
def test_no_field_of_an_account_is_left_out_of_these_tests(field: Field[object]) -> None:
    assert getattr(FULL, field.name) not in {field.default, Household()}


def test_accounts_are_told_apart_by_site_and_identifier(world: World) -> None:
    others = [AccountRef("evry-magnard", "xen1"), AccountRef("evry-xenakis", "xen2")]
    for ref in (ROSSIGNOL, *others):
        store(world, replace(BARE, ref=ref, name=f"{ref.site} {ref.identifier}"))

    accounts = world.database.read_together(*(world.services.accounts.lookup(ref) for ref in (*others, ROSSIGNOL)))

    assert [account and account.name for account in accounts] == [
        "evry-magnard xen1",
        "evry-xenakis xen2",
        "evry-xenakis xen1",
    ]


def test_who_is_not_there_is_not_found(world: World) -> None:
    assert world.services.accounts.find(ROSSIGNOL) is None


# Every change of the domain, on an account with a value in each field.

Change = Callable[[Account], Account]
START = replace(FULL, disabled=False)
CHANGES: dict[str, Change] = {
    "logged in": lambda account: account.with_login(NOW),
    "rehashed": lambda account: account.with_hash("newer hash"),
    "rehashed at login": lambda account: account.with_login(NOW).with_hash("newer hash"),
    "changed": lambda account: account.with_password("other hash", "chosen", NOW),
    "used a mailed one": lambda account: account.with_login(NOW).with_password("third hash", "mailed", NOW),
    "mailed": lambda account: account.with_mailed_password("Mail1234", "request-3", NOW),
    "disabled": lambda account: account.with_disabled(disabled=True),
}
OF_ALL = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
OF_STATE = pytest.mark.parametrize("change", list(CHANGES.values())[1:], ids=list(CHANGES)[1:])


@OF_ALL
@pytest.mark.parametrize(
    "start", [START, replace(BARE, password=Password("hash", NOW, "chosen"))], ids=["full", "bare"]
)
def test_a_change_is_written_whole(world: World, start: Account, change: Change) -> None:
    before = store(world, start)
    after = change(before)

    world.services.accounts.change(before, after)

    assert world.account() == after


def test_the_first_password_of_an_account_is_written(world: World) -> None:
    before = store(world, BARE)
    after = before.with_password("hash", "mailed", NOW)

    world.services.accounts.change(before, after)

    assert world.account() == after


def test_a_change_that_only_takes_something_away_is_written(world: World) -> None:
    before = store(world, FULL)
    after = replace(before, password=None)

    world.services.accounts.change(before, after)

    assert world.account() == after


def test_no_change_is_no_error(world: World) -> None:
    before = store(world, FULL)

    world.services.accounts.change(before, before)

    assert world.account() == FULL


STOLEN: dict[str, Change] = {
    "password changed": lambda account: account.with_password("stolen", "chosen", NOW),
    "disabled": lambda account: account.with_disabled(disabled=True),
    "sessions ended": lambda account: replace(account, stamp="stamp-2"),
    "another address": lambda account: replace(account, emails=("merle@example.org",)),
    "disabled, and the stamp kept": lambda account: replace(account, disabled=True),
}


@OF_ALL
@pytest.mark.parametrize("stolen", STOLEN.values(), ids=STOLEN.keys())
def test_a_change_decided_on_what_no_longer_stands_is_overtaken_and_writes_nothing(
    world: World, change: Change, stolen: Change
) -> None:
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
    mailed = before.with_mailed_password("Mail1234", "request-3", NOW)
    world.services.accounts.change(before, mailed)

    with pytest.raises(WriteConflict):
        world.services.accounts.change(before, second(before))

    assert world.account() == mailed


@pytest.mark.parametrize("second", ["newest hash", None], ids=["hashed twice", "changed meanwhile"])
def test_a_password_hashed_again_is_not_written_over_another_hash(world: World, second: str | None) -> None:
    before = store(world, START)
    after = before.with_hash(second) if second else before.with_password("other hash", "chosen", NOW)
    world.services.accounts.change(before, after)

    with pytest.raises(WriteConflict):
        world.services.accounts.change(before, before.with_hash("newer hash"))

    assert world.account() == after


def test_overtaken_tells_what_stands_there_now(world: World) -> None:
    before = store(world, START)
    store(world, replace(START, stamp="stamp-2"))

    with pytest.raises(WriteConflict) as overtaken:
        world.services.accounts.change(before, before.with_disabled(disabled=True))

    assert overtaken.value.item
    assert overtaken.value.item["stamp"] == "stamp-2"


def test_two_logins_at_once_are_both_right(world: World) -> None:
    before = store(world, START)

    world.services.accounts.change(before, before.with_login(NOW))
    world.services.accounts.change(before, before.with_login(NOW + timedelta(seconds=1)))

    assert world.account().last_login == NOW + timedelta(seconds=1)


def test_a_login_and_a_mailed_password_at_once_are_both_right(world: World) -> None:
    before = store(world, START)
    mailed = before.with_mailed_password("Mail1234", "request-3", NOW)

    world.services.accounts.change(before, mailed)
    world.services.accounts.change(before, before.with_login(NOW))

    assert world.account() == mailed.with_login(NOW)


def test_what_another_program_keeps_in_the_item_is_left_alone(world: World) -> None:
    table = world.resources.accounts_table
    before = store(world, START)
    key = {"site": ROSSIGNOL.site, "identifier": ROSSIGNOL.identifier}
    world.database.update(table, key, "SET #pupils = :pupils", "attribute_exists(#site)", pupils=["Loriot"])

    world.services.accounts.change(before, before.with_password("other hash", "chosen", NOW))

    assert raw(world)["pupils"] == ["Loriot"]


def raw(world: World) -> Item:
    """Read the item as it is stored."""
    key = {"site": ROSSIGNOL.site, "identifier": ROSSIGNOL.identifier}
    item = world.database.read(Lookup(world.resources.accounts_table, key, lambda item: item))
    assert item is not None
    return item


def test_an_account_that_is_gone_does_not_come_back_by_a_change(world: World) -> None:
    before = START

    with pytest.raises(WriteConflict):
        world.services.accounts.change(before, before.with_password("other hash", "chosen", NOW))

    assert world.services.accounts.find(ROSSIGNOL) is None


def test_the_item_is_kept_for_good_and_holds_moments_as_whole_seconds(world: World) -> None:
    store(world, FULL)

    item = raw(world)

    assert "expires" not in item
    assert item["last_login"] == 1788246000 - 300 * 86400
    assert item["password"]["changed_at"] == 1788246000


def test_what_is_not_known_takes_no_place(world: World) -> None:
    store(world, BARE)

    assert {"password", "last_login"} & raw(world).keys() == set()


# Faults.


@OF_STATE
def test_a_change_whose_answer_is_lost_finds_its_own_write_and_is_content(
    world: World, settings: Settings, change: Change
) -> None:
    before = store(world, START)
    after = change(before)
    patient = wiring.build(settings, calls=2, patience=20)

    with world.aws.failing("UpdateItem", "after", times=1):
        patient.accounts.change(before, after)

    assert world.account() == after


def test_a_change_that_finds_only_a_part_of_itself_is_overtaken(world: World) -> None:
    before = store(world, START)
    after = before.with_password("other hash", "chosen", NOW)
    standing = store(world, replace(before, password=after.password, stamp="stamp-2"))

    with pytest.raises(WriteConflict):
        world.services.accounts.change(before, after)

    assert world.account() == standing


@OF_ALL
def test_a_change_that_fails_before_it_took_effect_writes_nothing(world: World, change: Change) -> None:
    before = store(world, START)

    with world.aws.failing("UpdateItem", "before"), pytest.raises(Unavailable):
        world.services.accounts.change(before, change(before))

    assert world.account() == before


def test_of_many_changes_at_once_one_wins_and_no_two_are_mixed(world: World) -> None:
    before = store(world, START)

    def change(number: int) -> str | None:
        after = before.with_password(f"hash {number}", "chosen", NOW)
        try:
            world.services.accounts.change(before, after)
        except WriteConflict:
            return None
        return after.stamp

    with ThreadPoolExecutor(10) as pool:
        stamps = list(pool.map(change, range(10)))

    winners = [(f"hash {number}", stamp) for number, stamp in enumerate(stamps) if stamp]
    account = world.account()
    assert account.password
    assert winners == [(account.password.hash, account.stamp)]


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
    merged = next(account for account in world.services.accounts.all() if account.ref == family.ref)
    after = world.services.accounts.change(merged, replace(merged, name="Famille Rossignol-Merle"))
    assert after.name == world.account().name
    assert world.account().last_login == family.last_login, "what was told is not written"
