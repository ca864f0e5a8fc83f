"""The billing table: one item has all invoices and payments of a family, and is changed by one conditional write."""

from dataclasses import replace

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Key
from chalicelib.infra.dynamo.store import DefaultStore
from chalicelib.values import version_of
from chalicelib.wings.billing.domain.bills import Bills


class Billing(DefaultStore[AccountRef, Bills]):
    """Finds the bills of a family and changes them, without overwriting concurrent changes.

    Each write changes the stamp, so that invoices need not be compared.
    """

    logical_name = "Billing"
    codec = Codec(Bills, "ref")
    facts = frozenset({"stamp"})
    information = frozenset({"invoices"})

    def key(self, ref: AccountRef) -> Key:
        """Build the key of a family's bills."""
        return {"site": ref.site, "identifier": ref.identifier}

    def key_fields(self, key: Key) -> tuple[AccountRef]:
        """Parse the key of a family's bills."""
        return (AccountRef(key["site"], key["identifier"]),)

    def change(self, before: Bills | None, after: Bills) -> Bills:
        """Write if unchanged since read, or raise `WriteConflict`. The new stamp is of the bills and of the former."""
        if before and after.invoices == before.invoices:
            return after
        return super().change(before, replace(after, stamp=version_of(after)))
