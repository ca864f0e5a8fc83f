"""Items as earlier versions wrote them, and as a later one might: `tests/data/items` has one file per shape and table.

A file is named after the number and the name of the commit whose stores wrote it; a table that it does not name stood
as the last file before it says.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.support.world import World

FOLDER: Final = Path(__file__).parents[1] / "data" / "items"
TOKEN: Final = "evry-xenakis.the-token-of-the-replay"
LATER: Final = "of_a_later_version"
# A later version may write of any kind, at any depth.
LATER_VALUE: Final = {"M": {"set": {"SS": ["a", "b"]}, "half": {"N": "1.5"}, "null": {"NULL": True}, "text": {"S": ""}}}
# Maps whose names are no attributes: a later version adds to what stands under them.
_BY_NAME: Final = {
    (name,)
    for name in ("mailed", "letters", "failing", "imported", "notices", "pupils", "receipts", "receipt_marks", "texts")
}

Typed = dict[str, Any]


def versions() -> list[str]:
    """List the versions, oldest first."""
    return sorted({path.name.rpartition("-")[0] for path in FOLDER.iterdir()})


def items_of(version: str) -> dict[str, Typed]:
    """Read what stood in each table when a version had written its own."""
    files = sorted(path for path in FOLDER.iterdir() if path.name.rpartition("-")[0] <= version)
    return {kept["table"]: kept["item"] for kept in (json.loads(path.read_text()) for path in files)}


def put(world: World, table: str, item: Typed) -> None:
    """Put an item as it is into a table."""
    world.aws.client("dynamodb").put_item(TableName=_table(world, table), Item=item)


def stored(world: World, table: str, item: Typed) -> Typed:
    """Read an item as it stands now."""
    key = {name: item[name] for name in ("site", "identifier")}
    found: Typed = world.aws.client("dynamodb").get_item(TableName=_table(world, table), Key=key)["Item"]
    return found


def _table(world: World, table: str) -> str:
    return str(getattr(world.resources, f"{table}_table"))


def with_later(value: Typed, path: tuple[str, ...] = ()) -> Typed:
    """Add to an item what a later version might, in each of its maps."""
    ((kind, content),) = value.items()
    if kind == "L":
        return {"L": [with_later(element, (*path, "")) for element in content]}
    if kind != "M":
        return value
    within = {name: with_later(part, (*path, name)) for name, part in content.items()}
    is_by_name = path in _BY_NAME or path[:-1] == ("notices",)
    return {"M": within if is_by_name else within | {LATER: LATER_VALUE}}


def places_of_later(value: Typed, path: str = "") -> Iterator[str]:
    """Name each map in which something of a later version stands, as it was put there."""
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
