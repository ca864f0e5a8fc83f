"""A transaction replaces items that are as they were read, all or none."""

from collections.abc import Callable

import pytest

from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.infra.dynamo.database import Lookup, Put
from chalicelib.infra.dynamo.swap import Swap
from chalicelib.infra.dynamo.values import Item
from tests.support.aws import When, faults_of
from tests.support.world import World


def bird(name: str, **more: object) -> Item:
    return {"site": "s", "identifier": name, **more}


def key(name: str) -> dict[str, str]:
    return {"site": "s", "identifier": name}


def read(world: World, name: str) -> Item | None:
    return world.services.database.read(Lookup(world.resources.accounts_table, key(name), lambda item: item))


def move(world: World, absent: frozenset[str] = frozenset()) -> None:
    """Move « old », as two attributes, to « new »."""
    table, before = world.resources.accounts_table, bird("old", songs=["a", {"b": 2}], stamp="1")
    after = {**before, "identifier": "new"}
    world.services.database.swap(
        Swap(table, key("old"), before, None, absent), Swap(table, key("new"), None, after, absent)
    )


@pytest.fixture
def store(world: World) -> Callable[..., None]:
    return lambda *items: world.services.database.write_all(Put(world.resources.accounts_table, one) for one in items)


def test_items_move_whole(world: World, store: Callable[..., None]) -> None:
    store(bird("old", songs=["a", {"b": 2}], stamp="1"))

    move(world)

    assert (read(world, "old"), read(world, "new")) == (None, bird("new", songs=["a", {"b": 2}], stamp="1"))


@pytest.mark.parametrize(
    "items",
    [
        (),
        (bird("old", songs=["a"], stamp="1"),),
        (bird("old", songs=["a", {"b": 2}]),),
        (bird("old", songs=["a", {"b": 2}], stamp="1"), bird("new")),
        (bird("old", songs=["a", {"b": 2}], stamp="1", late="x"),),
    ],
)
def test_what_has_changed_since_it_was_read_moves_nothing(
    world: World, store: Callable[..., None], items: tuple[Item, ...]
) -> None:
    store(*items)

    with pytest.raises(WriteConflict):
        move(world, frozenset({"late", "stamp"}))

    assert (read(world, "old"), read(world, "new")) == (
        next((one for one in items if one["identifier"] == "old"), None),
        next((one for one in items if one["identifier"] == "new"), None),
    )


@pytest.mark.parametrize("call", ["UpdateItem", "PutItem", "DeleteItem"])
def test_a_write_beside_a_transaction_waits_for_it(world: World, store: Callable[..., None], call: str) -> None:
    database, table = world.services.database, world.resources.accounts_table
    acts = {
        "UpdateItem": lambda: database.update(
            table, key("old"), "SET #stamp = :stamp", "#stamp = :old", stamp="2", old="1"
        ),
        "PutItem": lambda: database.create(table, bird("new")),
        "DeleteItem": lambda: database.remove(table, key("old"), "#stamp = :old", old="1"),
    }
    store(bird("old", stamp="1"))
    error = (400, "TransactionConflictException")
    with world.aws.failing(call, "before", error=error), pytest.raises(Unavailable):
        acts[call]()
    with world.aws.failing(call, "before", times=4, error=error):
        acts[call]()

    with pytest.raises(WriteConflict):
        acts[call]()


@faults_of("TransactWriteItems")
def test_a_failed_transaction_is_unavailable_and_whole_or_nothing(
    world: World, store: Callable[..., None], call: str, when: When
) -> None:
    store(bird("old", songs=["a", {"b": 2}], stamp="1"))

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        move(world)

    assert (read(world, "old") is None, read(world, "new") is None) == (when == "after", when == "before")
