"""Items as earlier versions wrote them, and as a later one might: `tests/data/items` has one file per shape and table.

A file's name begins with the number and the name of the commit whose stores wrote it. A table without a file for a
version is the same as in its last file before.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.support.world import World
from tools.local.aws import TABLES

FOLDER: Final = Path(__file__).parents[1] / "data" / "items"
TOKEN: Final = "evry-xenakis.the-token-of-the-replay"
LATER: Final = "of_a_later_version"
# A later version may write attributes of any kind, at any depth.
LATER_VALUE: Final = {"M": {"set": {"SS": ["a", "b"]}, "half": {"N": "1.5"}, "null": {"NULL": True}, "text": {"S": ""}}}
# Maps whose keys are no attribute names: a later version adds attributes to their values.
_BY_NAME: Final = {
    (name,)
    for name in (
        *("mailed", "letters", "failing", "imported", "notices", "pupils", "receipts", "receipt_marks", "texts"),
        *("announced", "cancelled", "changes", "lessons", "marks", "passkeys", "links", "standings"),
    )
} | {("sent", "first_persons")}

Typed = dict[str, Any]


def versions() -> list[str]:
    """List the versions, oldest first."""
    return sorted({path.name.rpartition("-")[0] for path in FOLDER.iterdir()}, key=_number)


def _number(name: str) -> int:
    """Read the commit's number in the name of a file or version."""
    return int(name.partition("-")[0])


def items_of(version: str) -> dict[str, Typed]:
    """Read the item of each table of this network after a version wrote its own."""
    earlier = [path for path in FOLDER.iterdir() if _number(path.name) <= _number(version)]
    files = sorted(earlier, key=lambda path: _number(path.name))
    contents = (json.loads(path.read_text()) for path in files)
    return {file["table"]: file["item"] for file in contents if file["table"].capitalize() in TABLES}


def put(world: World, table: str, item: Typed) -> None:
    """Put an item unchanged into a table."""
    world.aws.client("dynamodb").put_item(TableName=_table(world, table), Item=item)


def stored(world: World, table: str, item: Typed) -> Typed:
    """Read the stored item."""
    key = {name: item[name] for name in ("site", "identifier")}
    current: Typed = world.aws.client("dynamodb").get_item(TableName=_table(world, table), Key=key)["Item"]
    return current


def _table(world: World, table: str) -> str:
    return world.resources.table(table.capitalize())


def with_later(value: Typed, path: tuple[str, ...] = ()) -> Typed:
    """Add attributes of a later version to each map of an item."""
    ((kind, content),) = value.items()
    if kind == "L":
        return {"L": [with_later(element, (*path, "")) for element in content]}
    if kind != "M":
        return value
    within = {name: with_later(part, (*path, name)) for name, part in content.items()}
    return {"M": within if (path in _BY_NAME or path[:-1] == ("notices",)) else within | {LATER: LATER_VALUE}}


def places_of_later(value: Typed, path: str = "") -> Iterator[str]:
    """List the maps with attributes of a later version, as put there."""
    ((kind, content),) = value.items()
    if kind == "L":
        for place, element in enumerate(content):
            yield from places_of_later(element, f"{path}/{place}")
    elif kind == "M":
        if content.get(LATER) == LATER_VALUE:
            yield path
        for name, part in content.items():
            if name != LATER:
                yield from places_of_later(part, f"{path}/{name}")
