"""The summary of an item: one attribute, derived from the others, for the desk's lists (record 69).

It is written with every change of its sources, and is never authoritative: pages and decisions about a family use the
item itself.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database
from chalicelib.infra.dynamo.values import Item

SUMMARY: Final = "summary"
DERIVED: Final = frozenset({SUMMARY})


def compact(words: Sequence[Any]) -> str:
    """Serialise a summary for storage."""
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def refresh(database: Database, table: str, summary: Item, item: Item, sources: frozenset[str]) -> bool:
    """Write the summary of an item if it is out of date. Returns whether it was.

    Raises `WriteConflict` if one of its source attributes changed since it was read.
    """
    if item.get(SUMMARY) == summary.get(SUMMARY):
        return False
    before = {**summary, SUMMARY: item.get(SUMMARY)}
    Change(before, summary, sources, read=item, derived=DERIVED).write(database, table)
    return True
