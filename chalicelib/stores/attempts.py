"""The attempts table: recent tries of one account, of a browser that it knows, and of one client address."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.devices import Device
from chalicelib.domain.account.rate_limits import RateLimit
from chalicelib.domain.account.spellings import plain_spelling
from chalicelib.domain.refusals import SlowedDown, Unavailable, WriteConflict
from chalicelib.stores.dynamo import Database, Delete, Key, Lookup
from chalicelib.stores.revising import RACES
from chalicelib.stores.values import Item, moment
from chalicelib.values import frozen

_BY_ADDRESS: Final = "@"  # no site has this code
_BY_DEVICE: Final = "@device/"  # nor begins so
_END: Final = "\n"  # no identifier has this character


@frozen
class Tries:
    """The moments of the tries on one key, as far as they were read."""

    key: Key
    times: tuple[datetime, ...] = ()

    @classmethod
    def on_account(cls, ref: AccountRef, device: Device | None = None) -> "Tries":
        """Name the tries at the password of an account, whether or not it exists, or of a browser that it knows.

        However an identifier is spelt, its tries are counted together (docs/decisions/0055).
        """
        counted = plain_spelling(ref.identifier)
        if device is None:
            return cls({"site": ref.site, "identifier": counted})
        return cls({"site": f"{_BY_DEVICE}{ref.site}", "identifier": f"{counted}{_END}{device.name}"})

    def of_former_devices(self) -> "Tries":
        """Name those of all browsers together that the account of these knew before its password changed."""
        return Tries({**self.key, "identifier": self.key["identifier"].partition(_END)[0] + _END})

    @classmethod
    def from_address(cls, address: str) -> "Tries":
        """Name the failed logins of a client address."""
        return cls({"site": _BY_ADDRESS, "identifier": address})

    @classmethod
    def lost_from_address(cls, address: str) -> "Tries":
        """Name the requests for a lost password of a client address."""
        return cls({"site": f"{_BY_ADDRESS}lost", "identifier": address})


class Attempts:
    """Counts tries; the write carries the limit, so parallel tries cannot pass it."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, tries: Tries) -> Lookup[Tries]:
        """Look up the moments of some tries."""
        return Lookup(self._table, tries.key, lambda item: Tries(tries.key, _times(item)))

    def at(self, ref: AccountRef) -> tuple[Tries, ...]:
        """Read all tries at the password of an account, from wherever they came: for the office."""
        strangers = self._database.read(self.lookup(Tries.on_account(ref)))
        return ((strangers,) if strangers.times else ()) + self.from_devices(ref)

    def deletions(self, ref: AccountRef) -> Iterator[Delete]:
        """Forget all tries at an account, wherever they came from."""
        yield self.clear(Tries.on_account(ref))
        yield from map(self.clear, self.from_devices(ref))

    def from_devices(self, ref: AccountRef) -> tuple[Tries, ...]:
        """Read the tries at an account from the browsers that it knows, or knew."""
        items = self._database.items_of(
            self._table, f"{_BY_DEVICE}{ref.site}", f"{plain_spelling(ref.identifier)}{_END}"
        )
        return tuple(Tries({"site": item["site"], "identifier": item["identifier"]}, _times(item)) for item in items)

    def at_site(self, site: str) -> Iterator[tuple[str, tuple[datetime, ...]]]:
        """Read all tries at the passwords of a site, of strangers and of browsers it knows: each identifier, its tries.

        As they are counted, however the identifier was spelt; whether or not there is such an account.
        """
        for place in (site, f"{_BY_DEVICE}{site}"):
            for item in self._database.items_of(self._table, place):
                yield item["identifier"].partition(_END)[0], _times(item)

    def reserve(self, tries: Tries, limit: RateLimit, now: datetime) -> None:
        """Count one more try. `tries` may be stale or unread, since the write checks.

        Raises `SlowedDown`, `Unavailable`.
        """
        for _ in range(RACES):
            until = limit.waits_until(tries.times, now)
            if until is not None:
                raise SlowedDown(until)
            try:
                self._count(tries, limit, now)
            except WriteConflict as lost:
                tries = Tries(tries.key, _times(lost.item))
            else:
                return
        raise Unavailable("the tries keep changing")

    def clear(self, tries: Tries) -> Delete:
        """Forget the tries: somebody proved to be the account's owner."""
        return Delete(self._table, tries.key)

    def _count(self, tries: Tries, limit: RateLimit, now: datetime) -> None:
        expires = now + limit.window
        if len(tries.times) < limit.free:
            # No wait is possible yet: append without a race between honest tries.
            self._database.update(
                self._table,
                tries.key,
                "SET #times = list_append(if_not_exists(#times, :none), :one), #expires = :expires",
                "attribute_not_exists(#times) OR size(#times) < :free",
                none=[],
                one=[now],
                free=limit.free,
                expires=expires,
            )
            return
        self._database.update(
            self._table,
            tries.key,
            "SET #times = :times, #expires = :expires",
            "#times = :seen",
            times=[*limit.recent(tries.times, now), now],
            seen=list(tries.times),
            expires=expires,
        )


def _times(item: Item | None) -> tuple[datetime, ...]:
    return tuple(map(moment, item["times"])) if item else ()
