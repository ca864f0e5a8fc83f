"""The codec of a kind of values: defaults left out, absent attributes read, and declared exceptions."""

from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest

from chalicelib.infra.dynamo.codec import PAIRS, Codec, Shape, by_key
from chalicelib.infra.dynamo.values import decode, encode_item
from chalicelib.values import Stored, frozen

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)


@frozen
class Pen:
    """A nested value."""

    colour: str
    nib: int = 0


@frozen
class Desk(Stored):
    """One field of each type."""

    place: str
    name: str
    kind: Literal["oak", "pine"] = "oak"
    is_locked: bool = False
    made_on: date | None = None
    sold_at: datetime | None = None
    sizes: tuple[int, int] | None = None
    days: tuple[date, ...] = ()
    words: frozenset[str] = frozenset()
    pens: tuple[Pen, ...] = ()
    best: Pen | None = None
    prices: Mapping[date, Pen] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


WHOLE = Desk(
    *("evry", "desk", "pine"),
    is_locked=True,
    made_on=date(2026, 1, 2),
    sold_at=NOON,
    sizes=(1, 2),
    days=(date(2026, 1, 3),),
    words=frozenset({"b", "a"}),
    pens=(Pen("red"), Pen("blue", 2)),
    best=Pen("green"),
    prices={date(2026, 1, 4): Pen("black")},
    notes={"a": "b"},
)
DESKS = Codec(Desk, "place")


def read(codec: Codec[Any], item: Mapping[str, Any], *keys: Any) -> Any:
    return codec.decode(decode({"M": encode_item(item)}), *keys)


def test_each_field_is_an_attribute_and_reads_back() -> None:
    item = DESKS.encode(WHOLE)

    assert item == {
        "name": "desk",
        "kind": "pine",
        "is_locked": True,
        "made_on": "2026-01-02",
        "sold_at": NOON,
        "sizes": [1, 2],
        "days": ["2026-01-03"],
        "words": ["a", "b"],
        "pens": [{"colour": "red"}, {"colour": "blue", "nib": 2}],
        "best": {"colour": "green"},
        "prices": {"2026-01-04": {"colour": "black"}},
        "notes": {"a": "b"},
    }
    assert read(DESKS, item, "evry") == WHOLE


def test_a_default_is_left_out_and_an_absent_attribute_is_the_default() -> None:
    item = DESKS.encode(Desk("evry", "desk"))

    assert item == {"name": "desk"}
    desk = read(DESKS, {**item, "later": 1}, "evry")
    assert desk == Desk("evry", "desk")
    assert desk.item == {"name": "desk", "later": 1}


def test_a_needed_attribute_that_is_absent_is_an_error() -> None:
    with pytest.raises(KeyError, match="name"):
        DESKS.decode({}, "evry")


def test_exceptions_are_declared() -> None:
    codec = Codec(
        Desk,
        "place",
        names={"name": "called"},
        always={"is_locked"},
        absent={"name": "nameless"},
        flat={"best"},
        unstored={"kind"},
        shapes={date: Shape(date.toordinal, date.fromordinal), "notes": Shape(list, dict.fromkeys)},
    )

    assert codec.encode(WHOLE) == {
        "called": "desk",
        "is_locked": True,
        "made_on": date(2026, 1, 2).toordinal(),
        "sold_at": NOON,
        "sizes": [1, 2],
        "days": [date(2026, 1, 3).toordinal()],
        "words": ["a", "b"],
        "pens": [{"colour": "red"}, {"colour": "blue", "nib": 2}],
        "colour": "green",
        "prices": {date(2026, 1, 4).toordinal(): {"colour": "black"}},
        "notes": ["a"],
    }
    assert codec.encode(Desk("evry", "nameless")) == {"is_locked": False}
    assert codec.decode({"colour": "green"}, "evry") == Desk("evry", "nameless", best=Pen("green"))


def test_values_with_a_key_and_pairs_may_be_maps() -> None:
    pens, content = (Pen("red", 3), Pen("blue")), {"red": {"nib": 3}, "blue": {}}
    codec = Codec(Pen, "colour")

    assert by_key(codec).encode(pens) == content
    assert by_key(codec).decode(content) == pens
    assert by_key(codec, in_order=True).decode(content) == pens[::-1]
    assert PAIRS.decode(PAIRS.encode((("a", 1),))) == (("a", 1),)
