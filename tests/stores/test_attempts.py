"""The attempts table: tries are counted conditionally, so that no race exceeds the limit or loses a try."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib import wiring
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT, LOGIN_OF_ADDRESS, RateLimit
from chalicelib.domain.refusals import SlowedDown, Unavailable
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
    """Try as login does, from the tries read just before."""
    return passes(world.services.attempts, tries or read(world), world.now)


def spend_the_free_tries(world: World) -> None:
    for _ in range(5):
        assert try_now(world)


def expires(world: World, tries: AttemptTimes) -> object:
    """Read the attribute by which DynamoDB deletes: a number of seconds."""
    lookup = Lookup(world.resources.attempts_table, tries.key, lambda item: item and item["expires"])
    return world.database.read(lookup)


def test_nobody_tried_yet(world: World) -> None:
    assert read(world) == MINE
    assert read(world).times == ()


def test_each_try_is_counted_with_its_moment(world: World) -> None:
    moments = []
    for _ in range(3):
        moments.append(world.wait(MINUTE))
        try_now(world)

    assert read(world).times == tuple(moments)


def test_after_five_tries_one_is_told_until_when_and_is_not_counted(world: World) -> None:
    spend_the_free_tries(world)

    with pytest.raises(SlowedDown) as slowed:
        world.services.attempts.reserve(read(world), LOGIN_OF_ACCOUNT, world.now)

    assert slowed.value.until == world.now + MINUTE
    assert len(read(world).times) == 5


def test_the_window_slides(world: World) -> None:
    spend_the_free_tries(world)
    world.wait(DAY)

    assert [try_now(world) for _ in range(6)] == [True] * 5 + [False]
    assert read(world).times == (world.now,) * 5


def test_25_in_a_day_and_the_item_grows_no_further(world: World) -> None:
    counted = 0
    for _ in range(110):  # quarters of an hour: one day and 14 of them
        counted += try_now(world)
        world.wait(15 * MINUTE)

    assert counted == 25 + 14
    assert len(read(world).times) == 25


def test_a_success_clears_the_tries_of_its_account_only(world: World) -> None:
    other = AttemptTimes.on_account(AccountRef("evry-magnard", "xen1"))
    spend_the_free_tries(world)
    try_now(world, other)

    world.database.write_together(world.services.attempts.clear(MINE))

    assert read(world).times == ()
    assert read(world, other).times == (world.now,)
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
    passed = [try_now(world, kind) for kind in kinds]

    assert passed == [False] + [True] * 5
    assert [len(read(world, kind).times) for kind in kinds] == [5, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("tries", "limit", "window"),
    [(MINE, LOGIN_OF_ACCOUNT, DAY), (AttemptTimes.from_address("192.0.2.7"), LOGIN_OF_ADDRESS, 10 * MINUTE)],
    ids=["of an account", "of an address"],
)
def test_dynamodb_may_delete_the_tries_once_none_counts(
    world: World, tries: AttemptTimes, limit: RateLimit, window: timedelta
) -> None:
    for _ in range(6):
        passes(world.services.attempts, tries, world.wait(MINUTE), limit)

        assert expires(world, tries) == int((world.now + window).timestamp())


def test_the_table_deletes_by_that_attribute(world: World) -> None:
    client = world.aws.client("dynamodb")

    ttl = client.describe_time_to_live(TableName=world.resources.attempts_table)["TimeToLiveDescription"]

    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}


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


@pytest.mark.parametrize("stale", STALE.values(), ids=STALE.keys())
def test_a_stale_reading_loses_no_try(world: World, stale: Callable[[World], AttemptTimes]) -> None:
    spend_the_free_tries(world)
    before = read(world).times
    world.wait(MINUTE)

    assert try_now(world, stale(world))

    assert read(world).times == (*before, world.now)


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
        passed = list(pool.map(lambda _: try_now(world, MINE), range(50)))

    assert sum(passed) == 5
    assert read(world).times == (world.now,) * 5


def test_fifty_at_once_after_the_wait_are_one(world: World) -> None:
    spend_the_free_tries(world)
    world.wait(MINUTE)
    seen = read(world)

    with ThreadPoolExecutor(50) as pool:
        passed = list(pool.map(lambda _: try_now(world, seen), range(50)))

    assert sum(passed) == 1
    assert len(read(world).times) == 6


def test_blind_tries_at_once_are_all_counted(world: World) -> None:
    crowd = AttemptTimes.from_address("192.0.2.7")

    with ThreadPoolExecutor(25) as pool:
        passed = list(
            pool.map(lambda _: passes(world.services.attempts, crowd, world.now, LOGIN_OF_ADDRESS), range(60))
        )

    assert passed == [True] * 60
    assert read(world, crowd).times == (world.now,) * 60


ONE_OF_TWO_LAMBDAS = """
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from chalicelib import wiring
from tests.support.attempts import MINE, passes
from tests.support.world import OPENING_MORNING

attempts = wiring.build(pickle.loads(bytes.fromhex(sys.stdin.readline())), patience=20).attempts
print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(10) as pool:
    print(sum(pool.map(lambda _: passes(attempts, MINE, OPENING_MORNING), range(25))), flush=True)
"""


def tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin
    process.stdin.write(line + "\n")
    process.stdin.flush()


def hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_two_lambdas_at_once_never_pass_the_five_free_tries(world: World, settings: Settings) -> None:
    with ExitStack() as stack:
        lambdas = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", ONE_OF_TWO_LAMBDAS],
                    cwd=Path(__file__).parents[2],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(2)
        ]
        for each in lambdas:
            tell(each, pickle.dumps(settings).hex())
        assert [hear(each) for each in lambdas] == ["ready"] * 2
        for each in lambdas:
            tell(each, "go")
        passed = [int(hear(each)) for each in lambdas]

    assert sum(passed) == 5
    assert read(world).times == (world.now,) * 5


# Faults.


@pytest.mark.parametrize("spent", [0, 5], ids=["a free try", "a try after the wait"])
def test_a_try_that_is_overtaken_each_time_stops(world: World, spent: int) -> None:
    for _ in range(spent):
        try_now(world)
    world.wait(MINUTE)
    tries = read(world)
    world.aws.calls.clear()

    with world.aws.failing("UpdateItem", "before", error=OVERTAKEN), pytest.raises(Unavailable):
        try_now(world, tries)

    assert world.aws.calls == ["UpdateItem"] * RACES
    assert read(world) == tries


@pytest.mark.parametrize("spent", [0, 5], ids=["a free try", "a try after the wait"])
def test_a_try_that_could_not_be_counted_is_unavailable_and_not_counted(world: World, spent: int) -> None:
    for _ in range(spent):
        try_now(world)
    world.wait(MINUTE)
    tries = read(world)

    with world.aws.failing("UpdateItem", "before"), pytest.raises(Unavailable):
        try_now(world, tries)

    assert read(world) == tries


@pytest.mark.parametrize("spent", [0, 5], ids=["a free try", "a try after the wait"])
def test_a_try_whose_answer_is_lost_is_counted_all_the_same(world: World, settings: Settings, spent: int) -> None:
    for _ in range(spent):
        try_now(world)
    world.wait(MINUTE)
    patient = wiring.build(settings, calls=2, patience=20).attempts

    with world.aws.failing("UpdateItem", "after", times=1):
        passes(patient, read(world), world.now)

    assert read(world).times[spent:][:1] == (world.now,)


def test_tries_that_cannot_be_read_are_unavailable(world: World) -> None:
    with world.aws.failing("GetItem", "before"), pytest.raises(Unavailable):
        read(world)
