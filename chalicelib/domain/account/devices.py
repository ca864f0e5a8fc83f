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

LIFETIME: Final = timedelta(days=395)  # families come once a year, and not on the same day; browsers keep 400
ACCOUNTS: Final = 8  # that one browser is known to: the last ones that logged in
_PART: Final = re.compile(r"([A-Za-z0-9_-]{12})\.([1-9]\d{9,10})\.((?:\d{1,3}\.)?[A-Za-z0-9_-]{24})", re.ASCII)
_BETWEEN: Final = "~"
_LONGEST: Final = 1000  # characters of the cookie


@frozen
class Device:
    """A browser as one account knows it: a random name, and when it last logged in."""

    name: str
    since: datetime

    def is_former(self, account: Account | None) -> bool:
        """Whether the password that it logged in with is no more: whoever used it may not be of the family now."""
        return account is None or account.password is None or self.since < account.password.changed_at


@frozen
class Devices:
    """Reads and writes the cookie that a browser sent, under the keys of a use. It opens nothing, and names no account.

    One part for each account that logged in, newest first: a name, a moment, and a signature of both and of the
    account. Whoever made a part up, or has one of another account, is a stranger.
    """

    keys: KeyRing = KeyRing(())
    cookie: str = field(default="", repr=False)

    def find(self, ref: AccountRef, now: datetime) -> Device | None:
        """Find the browser among those that this account knows; None for a stranger's."""
        for device, signature in self._parts(now):
            # Without a version: by a version of ours whose keys had none.
            versioned = signature if "." in signature else f"0.{signature}"
            if self.keys.verify(versioned, *_words(device, ref)):
                return device
        return None

    def remember(self, ref: AccountRef, now: datetime) -> str:
        """Make the cookie of a browser that just proved the account's password: the same name, known from now on."""
        own = self.find(ref, now)
        device = Device(own.name if own else secrets.token_urlsafe(9), now)
        others = [part for part in self._parts(now) if part[0] != own]
        parts = ((device, self.keys.sign(*_words(device, ref))), *others[: ACCOUNTS - 1])
        return _BETWEEN.join(
            f"{device.name}.{int(device.since.timestamp())}.{signature}" for device, signature in parts
        )

    def _parts(self, now: datetime) -> Iterator[tuple[Device, str]]:
        """Read the parts that are not too old, signed or not."""
        written = self.cookie.split(_BETWEEN)[:ACCOUNTS] if len(self.cookie) <= _LONGEST else ()
        for name, since, signature in (part.groups() for part in map(_PART.fullmatch, written) if part):
            if now - LIFETIME < (moment := datetime.fromtimestamp(int(since), UTC)) <= now + LIFETIME:
                yield Device(name, moment), signature


def _words(device: Device, ref: AccountRef) -> tuple[str, ...]:
    return ref.site, ref.identifier, device.name, str(int(device.since.timestamp()))
