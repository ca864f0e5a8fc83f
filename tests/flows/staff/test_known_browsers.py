"""Known browsers: which tries count for whom."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.flows.staff.known_browsers import door_of, own_tries, tries_at, tries_at_code
from tests.support.staff import SECRETARY, found, member
from tests.support.world import ROSSIGNOL, World


def test_a_browser_is_known_to_the_door_of_the_member_who_logged_in(world: World) -> None:
    made = member(world)
    known = world.new_client(devices=world.device(door_of(SECRETARY), use="staff-devices"), use="staff-devices")

    assert own_tries(world.new_client(), made, world.now) == (
        tries_at(SECRETARY),
        tries_at_code(SECRETARY),
    )
    own = own_tries(known, made, world.now)
    other = own_tries(known, replace(made, email="corneille@example.org"), world.now)
    assert own[0].key["identifier"].startswith(f"{SECRETARY}\n")
    assert other[0] == tries_at("corneille@example.org")


def test_a_family_s_browser_is_none_of_the_desk_s(world: World) -> None:
    client = world.new_client(devices=world.device(ROSSIGNOL), use="staff-devices")

    assert own_tries(client, member(world), world.now)[0] == tries_at(SECRETARY)


def test_a_browser_of_a_former_password_is_one_of_all_such(world: World) -> None:
    member(world)
    known = world.new_client(devices=world.device(door_of(SECRETARY), use="staff-devices"), use="staff-devices")
    world.wait(timedelta(days=1))
    changed = replace(found(world), password_changed_at=world.now)

    assert own_tries(known, changed, world.now)[0].key["identifier"] == f"{SECRETARY}\n"
