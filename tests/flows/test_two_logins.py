"""Two guardians, two logins: each with its own password and sessions, in one family's area."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import LoginRefused, NotLoggedIn
from chalicelib.flows.change_password import PasswordChange, change_password
from chalicelib.flows.login import Credentials, log_in
from chalicelib.flows.reenrolment import enter
from chalicelib.flows.visit import Visitor, authenticate
from tests.support.two_logins import AIMEE, COME, COMES, COMES_PASSWORD, put, settle_two_logins
from tests.support.world import PASSWORD, ROSSIGNOL, World


def come(world: World, ref: AccountRef = COMES, password: str = COMES_PASSWORD) -> Any:
    return log_in(world.services, Credentials(ref, password), world.new_client(), world.now)


def inside(world: World, token: Any) -> Visitor:
    return authenticate(world.services, token, world.client, world.now)


def test_each_logs_in_with_its_own_password_and_finds_the_same_family(world: World) -> None:
    family = settle_two_logins(world)

    first, second = inside(world, come(world, ROSSIGNOL, PASSWORD)), inside(world, come(world))

    assert (first.account.ref, second.account.ref) == (ROSSIGNOL, ROSSIGNOL)
    assert (first.login.ref, second.login.ref) == (ROSSIGNOL, COMES)
    assert second.account.household == family.household
    assert (first.speaker_chosen(""), second.speaker_chosen("")) == (AIMEE, COME)
    for ref, password in ((ROSSIGNOL, COMES_PASSWORD), (COMES, PASSWORD)):
        with pytest.raises(LoginRefused):
            come(world, ref, password)


def test_a_login_costs_four_round_trips_and_a_page_two(world: World) -> None:
    settle_two_logins(world)

    token = come(world)
    assert len(world.aws.calls) == 4, world.aws.calls
    world.aws.calls.clear()
    inside(world, token)
    assert world.aws.calls == ["GetItem", "BatchGetItem"]
    world.aws.calls.clear()
    enter(world.services, token, world.client, world.now)
    assert world.aws.calls == ["GetItem", "BatchGetItem"]


def test_one_that_changes_its_password_leaves_the_other_in(world: World) -> None:
    settle_two_logins(world)
    first, token = come(world, ROSSIGNOL, PASSWORD), come(world)

    for mine, others, current in ((token, first, COMES_PASSWORD), (first, None, PASSWORD)):
        change = PasswordChange(current, "Pinson8Gris", "Pinson8Gris")
        again = change_password(world.services, inside(world, mine), change, world.new_client(), world.now)
        with pytest.raises(NotLoggedIn):
            inside(world, mine)
        assert inside(world, again)
        assert others is None or inside(world, others)
        token = again if others else token

    assert inside(world, token), "the first one's change ended no session of the second"
    world.deliver()
    assert [(mail.to, "XEN 1 R2" in mail.text) for mail in world.mails()] == [
        ("come@example.net", True),
        ("rossignol@example.org", False),
    ]


@pytest.mark.parametrize("how", ["family closed", "login closed", "login taken back", "family gone"])
def test_a_login_that_is_closed_opens_no_page_and_is_refused_like_any(world: World, how: str) -> None:
    family = settle_two_logins(world)
    token = come(world)

    match how:
        case "family closed":
            put(world, replace(family, disabled=True))
        case "login closed":
            put(world, world.account(COMES).with_disabled(disabled=True))
        case "login taken back":
            guardians = tuple(replace(guardian, login="") for guardian in family.household.guardians)
            put(world, replace(family, household=replace(family.household, guardians=guardians)))
        case "family gone":
            world.services.accounts.erase(family)

    with pytest.raises(NotLoggedIn):
        inside(world, token)
    with pytest.raises(LoginRefused):
        come(world)
