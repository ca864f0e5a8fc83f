"""The summary of an item: one attribute, derived from others, for the desk's lists (records 69 and 148).

It is never authoritative: pages and decisions about a family use the item itself.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from chalicelib.infra.dynamo.values import Item
from chalicelib.values import frozen

SUMMARY: Final = "summary"


@frozen
class Summary:
    """A list in JSON, its version first, made of the attributes that are its sources."""

    words: Callable[[Any], Sequence[Any]]
    version: int
    sources: frozenset[str]

    def attribute(self, value: Any, item: Item) -> Item:  # noqa: ANN401 - a value of any store
        """Summarise a value, encoded as `item`. An item without any source has none."""
        is_in = not self.sources.isdisjoint(item)
        return {SUMMARY: json.dumps(self.words(value), ensure_ascii=False, separators=(",", ":"))} if is_in else {}

    def is_due(self, before: Item, after: Item, stored_item: Item) -> bool:
        """Whether a change writes it: one of its sources changes, or another version wrote the stored one."""
        is_of_version = (stored_item.get(SUMMARY) or "").startswith((f"[{self.version},", f"[{self.version}]"))
        return not is_of_version or any(before.get(name) != after.get(name) for name in self.sources)
