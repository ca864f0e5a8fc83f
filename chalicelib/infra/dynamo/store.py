"""Stores: the values of one kind in a table, by a codec and a key."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, ClassVar, Generic, TypeVar, TypeVarTuple

from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Delete, Key, Lookup, Put, Table
from chalicelib.infra.dynamo.revise import Prepare, nothing, revise
from chalicelib.infra.dynamo.summary import SUMMARY, Summary
from chalicelib.infra.dynamo.values import Item
from chalicelib.values import Stored

Ref = TypeVarTuple("Ref")
R = TypeVar("R")
V = TypeVar("V")
S = TypeVar("S", bound=Stored)


class Items(Table, Generic[*Ref, V]):
    """Finds, stores and deletes values. A subclass declares the codec, the key, and the summary if there is one."""

    codec: ClassVar[Codec[Any]]
    summary: ClassVar[Summary | None] = None

    def key(self, *ref: *Ref) -> Key:
        """Build the key of a value."""
        raise NotImplementedError

    def key_of(self, value: V) -> Key:
        """Build the key of a value from its fields."""
        return self.key(*self.ref_of(value))

    def ref_of(self, value: V) -> tuple[*Ref]:
        """Return the parts of a value's key."""
        ref: Any = tuple(getattr(value, name) for name in self.codec.keys)
        return ref  # type: ignore[no-any-return] # of these types

    def key_fields(self, key: Key) -> tuple[Any, ...]:
        """Parse the fields in the key of an item."""
        return (key["identifier"],)

    def computed(self, _value: V) -> Item:
        """Compute further attributes, like the expiry. The codec's replace them."""
        return {}

    def encode_fields(self, value: V) -> Item:
        """Encode a value as an item without its summary."""
        return {**self.key_of(value), **self.computed(value), **self.codec.encode(value)}

    def encode(self, value: V) -> Item:
        """Encode a value as a whole item."""
        item = self.encode_fields(value)
        return {**item, **self.summary.attribute(value, item)} if self.summary else item

    def parse(self, item: Item) -> V:
        """Decode a whole item."""
        value: V = self.codec.decode(item, *self.key_fields(item))
        return value

    def parse_if_any(self, item: Item | None) -> V | None:
        """Decode a whole item, if there is one."""
        return None if item is None else self.parse(item)

    def lookup(self, *ref: *Ref) -> Lookup[V | None]:
        """Look up a value. None if there is none."""
        return Lookup(self._table, self.key(*ref), self.parse_if_any)

    def find(self, *ref: *Ref) -> V | None:
        """Find a value. None if there is none."""
        return self._database.read(self.lookup(*ref))

    def put(self, value: V) -> Put:
        """Store a value in its current state."""
        return Put(self._table, self.encode(value))

    def delete(self, *ref: *Ref) -> Delete:
        """Delete a value."""
        return Delete(self._table, self.key(*ref))

    def under(self, site: str, prefix: str = "") -> Iterator[V]:
        """List the values of a site whose identifier begins so, by identifier (Query)."""
        items = self._database.items_of(self._table, site, prefix)
        return (value for item in items if (value := self.parse_if_any(item)) is not None)

    def deletions_under(self, site: str, prefix: str) -> Iterator[Delete]:
        """List the deletions of a site's values whose identifier begins with a prefix."""
        for item in self._database.items_of(self._table, site, prefix):
            yield Delete(self._table, {name: item[name] for name in ("site", "identifier")})


class _ChangedItems(Items[*Ref, S]):
    """Changes values, without overwriting concurrent changes.

    Every change depends on `facts`, none on `information`. `former` attributes are read but no longer written.
    """

    facts: ClassVar[frozenset[str]] = frozenset()
    information: ClassVar[frozenset[str]] = frozenset()
    former: ClassVar[frozenset[str]] = frozenset()

    def change(self, before: S | None, after: S) -> S:
        """Write the differences if the facts are unchanged, or raise `WriteConflict`. Return the value as written."""
        item = self.difference(before, after).write(self._database, self._table)
        return after if after is before else replace(after, item=item)

    def difference(self, before: S | None, after: S) -> Change:
        """Compare a value before and after a change. Before the first, there is none."""
        if before is None:
            return Change(self.key_of(after), self.encode(after), self.facts)
        old, new = self.encode_fields(before), self.encode_fields(after)
        if self.summary and self.summary.is_due(old, new, before.item):
            old = {**old, SUMMARY: (before.item or self.encode(before)).get(SUMMARY)}
            new = {**new, **self.summary.attribute(after, new)}
        facts = self.facts | self.further_facts(before, after)
        return Change(old, new, facts, self.information, before.item, self.former)

    def write_summary(self, value: S) -> bool:
        """Write the summary of a value if it is out of date. Returns whether it was.

        Raises `WriteConflict` if one of its sources changed since the value was read, with a new summary.
        """
        new, text = self.encode(value), value.item.get(SUMMARY)
        if self.summary is None or text == new.get(SUMMARY):
            return False
        change = Change({**new, SUMMARY: text}, new, self.summary.sources, base=value.item)
        change.write(self._database, self._table)
        return True

    def further_facts(self, _before: S, _after: S) -> frozenset[str]:
        """List the attributes that only this change depends on."""
        return frozenset()


class Store(_ChangedItems[R, S]):
    """Finds values and changes those that exist."""

    def create(self, value: S) -> None:
        """Store a new value. Raises `WriteConflict` if there is one."""
        self._database.create(self._table, self.encode(value))

    def revise(
        self, ref: R, decide: Callable[[S], S], current: S | None = None, prepare: Prepare[S] = nothing
    ) -> tuple[S, S] | None:
        """Change a value, deciding again after each conflict. Return it before and after, or None if there is none.

        `current`: as read before. Raises `Unavailable`, and the errors of `decide` and `prepare`.
        """
        return revise(lambda: self.find(ref), self.change, decide, current, prepare)


class DefaultStore(_ChangedItems[*Ref, S]):
    """Finds values and changes them. One without an item is new."""

    def lookup(self, *ref: *Ref) -> Lookup[S]:
        """Look up a value, new without an item."""
        return Lookup(self._table, self.key(*ref), lambda item: self.new(*ref) if item is None else self.parse(item))

    def new(self, *ref: *Ref) -> S:
        """Make a value without an item."""
        value: S = self.codec.kind(*ref)
        return value

    def find(self, *ref: *Ref) -> S:
        """Find a value, new without an item."""
        return self._database.read(self.lookup(*ref))

    def revise(self, current: S, decide: Callable[[S], S], prepare: Prepare[S] = nothing) -> tuple[S, S]:
        """Change a value as just read, deciding again after each conflict. Return it before and after.

        Raises `Unavailable`, and the errors of `decide` and `prepare`.
        """
        return revise(lambda: self.find(*self.ref_of(current)), self.change, decide, current, prepare)

    def revise_at(self, *ref_and_decide: *tuple[*Ref, Callable[[S], S]], prepare: Prepare[S] = nothing) -> tuple[S, S]:
        """Read a value and change it, like `revise`."""
        ref: Any = ref_and_decide[:-1]
        return self.revise(self.find(*ref), ref_and_decide[-1], prepare)
