"""A change of an item: one conditional write on the facts as read, which recognises its own retry."""

from typing import Any

import pytest

from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.change import Change, keep_unknown
from chalicelib.infra.dynamo.database import Lookup, Put
from chalicelib.infra.dynamo.values import Foreign, decode, encode
from tests.support.world import World

LATER = {"later": [Foreign("SS", ["a", "b"])]}
AIMEE = {"name": "Aimée", "email": "a@example.org"}
COME = {"name": "Côme"}


def kept(value: Any, before: Any, after: Any, *former: str) -> Any:
    """Write an item whose value is the attribute « v »."""
    return keep_unknown({"v": value}, {"v": before}, {"v": after}, frozenset(former))["v"]


@pytest.mark.parametrize(
    ("value", "before", "after", "item"),
    [
        pytest.param({"a": 1} | LATER, {"a": 1}, {"a": 2}, {"a": 2} | LATER, id="a map that changes"),
        pytest.param({"m": {"a": 1} | LATER}, {"m": {"a": 1}}, {"m": {"a": 2}}, {"m": {"a": 2} | LATER}, id="deeper"),
        pytest.param({"a": 1, "b": 2}, {"a": 1, "b": 2}, {"a": 1}, {"a": 1}, id="an attribute that goes"),
        pytest.param(
            {"a": "of later"}, {"a": "known"}, {"a": "known", "b": 1}, {"a": "of later", "b": 1}, id="a value"
        ),
        pytest.param([AIMEE | LATER, COME], [AIMEE, COME], [COME, AIMEE], [COME, AIMEE | LATER], id="another order"),
        pytest.param(
            [AIMEE | LATER], [AIMEE], [AIMEE | {"email": "b"}], [AIMEE | {"email": "b"} | LATER], id="one changed"
        ),
        pytest.param([AIMEE | LATER], [AIMEE], [COME], [COME], id="somebody else gets nothing"),
        pytest.param([AIMEE | LATER, COME], [AIMEE, COME], [COME], [COME], id="one gone"),
        pytest.param([COME, COME | LATER], [COME], [COME, AIMEE], [COME, AIMEE], id="two read as one"),
    ],
)
def test_it_stays_where_it_was(value: Any, before: Any, after: Any, item: Any) -> None:
    assert kept(value, before, after) == item


def test_a_name_that_is_written_no_more_goes() -> None:
    assert kept({"level": "1", "a": 1}, {"a": 1}, {"a": 2}, "level") == {"a": 2}


def test_what_is_moved_or_copied_takes_it_along() -> None:
    answers = {"stays": True}
    before = {"draft": answers}
    after = {"sent": {"answers": answers}, "receipts": {"R1": {"pupils": [{"answers": answers}]}}}

    value = kept({"draft": answers | LATER}, before, after)

    whole = answers | LATER
    assert value == {"sent": {"answers": whole}, "receipts": {"R1": {"pupils": [{"answers": whole}]}}}


def test_of_two_alike_none_gets_what_was_the_other_s() -> None:
    answers = {"stays": True}
    items = {"a": {"draft": answers | LATER}, "b": {"draft": answers}}
    before = {"a": {"draft": answers}, "b": {"draft": answers}}
    after = {"a": {"sent": answers}, "b": {"sent": answers}, "copy": answers}

    assert kept(items, before, after) == {"a": {"sent": answers | LATER}, "b": {"sent": answers}, "copy": answers}


@pytest.mark.parametrize(
    "value",
    [{"SS": ["a", "b"]}, {"NS": ["1", "2.5"]}, {"B": b"\x00"}, {"NULL": True}, {"N": "1.5"}, {"N": "-7"}, {"M": {}}],
)
def test_a_value_of_any_kind_goes_back_as_it_came(value: dict[str, Any]) -> None:
    assert encode(decode(value)) == value


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
