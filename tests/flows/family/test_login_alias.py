"""A login by a further identifier of a family: the same account, the same guesses, and no sign that it is one."""

from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.family.lost_password import LostPasswordForm, request_password
from tests.support.aliases import NEW, change_identifier
from tests.support.aws import When, faults_of
from tests.support.logins import WRONG, enter, lock_out, mail_a_password, outcome, tries_at
from tests.support.world import EMAIL, PASSWORD, ROSSIGNOL, World

NOBODY = AccountRef(ROSSIGNOL.site, "nobody")
AT_MAGNARD = AccountRef("evry-magnard", NEW.identifier)


@pytest.mark.parametrize("ref", [ROSSIGNOL, NEW, AccountRef(NEW.site, "pie9"), AT_MAGNARD])
def test_each_identifier_opens_the_account_also_without_its_dash_or_at_a_wrong_site(
    world: World, ref: AccountRef
) -> None:
    world.settle()
    change_identifier(world)

    for password in (PASSWORD, mail_a_password(world)):
        assert enter(world, password, ref).account == ROSSIGNOL


def test_a_known_browser_is_known_by_both_identifiers(world: World) -> None:
    world.settle()
    change_identifier(world)
    lock_out(world)

    assert outcome(world, PASSWORD, NEW) == "SlowedDown"
    assert outcome(world, PASSWORD, NEW, cookie=world.device()) == ROSSIGNOL.site


def test_two_names_allow_no_more_guesses_than_one(world: World) -> None:
    world.settle()
    change_identifier(world)

    outcomes = [outcome(world, WRONG, ref) for ref in (NEW, ROSSIGNOL) * 3]

    assert outcomes == ["LoginRefused"] * 5 + ["SlowedDown"]
    assert (tries_at(world), tries_at(world, NEW)) == (5, 0)
    assert outcome(world, PASSWORD, AT_MAGNARD) == "LoginRefused", "nor is a wrong site forgiven after them"
    world.wait(timedelta(hours=25))
    assert outcome(world, PASSWORD, NEW) == ROSSIGNOL.site
    assert tries_at(world) == 0


@pytest.mark.parametrize("is_slowed", [False, True], ids=["refused", "slowed down"])
def test_a_refusal_tells_no_alias_by_its_calls(world: World, *, is_slowed: bool) -> None:
    world.settle()
    change_identifier(world)
    costs = []
    for ref in (NEW, ROSSIGNOL, NOBODY, AccountRef("evry-magnard", "nobody"), AT_MAGNARD):
        world.wait(timedelta(days=2))
        if is_slowed:
            lock_out(world, ref)
        world.aws.calls.clear()
        outcome(world, WRONG, ref)
        costs.append(sorted(world.aws.calls))

    assert costs == [costs[0]] * len(costs)


def test_an_identifier_that_the_account_does_not_list_opens_nothing(world: World) -> None:
    world.settle()
    change_identifier(world)
    assert world.account(NEW).role == "alias"

    change_identifier(world, "XEN 1")

    assert outcome(world, PASSWORD, NEW) == "LoginRefused"
    assert (tries_at(world), tries_at(world, NEW)) == (0, 1)
    assert outcome(world, PASSWORD) == ROSSIGNOL.site


def test_an_alias_never_opens_another_site_s_account_of_its_family_s_identifier(world: World) -> None:
    world.settle()
    change_identifier(world)
    world.settle(AccountRef("evry-magnard", ROSSIGNOL.identifier), password="Merle7Moqueur")

    assert outcome(world, "Merle7Moqueur", AT_MAGNARD) == "LoginRefused"


@pytest.mark.parametrize("identifier", [ROSSIGNOL.identifier, NEW.identifier, "pie9"])
def test_a_lost_password_is_mailed_by_either_identifier(world: World, identifier: str) -> None:
    world.settle(display_identifier="XEN 1")
    change_identifier(world)

    request_password(world.visit(), LostPasswordForm(identifier, EMAIL))
    world.deliver()

    (mail,) = [mail for mail in world.mails() if "mot de passe" in mail.subject]
    assert "PIE-9" in mail.text
    assert enter(world, world.mailed_password(), NEW).account == ROSSIGNOL


@faults_of("BatchGetItem", "BatchWriteItem", "UpdateItem")
def test_after_any_fault_the_same_login_succeeds(world: World, call: str, when: When) -> None:
    world.settle()
    change_identifier(world)

    for skips in (0, 1):
        with world.aws.failing(call, when, skips=skips):
            try:
                enter(world, PASSWORD, NEW)
            except Unavailable:
                continue
    assert outcome(world, PASSWORD, NEW) == ROSSIGNOL.site
