"""Changes of passkeys and links: their trace, their notices, their index, races, and « Ce n'est pas moi »."""

from dataclasses import replace

import pytest

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import current_freeze
from chalicelib.domain.account.login_methods import IdentityLink, Passkey, passkey_name
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.refusals import NotLoggedIn, Unavailable
from chalicelib.flows.family.not_me import disown_change
from chalicelib.flows.login_methods.changes import MethodsAuthor, change_methods
from tests.support.aws import When, faults_of
from tests.support.change_links import last_link
from tests.support.world import EMAIL, World

AIMEE = MethodsAuthor(Actor("family", "Aimée Rossignol"), "login")


def key_of(world: World, name: str = "Mon téléphone") -> Passkey:
    return Passkey(f"id-of-{name}", "key", 0, name, world.now)


def link_of(world: World) -> IdentityLink:
    return IdentityLink("a-person", world.now)


def add_key(world: World, name: str = "Mon téléphone") -> Account:
    passkey = key_of(world, name)
    decide = lambda current: current.with_passkey(passkey)  # noqa: E731 - a decision
    _, after = change_methods(world.visit(), world.account(), decide, AIMEE)
    return after


def test_a_change_is_traced_listed_and_told_to_every_address(world: World) -> None:
    world.settle(emails=("aimee@example.org", "loic@example.org"))
    account, visit = world.account(), world.visit()
    visit = replace(visit, client=replace(visit.client, browser="Firefox, Windows"))

    def decide(current: Account) -> Account:
        return current.with_passkey(key_of(world))

    _, after = change_methods(visit, account, decide, AIMEE)

    change = after.access_corrections[-1]
    assert (change.what, change.old, change.new) == ("sign_in", (), ("passkey:Mon téléphone",))
    assert (change.actor.who, change.session) == ("Aimée Rossignol", "login")
    assert world.services.mailboxes.find(passkey_name("id-of-Mon téléphone")).refs == (after.ref,)
    world.deliver()
    mails = world.mails()
    assert {mail.to for mail in mails} == {"aimee@example.org", "loic@example.org"}
    assert all("« Mon téléphone » est ajoutée" in mail.text and "Firefox, Windows" in mail.text for mail in mails)


def test_the_same_change_again_writes_and_tells_nothing(world: World) -> None:
    world.settle()
    first = add_key(world)
    world.aws.calls.clear()

    again = change_methods(world.visit(), first, lambda current: current, AIMEE)

    assert again == (first, first)
    assert world.aws.calls == []


def test_two_browsers_that_add_at_once_both_add(world: World) -> None:
    world.settle()
    account = world.account()
    add_key(world, "Un")

    _, after = change_methods(world.visit(), account, lambda current: current.with_link(link_of(world)), AIMEE)

    assert ([passkey.name for passkey in after.passkeys], len(after.links)) == (["Un"], 1)
    assert [change.new for change in after.access_corrections[-2:]] == [("passkey:Un",), ("franceconnect",)]


@faults_of("SendMessageBatch", "BatchWriteItem", "UpdateItem")
def test_after_a_fault_the_same_form_adds_it_once(world: World, call: str, when: When) -> None:
    world.settle()
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        add_key(world)

    after = add_key(world)

    assert [passkey.name for passkey in after.passkeys] == ["Mon téléphone"]


def test_a_method_removed_ends_every_session(world: World) -> None:
    world.settle()
    before = add_key(world)

    after = before.without_login_method("id-of-Mon téléphone")

    assert after.passkeys == ()
    assert after.stamp != before.stamp
    assert before.without_login_method("another") is before


def test_not_me_takes_a_passkey_back_with_every_other_login_method(world: World) -> None:
    world.settle()
    account = world.account()
    world.services.accounts.change(account, account.with_link(link_of(world)))
    add_key(world)
    world.deliver()

    disown_change(world.visit(), last_link(world, EMAIL))

    frozen = world.account()
    assert (frozen.password, frozen.passkeys, frozen.links) == (None, (), ())
    assert current_freeze(frozen)
    assert current_freeze(replace(frozen, passkeys=(key_of(world),))) is None


def test_an_account_erased_meanwhile_is_not_brought_back(world: World) -> None:
    world.settle()
    account = world.account()
    world.services.accounts.erase(account)

    with pytest.raises(NotLoggedIn):
        change_methods(world.visit(), account, lambda current: current.with_link(link_of(world)), AIMEE)
