"""The table of payments: one item has all attempts of a family, and is changed by one conditional write."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Key
from chalicelib.infra.dynamo.store import DefaultStore
from chalicelib.infra.dynamo.summary import Summary
from chalicelib.infra.dynamo.values import Item
from chalicelib.values import version_of
from chalicelib.wings.payment.domain.attempts import KEPT, Payments
from chalicelib.wings.payment.domain.summaries import VERSION, summarise_payments


class PaymentStore(DefaultStore[AccountRef, Payments]):
    """Finds the attempts of a family and changes them: two at once cannot begin two attempts on a bill."""

    logical_name = "Payments"
    codec = Codec(Payments, "ref")
    facts = frozenset({"stamp"})
    information = frozenset({"attempts"})
    summary = Summary(summarise_payments, VERSION, information)

    def key(self, ref: AccountRef) -> Key:
        """Build the key of a family's attempts."""
        return {"site": ref.site, "identifier": ref.identifier}

    def key_fields(self, key: Key) -> tuple[AccountRef]:
        """Parse the key of a family's attempts."""
        return (AccountRef(key["site"], key["identifier"]),)

    def computed(self, value: Payments) -> Item:
        """Compute the expiry: ten years after the last attempt or end, and ten more while one awaits its end.

        So the index of summaries, which is in its order, has those that await after all others (decision 173).
        """
        last = max((attempt.ended_at or attempt.started_at for attempt in value.attempts), default=None)
        return {"expires": last + KEPT * (2 if value.payables else 1)} if last else {}

    def summary_texts(self, site: str, since: datetime) -> Iterator[tuple[str, str | None]]:
        """Read the stored summaries of families with an attempt or an end since a moment, or one that awaits it."""
        return self._database.summaries_until(self._table, site, since + KEPT)

    def change(self, before: Payments | None, after: Payments) -> Payments:
        """Write if unchanged since read, or raise `WriteConflict`. The new stamp is of the attempts and the former."""
        if before and after.attempts == before.attempts:
            return after
        return super().change(before, replace(after, stamp=version_of(after)))
