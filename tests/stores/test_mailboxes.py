"""The mailboxes table: every account of an address has its entry, and addresses are not readable."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef, new_stamp
from chalicelib.domain.account.email_proof import MailedCode, PendingEmail
from chalicelib.domain.account.mailboxes import Mailbox
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.infra.dynamo.database import Put
from chalicelib.stores.mailboxes import Listing
from tests.support.aws import When, faults_of
from tests.support.world import EMAIL, ROSSIGNOL, World

NEW = "aimee@example.fr"
TWIN = AccountRef("evry-magnard", "un-7005")


def mailbox_of(world: World, email: str = EMAIL) -> Mailbox:
    return world.services.mailboxes.find(world.services.record.pseudonyms.of_mailbox(email))


def enter(world: World, *listings: Listing) -> None:
    world.services.mailboxes.enter(listings)


def test_an_address_finds_its_accounts_however_it_is_written(world: World) -> None:
    enter(world, Listing("Rossignol@Example.ORG", ROSSIGNOL), Listing(EMAIL, TWIN), Listing(NEW, TWIN))

    assert set(mailbox_of(world).refs) == {ROSSIGNOL, TWIN}
    assert mailbox_of(world, NEW).refs == (TWIN,)
    assert mailbox_of(world, "personne@example.org").refs == ()


def test_the_table_shows_no_address_and_an_entry_of_another_version_leads_to_no_account(world: World) -> None:
    enter(world, Listing(EMAIL, ROSSIGNOL), Listing(NEW, TWIN))
    world.services.mailboxes.revise(mailbox_of(world), lambda mailbox: mailbox.with_letter("request-1", world.now))
    world.database.write_together(
        Put(world.resources.mailboxes_table, {"site": mailbox_of(world).pseudonym, "identifier": "ab01"})
    )

    everything = world.aws.everything(world.resources)

    assert everything.count("@letters") == 1
    assert mailbox_of(world).refs == (ROSSIGNOL,)
    for text in ("rossignol", "aimee", "example"):
        assert text not in everything


def test_listed_again_it_stays_one_and_its_letters_are_kept(world: World) -> None:
    enter(world, *[Listing(EMAIL, ROSSIGNOL)] * 3)
    world.services.mailboxes.revise(mailbox_of(world), lambda mailbox: mailbox.with_letter("request-1", world.now))

    enter(world, Listing(EMAIL, ROSSIGNOL))

    assert mailbox_of(world).refs == (ROSSIGNOL,)
    assert [letter.at for letter in mailbox_of(world).letters] == [world.now]


def test_many_are_entered_25_in_a_call(world: World) -> None:
    listings = [Listing(EMAIL, AccountRef("evry-magnard", f"un{number}")) for number in range(60)]
    world.aws.calls.clear()

    enter(world, *listings)

    assert world.aws.calls == ["BatchWriteItem"] * 3
    assert len(mailbox_of(world).refs) == 60


def test_of_two_letters_at_once_one_is_decided_anew(world: World) -> None:
    stale = mailbox_of(world)
    world.services.mailboxes.revise(mailbox_of(world), lambda mailbox: mailbox.with_letter("first", world.now))

    before, after = world.services.mailboxes.revise(stale, lambda mailbox: mailbox.with_letter("second", world.now))

    assert [letter.request for letter in before.letters] == ["first"]
    assert [letter.request for letter in after.letters] == ["first", "second"]
    assert mailbox_of(world) == after


def test_an_account_is_taken_out_of_every_address_that_it_had(world: World) -> None:
    enter(world, Listing(EMAIL, ROSSIGNOL), Listing(NEW, ROSSIGNOL), Listing(EMAIL, TWIN))

    world.database.write_all(world.services.mailboxes.deletions(ROSSIGNOL))

    assert (mailbox_of(world).refs, mailbox_of(world, NEW).refs) == ((TWIN,), ())


# Entries written by the store of accounts.


def account(*emails: str) -> Account:
    return Account(ROSSIGNOL, "Famille Rossignol", emails, new_stamp())


def test_a_new_account_or_address_is_found_and_a_former_one_leads_to_an_account_that_says_no(world: World) -> None:
    before = account(EMAIL)
    world.services.accounts.create(before)

    world.services.accounts.change(before, replace(before, emails=(NEW,)))

    assert mailbox_of(world).refs == mailbox_of(world, NEW).refs == (ROSSIGNOL,)
    assert world.account().emails == (NEW,)


@faults_of("BatchWriteItem", "UpdateItem")
def test_no_fault_leaves_an_account_with_an_address_that_does_not_find_it(world: World, call: str, when: When) -> None:
    before = account(EMAIL)
    world.services.accounts.create(before)

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        world.services.accounts.change(before, replace(before, emails=(NEW,)))

    assert (NEW in world.account().emails) <= (mailbox_of(world, NEW).refs == (ROSSIGNOL,))


@pytest.mark.parametrize("when", ["before", "after"])
def test_no_fault_leaves_a_new_account_that_is_not_found(world: World, when: When) -> None:
    with world.aws.failing("PutItem", when), pytest.raises(Unavailable):
        world.services.accounts.create(account(EMAIL))
    assert mailbox_of(world).refs == (ROSSIGNOL,)

    with world.aws.failing("BatchWriteItem", when), pytest.raises(Unavailable):
        world.services.accounts.create(replace(account(NEW), ref=TWIN))

    assert world.services.accounts.find(TWIN) is None


def test_who_came_second_has_listed_an_address_that_the_account_does_not_have(world: World) -> None:
    before = account(EMAIL)
    world.services.accounts.create(before)
    world.services.accounts.change(before, replace(before, emails=()))

    with pytest.raises(WriteConflict):
        world.services.accounts.change(before, replace(before, emails=(EMAIL, NEW)))

    assert (mailbox_of(world, NEW).refs, world.account().emails) == ((ROSSIGNOL,), ())


def test_a_change_of_something_else_costs_no_call(world: World) -> None:
    before = account(EMAIL, NEW)
    world.services.accounts.create(before)
    world.aws.calls.clear()

    after = world.services.accounts.change(before, replace(before, emails=(NEW,)))
    world.services.accounts.change(after, after.with_login(world.now + timedelta(days=1)))

    assert world.aws.calls == ["UpdateItem", "UpdateItem"]


def test_an_address_that_was_mailed_its_code_is_listed_before_the_code_is_typed(world: World) -> None:
    """So that its confirmation needs no further call."""
    waiting = PendingEmail("p", NEW, "Aimée", world.now)
    account_before = replace(account(EMAIL), pending_email=waiting)
    world.services.accounts.create(account_before)
    assert mailbox_of(world, NEW).refs == ()
    second = replace(account_before, pending_email=replace(waiting, mailed=(MailedCode("digest", "request-1"),)))
    world.services.accounts.change(account_before, second)
    assert mailbox_of(world, NEW).refs == (ROSSIGNOL,)
    world.aws.calls.clear()

    world.services.accounts.change(second, replace(second, emails=(EMAIL, NEW), pending_email=None))

    assert world.aws.calls == ["UpdateItem"]
