"""The attempts table: tries are counted conditionally, so that no race exceeds the limit or loses a try."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT, LOGIN_OF_ADDRESS, RateLimit
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.settings.environment import Settings
from chalicelib.stores.attempts import AttemptTimes
from tests.support.attempts import MINE, passes
from tests.support.aws import OVERTAKEN
from tests.support.world import World

MINUTE = timedelta(minutes=1)
DAY = timedelta(hours=24)


def read(world: World, tries: AttemptTimes = MINE) -> AttemptTimes:
    return world.database.read(world.services.attempts.lookup(tries))


def try_now(world: World, tries: AttemptTimes | None = None) -> bool:
    """Count a try as a login does, from the tries that it has just read."""
    return passes(world.services.attempts, tries or read(world), world.now)


def spend_the_free_tries(world: World) -> None:
    for _ in range(5):
        assert try_now(world)


def expires(world: World, tries: AttemptTimes) -> object:
    """Read the attribute by which DynamoDB deletes: a number of seconds."""
    lookup = Lookup(world.resources.attempts_table, tries.key, lambda item: item and item["expires"])
    return world.database.read(lookup)


def test_a_success_clears_the_tries_of_its_account_only(world: World) -> None:
    attempts = AttemptTimes.on_account(AccountRef("evry-magnard", "xen1"))
    spend_the_free_tries(world)
    try_now(world, attempts)

    world.database.write_together(world.services.attempts.clear(MINE))

    assert read(world).times == ()
    assert read(world, attempts).times == (world.now,)
    assert try_now(world)


def test_accounts_and_addresses_are_counted_apart(world: World) -> None:
    kinds = [
        MINE,
        AttemptTimes.on_account(AccountRef("evry-magnard", "xen1")),
        AttemptTimes.on_account(AccountRef("evry-xenakis", "xen2")),
        AttemptTimes.from_address("192.0.2.7"),
        AttemptTimes.from_address("192.0.2.8"),
        AttemptTimes.lost_from_address("192.0.2.7"),
    ]

    spend_the_free_tries(world)
    assert [try_now(world, kind) for kind in kinds] == [False] + [True] * 5
    assert [len(read(world, kind).times) for kind in kinds] == [5, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("tries", "limit", "window"),
    [(MINE, LOGIN_OF_ACCOUNT, DAY), (AttemptTimes.from_address("192.0.2.7"), LOGIN_OF_ADDRESS, 10 * MINUTE)],
    ids=["of an account", "of an address"],
)
def test_tries_expire_once_none_counts(world: World, tries: AttemptTimes, limit: RateLimit, window: timedelta) -> None:
    for _ in range(6):
        passes(world.services.attempts, tries, world.wait(MINUTE), limit)

        assert expires(world, tries) == int((world.now + window).timestamp())


# Tries read before may be stale: the write checks.

STALE: dict[str, Callable[[World], AttemptTimes]] = {
    "not read at all": lambda _: MINE,
    "read before the last one": lambda world: AttemptTimes(MINE.key, (world.now,) * 4),
    "read in another life": lambda world: AttemptTimes(MINE.key, (world.now - DAY,) * 5),
}


@pytest.mark.parametrize("stale", STALE.values(), ids=STALE.keys())
def test_a_stale_reading_passes_no_limit(world: World, stale: Callable[[World], AttemptTimes]) -> None:
    spend_the_free_tries(world)

    assert not try_now(world, stale(world))
    assert read(world).times == (world.now,) * 5


def test_tries_that_dynamodb_deleted_meanwhile_are_counted_anew(world: World) -> None:
    spend_the_free_tries(world)
    stale = read(world)
    world.database.write_together(world.services.attempts.clear(MINE))
    world.wait(MINUTE)

    assert try_now(world, stale)

    assert read(world).times == (world.now,)


# Races.


def test_fifty_at_once_never_pass_the_five_free_tries(world: World) -> None:
    with ThreadPoolExecutor(50) as pool:
        results = list(pool.map(lambda _: try_now(world, MINE), range(50)))

    assert sum(results) == 5
    assert read(world).times == (world.now,) * 5


# Faults.


@pytest.mark.parametrize("count", [0, 5], ids=["a free try", "a try after the wait"])
def test_a_try_that_is_overtaken_each_time_stops(world: World, count: int) -> None:
    for _ in range(count):
        try_now(world)
    world.wait(MINUTE)
    tries = read(world)
    world.aws.calls.clear()

    with world.aws.failing("UpdateItem", "before", error=OVERTAKEN), pytest.raises(Unavailable):
        try_now(world, tries)

    assert world.aws.calls == ["UpdateItem"] * RACES
    assert read(world) == tries


@pytest.mark.parametrize("count", [0, 5], ids=["a free try", "a try after the wait"])
def test_a_try_that_could_not_be_counted_is_unavailable_and_not_counted(world: World, count: int) -> None:
    for _ in range(count):
        try_now(world)
    world.wait(MINUTE)
    tries = read(world)

    with world.aws.failing("UpdateItem", "before"), pytest.raises(Unavailable):
        try_now(world, tries)

    assert read(world) == tries


@pytest.mark.parametrize("count", [0, 5], ids=["a free try", "a try after the wait"])
def test_a_try_whose_answer_is_lost_is_counted_all_the_same(world: World, settings: Settings, count: int) -> None:
    for _ in range(count):
        try_now(world)
    world.wait(MINUTE)
    patient = wiring.build(settings, calls=2, patience=20).attempts

    with world.aws.failing("UpdateItem", "after", times=1):
        passes(patient, read(world), world.now)

    assert read(world).times[count:][:1] == (world.now,)
