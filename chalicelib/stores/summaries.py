"""The summary of an item: one attribute, derived from the others, of which the desk's lists are made (record 69).

It is written with whatever changes what it tells, and never read as the truth: what a page shows of a family, or
decides on, is the item itself.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar

from chalicelib.batches import batches
from chalicelib.stores.changes import Change
from chalicelib.stores.dynamo import READ_AT_ONCE, Database
from chalicelib.stores.values import Item

SUMMARY: Final = "summary"
DERIVED: Final = frozenset({SUMMARY})

A = TypeVar("A")


def compact(words: Sequence[Any]) -> str:
    """Write a summary as the one text that is stored."""
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def read_summaries(
    entries: Iterable[tuple[str, str | None]],
    parse: Callable[[str, Sequence[Any]], A],
    read_whole: Callable[[Sequence[str]], Iterable[tuple[str, Sequence[Any]]]],
) -> Iterator[A]:
    """Read the summaries of a site, by identifier, in no order; those of items that have none are made of the whole.

    So is one that another version wrote. `read_whole` summarises the items of at most a hundred identifiers.
    """
    unread = []
    for identifier, text in entries:
        try:
            yield parse(identifier, json.loads(text or "[]"))
        except (TypeError, ValueError):
            unread.append(identifier)
    for some in batches(unread, READ_AT_ONCE):
        for identifier, words in read_whole(some):
            yield parse(identifier, words)


def refresh(database: Database, table: str, understood: Item, read: Item, told: frozenset[str]) -> bool:
    """Write the summary of an item as read, if it is another than that of what was understood; whether it was.

    Raises `WriteConflict` where one of the attributes that it tells is no longer what was read.
    """
    if read.get(SUMMARY) == understood.get(SUMMARY):
        return False
    before = {**understood, SUMMARY: read.get(SUMMARY)}
    Change(before, understood, told, read=read, derived=DERIVED).write(database, table)
    return True
