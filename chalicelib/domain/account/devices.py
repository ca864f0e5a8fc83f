"""Devices: browsers that logged in before, each known to its account by a signed cookie (docs/decisions/0037)."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import field
from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.keys import KeyRing
from chalicelib.values import frozen

LIFETIME: Final = timedelta(days=395)  # families come once a year, give or take. Browsers keep 400 days
ACCOUNTS: Final = 8  # accounts that remember one browser: the last ones to log in from it
_PART: Final = re.compile(r"([A-Za-z0-9_-]{12})\.([1-9]\d{9,10})\.(\d{1,3}\.[A-Za-z0-9_-]{24})", re.ASCII)
_BETWEEN: Final = "~"
_LONGEST: Final = 1000  # characters of the cookie


@frozen
class Device:
    """A browser as one account knows it: a random name, and its last login."""

    name: str
    since: datetime

    def is_former(self, account: Account | None) -> bool:
        """Whether its last login used a password replaced since: its user may no longer belong to the family."""
        return account is None or account.password is None or self.since < account.password.changed_at


@frozen
class Devices:
    """Reads and writes a browser's cookie, under the keys of one use. The cookie opens nothing and names no account.

    It has one part for each account that logged in, newest first: a name, a time, and a signature over both and the
    account. A forged part, or one of another account, is ignored.
    """

    keys: KeyRing = KeyRing(())
    cookie: str = field(default="", repr=False)

    def find(self, ref: AccountRef, now: datetime) -> Device | None:
        """Find the browser if this account knows it. None for an unknown one."""
        for device, signature in self._parts(now):
            if self.keys.verify(signature, *_words(device, ref)):
                return device
        return None

    def remember(self, ref: AccountRef, now: datetime) -> str:
        """Make the cookie of a browser that just proved the account's password. A known browser keeps its name."""
        own_part = self.find(ref, now)
        device = Device(own_part.name if own_part else secrets.token_urlsafe(9), now)
        other_parts = [part for part in self._parts(now) if part[0] != own_part]
        parts = ((device, self.keys.sign(*_words(device, ref))), *other_parts[: ACCOUNTS - 1])
        return _BETWEEN.join(
            f"{device.name}.{int(device.since.timestamp())}.{signature}" for device, signature in parts
        )

    def _parts(self, now: datetime) -> Iterator[tuple[Device, str]]:
        """Parse the unexpired parts, signed or not."""
        parts = self.cookie.split(_BETWEEN)[:ACCOUNTS] if len(self.cookie) <= _LONGEST else ()
        for name, since, signature in (part.groups() for part in map(_PART.fullmatch, parts) if part):
            if now - LIFETIME < (moment := datetime.fromtimestamp(int(since), UTC)) <= now + LIFETIME:
                yield Device(name, moment), signature


def _words(device: Device, ref: AccountRef) -> tuple[str, ...]:
    return ref.site, ref.identifier, device.name, str(int(device.since.timestamp()))
