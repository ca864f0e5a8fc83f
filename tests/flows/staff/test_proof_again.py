"""The password asked again: once in five minutes, and guesses as slow as at login."""

from datetime import timedelta

import pytest

from chalicelib.domain.refusals import FormRefusal, SlowedDown
from chalicelib.domain.staff.refusals import ProofRefused
from chalicelib.flows.staff.entry import StaffContext, enter
from chalicelib.flows.staff.login import device_scope
from chalicelib.flows.staff.proof_again import prove_again
from tests.support.staff import PASSWORD, SECRETARY, entered
from tests.support.world import World


def outcome(world: World, context: StaffContext, password: str, devices: str = "") -> str:
    fresh = enter(world.services, context.token, world.now)
    try:
        prove_again(world.services, fresh, password, world.new_client(devices=devices, use="staff-devices"), world.now)
    except FormRefusal as refusal:
        return type(refusal).__name__
    return "proven"


def test_a_proof_is_good_for_five_minutes_to_the_second(world: World) -> None:
    context = entered(world)
    assert outcome(world, context, "") == "ProofRefused"
    assert outcome(world, context, PASSWORD) == "proven"

    world.wait(timedelta(minutes=4, seconds=59))
    assert outcome(world, context, "") == "proven"
    world.wait(timedelta(seconds=1))
    assert outcome(world, context, "") == "ProofRefused"


def test_guesses_are_slowed_down_and_recorded(world: World) -> None:
    context = entered(world)

    refused = [outcome(world, context, "ce n'est pas le bon") for _ in range(6)]

    assert refused == ["ProofRefused"] * 5 + ["StaffSlowedDown"]
    assert [event["event"] for event in world.events()] == ["staff_proof_refused"] * 5


def test_a_stranger_who_keeps_guessing_keeps_no_known_browser_from_proving(world: World) -> None:
    context = entered(world)
    browser = world.device(device_scope(SECRETARY), use="staff-devices")
    for _ in range(6):
        outcome(world, context, "ce n'est pas le bon")

    assert outcome(world, context, PASSWORD, browser) == "proven"


def test_a_proof_of_one_session_is_none_of_another(world: World) -> None:
    context, other = entered(world), entered(world)
    outcome(world, context, PASSWORD)

    with pytest.raises((ProofRefused, SlowedDown)):
        prove_again(world.services, other, "", world.new_client(), world.now)
