"""Open an account by a passkey or a link: which logins it finds, its session, its notice of a first use."""

from dataclasses import replace

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.login_methods import IdentityLink
from chalicelib.domain.refusals import WriteConflict
from chalicelib.flows.family.visit import enter
from chalicelib.flows.login_methods.entry import logins_of, open_account
from tests.support.world import ROSSIGNOL, World


def linked(world: World, ref: AccountRef = ROSSIGNOL, subject: str = "a-person") -> Account:
    world.settle(ref)
    account = world.account(ref)
    return world.services.accounts.change(account, account.with_link(IdentityLink(subject, world.now)))


def test_it_finds_the_open_logins_of_a_person_at_all_sites(world: World) -> None:
    account = linked(world)
    closure = linked(world, AccountRef("evry-xenakis", "xen2"))
    world.services.accounts.change(closure, closure.with_disabled(is_disabled=True))

    assert [login.ref for login in logins_of(world.services, "a-person")] == [account.ref]
    assert logins_of(world.services, "another") == ()


def test_the_first_use_of_a_link_is_told_once_and_the_session_says_how(world: World) -> None:
    before = linked(world)
    used = before.with_link(replace(before.links[0], used_at=world.now))

    token = open_account(world.visit(), before, used, "franceconnect", logout="https://x")

    visitor = enter(world.visit(token))
    assert (visitor.session.opened_by, visitor.session.logout) == ("franceconnect", "https://x")
    assert not visitor.session.is_proven(world.now)
    assert visitor.login.last_login == world.now
    world.deliver()
    assert ["FranceConnect a ouvert le compte pour la première fois." in mail.text for mail in world.mails()] == [True]

    again = world.account()
    later = again.with_link(replace(again.links[0], used_at=world.now))
    open_account(world.visit(), again, later, "franceconnect")
    assert len(world.account().access_corrections) == len(again.access_corrections)


def test_an_account_closed_meanwhile_opens_nothing(world: World) -> None:
    before = linked(world)
    world.services.accounts.change(before, before.with_disabled(is_disabled=True))

    with pytest.raises(WriteConflict):
        open_account(world.visit(), before, before, "passkey")
