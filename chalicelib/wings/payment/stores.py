"""The table of payments: one item has all attempts of a family, and is changed by one conditional write."""

from dataclasses import replace

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Key
from chalicelib.infra.dynamo.store import DefaultStore
from chalicelib.infra.dynamo.values import Item
from chalicelib.values import version_of
from chalicelib.wings.payment.domain.attempts import KEPT, Payments


class PaymentStore(DefaultStore[AccountRef, Payments]):
    """Finds the attempts of a family and changes them: two at once cannot begin two attempts on a bill."""

    logical_name = "Payments"
    codec = Codec(Payments, "ref")
    facts = frozenset({"stamp"})
    information = frozenset({"attempts"})

    def key(self, ref: AccountRef) -> Key:
        """Build the key of a family's attempts."""
        return {"site": ref.site, "identifier": ref.identifier}

    def key_fields(self, key: Key) -> tuple[AccountRef]:
        """Parse the key of a family's attempts."""
        return (AccountRef(key["site"], key["identifier"]),)

    def computed(self, value: Payments) -> Item:
        """Compute the expiry: ten years after the last attempt."""
        last = max((attempt.started_at for attempt in value.attempts), default=None)
        return {"expires": last + KEPT} if last else {}

    def change(self, before: Payments | None, after: Payments) -> Payments:
        """Write if unchanged since read, or raise `WriteConflict`. The new stamp is of the attempts and the former."""
        if before and after.attempts == before.attempts:
            return after
        return super().change(before, replace(after, stamp=version_of(after)))
