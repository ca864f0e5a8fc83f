"""Visit an account page: the tokens that open it, and for how long."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import NotLoggedIn, Unavailable
from chalicelib.flows.family.visit import MustChange, Page, Visitor
from chalicelib.flows.family.visit import enter as authenticate
from tests.support.aws import When
from tests.support.households import open_session
from tests.support.world import World


def logged_in(world: World) -> Token:
    return open_session(world, world.settle())


def come(world: World, token: Token | None, page: Page = "") -> Visitor:
    return authenticate(world.visit(token), page=page)


def test_a_token_gives_its_account_in_two_round_trips(world: World) -> None:
    token = logged_in(world)
    world.aws.calls.clear()

    visitor = come(world, token)

    assert (visitor.account.name, visitor.site.name) == ("Famille Rossignol", "Evry - Xénakis")
    assert world.aws.calls == ["GetItem", "GetItem"]
    with pytest.raises(NotLoggedIn):
        come(world, Token("evry-magnard", token.secret))


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        pytest.param(lambda a, w: a.with_password("hash", "chosen", w.now), "password_replaced", id="password changed"),
        pytest.param(lambda a, _: a.with_disabled(is_disabled=True), "account_closed", id="account disabled"),
        pytest.param(
            lambda a, _: a.with_disabled(is_disabled=True).with_disabled(is_disabled=False),
            "password_replaced",
            id="enabled again",
        ),
    ],
)
def test_one_stamp_ends_every_session(world: World, end: Callable[..., object], reason: str) -> None:
    token = logged_in(world)
    account = world.account()
    world.services.accounts.change(account, end(account, world))  # type: ignore[arg-type]  # an account

    with pytest.raises(NotLoggedIn):
        come(world, token)

    assert [(e["event"], e["reason"]) for e in world.events()] == [("session_ended", reason)]


@pytest.mark.parametrize("mode", ["keep", "must_change"])
def test_a_mailed_password_may_be_kept_unless_the_network_says_no(world: World, mode: str) -> None:
    world.set_mode(mode)
    token = open_session(world, world.settle(origin="mailed"))

    if mode == "must_change":
        with pytest.raises(MustChange):
            come(world, token)
    else:
        assert come(world, token)
    assert come(world, token, "change_password")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("call", "calls"), [("GetItem", 0), ("GetItem", 1), ("UpdateItem", 0)])
def test_a_fault_shows_no_page_and_ends_no_session(world: World, call: str, calls: int, when: When) -> None:
    token = logged_in(world)
    world.wait(timedelta(minutes=6))

    with world.aws.failing(call, when, skips=calls), pytest.raises(Unavailable):
        come(world, token)

    assert come(world, token)
