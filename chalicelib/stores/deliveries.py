"""Mails to send once: each is claimed before it is sent, in the table of teaching. TTL deletes the claims.

An unconfirmed claim is taken over after a while: its worker died, and sending twice is better than not at all.
Concurrent workers and redelivered jobs find the claim and send nothing.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.database import Database
from chalicelib.infra.dynamo.values import moment

CLAIMED_FOR: Final = timedelta(minutes=5)  # longer than a consumer's maximal run
_KEPT: Final = timedelta(days=60)
_PREFIX: Final = "mailed#"


class AlreadyMailed(Exception):
    """This mail was sent."""


class BeingMailed(Exception):
    """Another worker is sending it: retry later."""


class Deliveries:
    """Claims a mail, confirms that it was sent, or releases it. `about`: its unique words at a site."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def claim(self, site: str, *about: str, now: datetime) -> None:
        """Claim a mail. Raises `AlreadyMailed` or `BeingMailed`."""
        try:
            self._database.update(
                self._table,
                _key(site, about),
                "SET #state = :sending, #at = :now, #expires = :expires",
                "attribute_not_exists(#state) OR (#state = :sending AND #at <= :stale)",
                sending="sending",
                now=now,
                stale=now - CLAIMED_FOR,
                expires=now + _KEPT,
            )
        except WriteConflict as lost:
            item = lost.item or {}
            if item.get("state") == "sending" and moment(item["at"]) > now - CLAIMED_FOR:
                raise BeingMailed from None
            raise AlreadyMailed from None

    def confirm(self, site: str, *about: str) -> None:
        """Record that it was sent."""
        key = _key(site, about)
        states = {"sent": "sent", "sending": "sending"}
        self._database.update(self._table, key, "SET #state = :sent", "#state = :sending", **states)

    def release(self, site: str, *about: str) -> None:
        """Release it: it was certainly not sent, and will be retried."""
        self._database.update(self._table, _key(site, about), "REMOVE #state", "#state = :sending", sending="sending")


def _key(site: str, about: tuple[str, ...]) -> dict[str, str]:
    return {"site": site, "identifier": _PREFIX + hashlib.sha256("\0".join(about).encode()).hexdigest()[:32]}
