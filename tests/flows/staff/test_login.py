"""The first half of a login: alike for known and unknown members, slowed down. The password asked again inside."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.hasher import Hasher
from chalicelib.domain.account.rate_limits import LOGIN_OF_ADDRESS
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FormRefusal, NotLoggedIn, SlowedDown
from chalicelib.flows.staff.entry import StaffContext, enter
from chalicelib.flows.staff.login import (
    ProofRefused,
    StaffCredentials,
    device_scope,
    form_proof,
    log_in,
    log_out,
    own_tries,
    prove_again,
    tries_from,
)
from tests.support.aws import When, faults_of
from tests.support.staff import (
    MANAGER,
    PASSWORD,
    SECRETARY,
    entered,
    half_enter,
    half_open,
    is_in,
    member,
    outcome_of,
    read_member,
    stores,
)
from tests.support.world import ROSSIGNOL, World


def test_a_token_that_was_left_opens_nothing_and_the_others_do(world: World) -> None:
    token, second = (entered(world).token for _ in range(2))

    log_out(world.visit(token))

    assert (is_in(world, token), is_in(world, second)) == (False, True)


def test_half_a_session_is_left_too_and_leaving_nothing_is_no_error(world: World) -> None:
    entered(world)
    half = half_open(world).token

    log_out(world.visit(half))
    log_out(world.visit())

    assert stores(world).sessions.find(half) is None


NOBODY = "corneille@example.org"
WRONG = "ce n'est pas le bon"


def attempt(world: World, email: str = SECRETARY, password: str = PASSWORD, devices: str = "") -> Token:
    return log_in(world.visit(devices=devices, use="staff-devices"), StaffCredentials(email, password))


def outcome(world: World, email: str = SECRETARY, password: str = WRONG, devices: str = "") -> str:
    return outcome_of(lambda: attempt(world, email, password, devices), "on")


def known(world: World, email: str = SECRETARY) -> str:
    """Make the cookie of a browser that has just logged in."""
    return world.device(device_scope(email), use="staff-devices")


class Counting(Hasher):
    """Counts its Argon2 operations."""

    def __init__(self) -> None:
        super().__init__(memory=8, passes=1)
        self.operations = 0

    def verify(self, code: str | None, password: str) -> bool:
        self.operations += 1
        return super().verify(code, password)


@contextmanager
def counting(world: World) -> Iterator[Counting]:
    hasher = Counting()
    world.services = replace(world.services, hasher=hasher)
    world.aws.calls.clear()
    yield hasher


def test_a_password_opens_half_a_session(world: World) -> None:
    member(world)

    token = attempt(world)

    assert enter(world.visit(token), "password").member == read_member(world)
    with pytest.raises(NotLoggedIn):
        enter(world.visit(token))


@pytest.mark.parametrize(
    ("email", "password", "state"),
    [
        pytest.param(SECRETARY, WRONG, "", id="wrong password"),
        pytest.param(NOBODY, PASSWORD, "", id="unknown address"),
        pytest.param(SECRETARY, PASSWORD, "disabled", id="disabled"),
        pytest.param(SECRETARY, PASSWORD, "reset", id="reset"),
        pytest.param(MANAGER, PASSWORD, "unlisted", id="a manager whom the list lacks"),
    ],
)
def test_every_refusal_is_the_same_and_costs_the_same(world: World, email: str, password: str, state: str) -> None:
    before = member(world, MANAGER if state == "unlisted" else SECRETARY)
    members, managers = stores(world).members, stores(world).managers
    if state == "disabled":
        members.change(before, before.with_disabled(is_disabled=True))
    if state == "reset":
        members.change(before, before.without_proofs())
    if state == "unlisted":
        member(world, "busard@example.org", "manager")
        managers.remove(MANAGER)

    with counting(world) as hasher:
        assert outcome(world, email, password) == "StaffLoginRefused"

    assert hasher.operations == 1
    assert world.aws.calls == ["BatchGetItem", "UpdateItem", "UpdateItem"]


def test_a_right_password_costs_as_many_round_trips_as_a_wrong_one(world: World) -> None:
    member(world)

    with counting(world) as hasher:
        attempt(world)

    assert hasher.operations == 1
    assert world.aws.calls == ["BatchGetItem", "UpdateItem", "BatchWriteItem"]


@pytest.mark.parametrize("email", [SECRETARY, NOBODY])
def test_guesses_are_slowed_down_alike_and_a_wait_costs_one_read(world: World, email: str) -> None:
    member(world)

    assert [outcome(world, email) for _ in range(7)] == ["StaffLoginRefused"] * 5 + ["StaffSlowedDown"] * 2
    with counting(world) as hasher:
        outcome(world, email)
    assert (hasher.operations, world.aws.calls) == (0, ["BatchGetItem"])

    world.wait(timedelta(seconds=59))
    assert outcome(world, email) == "StaffSlowedDown"
    world.wait(timedelta(seconds=1))
    assert outcome(world, email) == "StaffLoginRefused"


def test_a_stranger_who_keeps_guessing_shuts_no_known_browser_out(world: World) -> None:
    member(world)
    browser = known(world)
    for _ in range(8):
        outcome(world)
    assert outcome(world, password=PASSWORD) == "StaffSlowedDown"

    assert outcome(world, password=PASSWORD, devices=browser) == "on"


def test_a_hundred_failures_of_an_address_stop_its_strangers_only(world: World) -> None:
    member(world)
    browser = known(world)
    for _ in range(100):
        stores(world).attempts.reserve(tries_from("192.0.2.7"), LOGIN_OF_ADDRESS, world.now)

    assert outcome(world, password=PASSWORD) == "StaffSlowedDown"
    assert outcome(world, NOBODY, PASSWORD) == "StaffSlowedDown"
    assert outcome(world, password=PASSWORD, devices=browser) == "on"


def test_a_known_browser_has_its_own_tries_and_no_more_than_a_stranger(world: World) -> None:
    member(world)
    browser = known(world)

    refusals = [outcome(world, devices=browser) for _ in range(6)]

    assert refusals == ["StaffLoginRefused"] * 5 + ["StaffSlowedDown"]
    assert outcome(world, password=PASSWORD) == "on", "who comes from elsewhere does not pay for it"


def test_a_browser_of_somebody_else_is_a_stranger_s(world: World) -> None:
    member(world)
    for _ in range(5):
        outcome(world)

    key = known(world)
    forgery = key[:-5] + ("A" if key[-5] != "A" else "B") + key[-4:]
    for cookie in (known(world, NOBODY), world.device(ROSSIGNOL), forgery, "x.1.y"):
        assert outcome(world, password=PASSWORD, devices=cookie) == "StaffSlowedDown"


def test_browsers_of_before_a_password_changed_are_counted_together(world: World) -> None:
    """A former member may have used one: five of them do not give five times five tries."""
    member(world)
    browsers = [known(world) for _ in range(3)]
    world.wait(timedelta(days=1))
    stores(world).members.revise(SECRETARY, lambda one: replace(one, password_changed_at=world.now))

    refusals = [outcome(world, devices=browser) for browser in browsers * 2]

    assert refusals == ["StaffLoginRefused"] * 5 + ["StaffSlowedDown"]


def test_the_code_and_a_proof_count_browsers_of_a_former_password_together_too(world: World) -> None:
    member(world)
    browser = world.new_client(devices=known(world), use="staff-devices")
    world.wait(timedelta(days=1))
    change = replace(read_member(world), password_changed_at=world.now)

    assert {tries.key["identifier"] for tries in own_tries(browser, change, world.now)} == {f"{SECRETARY}\n"}


def test_another_login_ends_what_the_browser_had(world: World) -> None:
    member(world)
    former = half_enter(world).token

    log_in(world.visit(former), StaffCredentials(SECRETARY, PASSWORD))

    assert stores(world).sessions.find(former) is None


@faults_of("BatchGetItem", "UpdateItem", "BatchWriteItem")
def test_after_a_failure_the_same_form_works(world: World, call: str, when: When) -> None:
    member(world)
    with world.aws.failing(call, when):
        assert outcome(world, password=PASSWORD) == "Unavailable"

    assert outcome(world, password=PASSWORD) == "on"


def proof(world: World, context: StaffContext, password: str, devices: str = "") -> str:
    fresh = enter(world.visit(context.token))
    try:
        prove_again(world.visit(devices=devices, use="staff-devices"), fresh, password)
    except FormRefusal as refusal:
        return type(refusal).__name__
    return "proven"


def test_a_proof_is_good_for_five_minutes_to_the_second(world: World) -> None:
    context = entered(world)
    assert proof(world, context, "") == "ProofRefused"
    assert proof(world, context, PASSWORD) == "proven"

    world.wait(timedelta(minutes=4, seconds=59))
    assert proof(world, context, "") == "proven"
    world.wait(timedelta(seconds=1))
    assert proof(world, context, "") == "ProofRefused"


def test_guesses_are_slowed_down_and_recorded(world: World) -> None:
    context = entered(world)

    refusals = [proof(world, context, "ce n'est pas le bon") for _ in range(6)]

    assert refusals == ["ProofRefused"] * 5 + ["StaffSlowedDown"]
    assert [event["event"] for event in world.events()] == ["staff_proof_refused"] * 5


def test_a_stranger_who_keeps_guessing_keeps_no_known_browser_from_proving(world: World) -> None:
    context = entered(world)
    browser = world.device(device_scope(SECRETARY), use="staff-devices")
    for _ in range(6):
        proof(world, context, "ce n'est pas le bon")

    assert proof(world, context, PASSWORD, browser) == "proven"


def test_a_proof_of_one_session_is_none_of_another(world: World) -> None:
    context, second = entered(world), entered(world)
    proof(world, context, PASSWORD)

    with pytest.raises((ProofRefused, SlowedDown)):
        prove_again(world.visit(), second, "")


def test_a_form_opened_within_a_proof_is_accepted_until_ten_minutes_after_it(world: World) -> None:
    context, second = entered(world), entered(world)
    for session in (context, second):
        proof(world, session, PASSWORD)

    def seal(former: str = "", page: str = "a file", session: StaffContext = context) -> str:
        return form_proof(world.visit(session.token), enter(world.visit(session.token)).session, page, former)

    world.wait(timedelta(minutes=4, seconds=59))
    form = seal()
    world.wait(timedelta(minutes=4, seconds=59))  # the last second: 9 minutes 58
    seals = {
        "as it was opened": seal(form),
        "shown again": seal(seal(form)),
        "without a seal": seal(),
        "of another file": seal(form, "another file"),
        "in another session": seal(form, session=second),
        "changed": seal(form[:-2]),
        "of another seal": seal(form + "A" * 40),
    }
    assert {name for name, text in seals.items() if text} == {"as it was opened", "shown again"}
    world.wait(timedelta(seconds=2))
    assert seal(form) == "", "too late"
    assert proof(world, context, PASSWORD) == "proven"
    world.wait(timedelta(minutes=6))
    assert seal(form) == "", "of a former proof"
