"""A change of an item: one conditional write on the facts as read, which recognises its own retry."""

from typing import Any

import pytest

from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Lookup, Put
from tests.support.world import World

KEY = {"site": "evry-xenakis", "identifier": "xen1"}
HELD = {**KEY, "colour": "green", "size": 3}


def stand(world: World, item: dict[str, Any]) -> None:
    world.database.write_together(Put(world.resources.office_table, item))


def read(world: World) -> dict[str, Any] | None:
    return world.database.read(Lookup(world.resources.office_table, KEY, lambda item: dict(item) if item else None))


def write(world: World, change: Change) -> None:
    change.write(world.database, world.resources.office_table)


def test_what_differs_is_written_and_what_is_none_is_taken_away(world: World) -> None:
    stand(world, HELD)

    write(world, Change(HELD, {**HELD, "colour": "red", "size": None, "name": "new"}))

    assert read(world) == {**KEY, "colour": "red", "name": "new"}


def test_an_item_that_is_not_there_is_made_and_not_over_another(world: World) -> None:
    write(world, Change({}, HELD))
    assert read(world) == HELD

    with pytest.raises(WriteConflict):
        write(world, Change({}, {**KEY, "colour": "blue"}))


def test_nothing_that_differs_costs_no_call(world: World) -> None:
    world.aws.calls.clear()

    write(world, Change(HELD, dict(HELD)))

    assert world.aws.calls == []


@pytest.mark.parametrize(
    ("meanwhile", "facts", "information", "is_written"),
    [
        ({"colour": "blue"}, set(), set(), False),  # a changed attribute differs
        ({"size": 4}, set(), set(), True),  # an unrelated attribute differs
        ({"size": 4}, {"size"}, set(), False),  # a fact
        ({"colour": "blue"}, {"size"}, {"colour"}, True),  # information
        ({"colour": "red"}, {"size"}, set(), True),  # its own write
    ],
)
def test_a_write_stands_on_what_it_was_decided_on(
    world: World, meanwhile: dict[str, Any], facts: set[str], information: set[str], *, is_written: bool
) -> None:
    stand(world, HELD | meanwhile)
    change = Change(HELD, {**HELD, "colour": "red"}, frozenset(facts), frozenset(information))

    if is_written:
        write(world, change)
    else:
        with pytest.raises(WriteConflict):
            write(world, change)

    assert (read(world) or {})["colour"] == ("red" if is_written else (HELD | meanwhile)["colour"])
