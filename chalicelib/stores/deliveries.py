"""Mails of which each leaves once: claimed before it is sent, in the table of teaching; TTL forgets them.

A claim that was never confirmed is taken over after a while: the worker that had it died, and told twice is better than
not at all. Two workers at once, or a job that is delivered again, find the claim and send nothing.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.refusals import WriteConflict
from chalicelib.stores.dynamo import Database
from chalicelib.stores.values import moment

CLAIMED_FOR: Final = timedelta(minutes=5)  # longer than a consumer's own time
_KEPT: Final = timedelta(days=60)
_PREFIX: Final = "mailed#"


class AlreadyMailed(Exception):
    """This mail has left."""


class BeingMailed(Exception):
    """Another worker has it: look again later."""


class Deliveries:
    """Claims a mail, confirms that it left, or gives it back. `about`: what tells it from any other, of a site."""

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
        """Note that it left."""
        key = _key(site, about)
        states = {"sent": "sent", "sending": "sending"}
        self._database.update(self._table, key, "SET #state = :sent", "#state = :sending", **states)

    def release(self, site: str, *about: str) -> None:
        """Give it back: it surely did not leave, and is tried again."""
        self._database.update(self._table, _key(site, about), "REMOVE #state", "#state = :sending", sending="sending")


def _key(site: str, about: tuple[str, ...]) -> dict[str, str]:
    return {"site": site, "identifier": _PREFIX + hashlib.sha256("\0".join(about).encode()).hexdigest()[:32]}
