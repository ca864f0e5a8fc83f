"""The summary of an item: one attribute, derived from the others, of which the desk's lists are made (record 69).

It is written with whatever changes what it tells, and never read as the truth: what a page shows of a family, or
decides on, is the item itself.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from chalicelib.stores.changes import Change
from chalicelib.stores.dynamo import Database
from chalicelib.stores.values import Item

SUMMARY: Final = "summary"
DERIVED: Final = frozenset({SUMMARY})


def compact(words: Sequence[Any]) -> str:
    """Write a summary as the one text that is stored."""
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def refresh(database: Database, table: str, understood: Item, read: Item, told: frozenset[str]) -> bool:
    """Write the summary of an item as read, if it is another than that of what was understood; whether it was.

    Raises `WriteConflict` where one of the attributes that it tells is no longer what was read.
    """
    if read.get(SUMMARY) == understood.get(SUMMARY):
        return False
    before = {**understood, SUMMARY: read.get(SUMMARY)}
    Change(before, understood, told, read=read, derived=DERIVED).write(database, table)
    return True
