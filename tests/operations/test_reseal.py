"""Keys of authenticator applications after a rotation: repeated, stopped at any call or raced, none is lost."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.account.keys import KeyRing
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.members import Member
from chalicelib.flows.staff.login_code import open_key
from chalicelib.infra.dynamo.database import Database
from chalicelib.stores.staff import Members
from operations.deploy.keys import Keys, Version
from operations.deploy.reseal import seal_again
from tests.support import staff
from tests.support.aws import When
from tests.support.staff import KEY, SECRETARY, TEACHER
from tests.support.world import World

MADE = datetime(2026, 11, 29, 22, tzinfo=UTC)
KEYS = Keys("", "", versions=(Version.new(1, MADE),))
ROTATED = KEYS.with_new_version([1], MADE)


def use(world: World, keys: Keys) -> None:
    rings = {use: KeyRing.parse(keys.of_use(use)) for use in world.services.settings.keys}
    world.services = replace(world.services, settings=replace(world.services.settings, keys=rings))


@pytest.fixture
def members(world: World) -> Members:
    """Settle two members whose applications version 1 sealed."""
    use(world, KEYS)
    staff.member(world, SECRETARY)
    staff.member(world, TEACHER)
    return staff.stores(world).members


def opened(world: World, keys: Keys) -> list[tuple[str, int]]:
    """Open the key of each application under some keys, and read its last step."""
    use(world, keys)
    totps = [(email, staff.read_member(world, email).totp) for email in (SECRETARY, TEACHER)]
    return [(open_key(world.services, email, totp), totp.last_step) for email, totp in totps if totp]


def test_each_rotation_seals_them_under_the_newest_version_once(world: World, members: Members) -> None:
    output: list[str] = []
    newest = ROTATED.with_new_version([2], MADE)

    for keys in (ROTATED, newest):
        seal_again(members, keys, output.append)

    assert output == [f"  2 applications of members sealed under version {number} of the keys" for number in (2, 3)]
    assert opened(world, newest.retired()) == [(KEY, 0)] * 2
    world.aws.calls.clear()
    seal_again(members, newest, output.append)
    assert (world.aws.calls, len(output)) == (["Query"], 2)


def test_a_key_that_no_version_opens_is_told(members: Members) -> None:
    output: list[str] = []

    seal_again(members, replace(KEYS, versions=(Version.new(9, MADE),)), output.append)

    assert output == ["  2 applications of members that no key opens: these members need a reset"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("call", "spared"), [("Query", 0), ("UpdateItem", 0), ("UpdateItem", 1)])
def test_stopped_anywhere_it_is_ended_later(world: World, members: Members, call: str, spared: int, when: When) -> None:
    with world.aws.failing(call, when, skips=spared), suppress(Unavailable):
        seal_again(members, ROTATED, print)

    seal_again(members, ROTATED, print)

    assert opened(world, ROTATED.retired()) == [(KEY, 0)] * 2


def test_a_member_who_logs_in_at_the_same_moment_keeps_the_step_that_was_used(world: World, members: Members) -> None:
    class Late(Members):
        def all(self) -> Iterator[Member]:
            for member in super().all():
                self.revise(member.email, lambda now: replace(now, totp=now.totp and replace(now.totp, last_step=8)))
                yield member

    seal_again(Late(Database(world.aws.client("dynamodb")), world.resources.staff_table), ROTATED, print)

    assert members.find(SECRETARY)
    assert opened(world, ROTATED.retired()) == [(KEY, 8)] * 2
