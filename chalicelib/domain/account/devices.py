"""Devices: browsers that logged in before, each known to its account by a signed cookie (docs/decisions/0037)."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.values import frozen

LIFETIME: Final = timedelta(days=395)  # families come once a year, and not on the same day; browsers keep 400
ACCOUNTS: Final = 8  # that one browser is known to: the last ones that logged in
_PART: Final = re.compile(r"([A-Za-z0-9_-]{12})\.([1-9]\d{9,10})\.([A-Za-z0-9_-]{24})", re.ASCII)
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


class Devices:
    """Reads and writes the cookie, under a key of the deployment. It holds no identifier, and opens nothing.

    One part for each account that logged in, newest first: a name, a moment, and a signature of both and of the
    account. Whoever made a part up, or has one of another account, is a stranger.
    """

    def __init__(self, key: str) -> None:
        self._key = hmac.new(key.encode(), b"devices", hashlib.sha256).digest()

    def find(self, cookie: str, ref: AccountRef, now: datetime) -> Device | None:
        """Find the browser among those that this account knows; None for a stranger's."""
        for device, signature in _parts(cookie, now):
            if hmac.compare_digest(signature, self._signature(device, ref)):
                return device
        return None

    def remember(self, cookie: str, ref: AccountRef, now: datetime) -> str:
        """Make the cookie of a browser that just proved the account's password: the same name, known from now on."""
        own = self.find(cookie, ref, now)
        device = Device(own.name if own else secrets.token_urlsafe(9), now)
        others = [part for part in _parts(cookie, now) if part[0] != own]
        parts = ((device, self._signature(device, ref)), *others[: ACCOUNTS - 1])
        return _BETWEEN.join(
            f"{device.name}.{int(device.since.timestamp())}.{signature}" for device, signature in parts
        )

    def _signature(self, device: Device, ref: AccountRef) -> str:
        message = "\0".join((ref.site, ref.identifier, device.name, str(int(device.since.timestamp()))))
        return base64.urlsafe_b64encode(hmac.new(self._key, message.encode(), hashlib.sha256).digest()[:18]).decode()


def _parts(cookie: str, now: datetime) -> Iterator[tuple[Device, str]]:
    """Read the parts that are not too old, signed or not."""
    found = map(_PART.fullmatch, cookie.split(_BETWEEN)[:ACCOUNTS] if len(cookie) <= _LONGEST else ())
    for name, since, signature in (part.groups() for part in found if part):
        if now - LIFETIME < (moment := datetime.fromtimestamp(int(since), UTC)) <= now + LIFETIME:
            yield Device(name, moment), signature
