"""The billing table: one item has all invoices and payments of a family, and is changed by one conditional write."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.billing.bills import Bills
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Delete, Lookup, Table
from chalicelib.infra.dynamo.revise import nothing, revise

# Each write changes the stamp, so that invoices need not be compared.
_FACTS: Final = frozenset({"stamp"})
_INFORMATION: Final = frozenset({"invoices"})


def key_of(ref: AccountRef) -> dict[str, str]:
    """Build the key of a family's bills."""
    return {"site": ref.site, "identifier": ref.identifier}


class Billing(Table):
    """Finds the bills of a family and changes them, without overwriting concurrent changes."""

    setting = "billing_table"
    codec = Codec(Bills, always={"invoices", "stamp"})

    def lookup(self, ref: AccountRef) -> Lookup[Bills]:
        """Look up a family's bills. Empty without an item."""
        return Lookup(self._table, key_of(ref), lambda item: self.codec.decode(item) if item else Bills())

    def find(self, ref: AccountRef) -> Bills:
        """Find a family's bills."""
        return self._database.read(self.lookup(ref))

    def all(self, site: str) -> Iterator[tuple[AccountRef, Bills]]:
        """Read the bills of a site's families, page by page."""
        for item in self._database.items_of(self._table, site):
            yield AccountRef(item["site"], item["identifier"]), self.codec.decode(item)

    def revise(self, ref: AccountRef, decide: Callable[[Bills], Bills], bills: Bills | None = None) -> Bills:
        """Change a family's bills, deciding again each time that another writer came first. Return the previous ones.

        `bills`: as read before. Raises `Unavailable`.
        """
        before, _ = revise(lambda: self.find(ref), partial(self._change, ref), decide, bills, nothing)
        return before

    def forget(self, ref: AccountRef) -> Delete:
        """Delete all bills of a family."""
        return Delete(self._table, key_of(ref))

    def _change(self, ref: AccountRef, before: Bills, after: Bills) -> Bills:
        """Write if unchanged since read, or raise `WriteConflict`. An SDK retry recognises its own stamp."""
        if after.invoices == before.invoices:
            return after
        result = replace(after, stamp=secrets.token_hex(8))
        old = key_of(ref) | (self.codec.encode(before) if before.stamp else {})
        new = key_of(ref) | self.codec.encode(result)
        item = Change(old, new, _FACTS, _INFORMATION, before.item).write(self._database, self._table)
        return replace(result, item=item)
