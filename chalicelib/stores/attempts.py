"""The attempts table: recent tries at an account, from a known browser, and from a client address."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.devices import Device
from chalicelib.domain.account.rate_limits import RateLimit
from chalicelib.domain.account.spellings import plain_spelling
from chalicelib.domain.refusals import SlowedDown, Unavailable, WriteConflict
from chalicelib.infra.dynamo.database import Delete, Key, Lookup, Table
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.infra.dynamo.values import Item, moment
from chalicelib.values import frozen

_BY_ADDRESS: Final = "@"  # no site has this code
_BY_DEVICE: Final = "@device/"  # nor this prefix
_END: Final = "\n"  # in no identifier


@frozen
class AttemptTimes:
    """The times of the tries on one key, as read."""

    key: Key
    times: tuple[datetime, ...] = ()

    @classmethod
    def on_account(cls, ref: AccountRef, device: Device | None = None) -> "AttemptTimes":
        """Make the key of the tries at an account's password, from strangers or from one known browser.

        The account need not exist. All spellings of an identifier are counted together (docs/decisions/0055).
        """
        identifier = plain_spelling(ref.identifier)
        if device is None:
            return cls({"site": ref.site, "identifier": identifier})
        return cls({"site": f"{_BY_DEVICE}{ref.site}", "identifier": f"{identifier}{_END}{device.name}"})

    def of_former_devices(self) -> "AttemptTimes":
        """Make the key shared by all browsers that knew the account before its password changed."""
        return AttemptTimes({**self.key, "identifier": self.key["identifier"].partition(_END)[0] + _END})

    @classmethod
    def from_address(cls, address: str) -> "AttemptTimes":
        """Make the key of a client address's failed logins."""
        return cls({"site": _BY_ADDRESS, "identifier": address})

    @classmethod
    def lost_from_address(cls, address: str) -> "AttemptTimes":
        """Make the key of a client address's requests for lost passwords."""
        return cls({"site": f"{_BY_ADDRESS}lost", "identifier": address})


class Attempts(Table):
    """Counts tries. The limit is a condition of the write, so that parallel tries cannot exceed it."""

    def lookup(self, tries: AttemptTimes) -> Lookup[AttemptTimes]:
        """Look up the times of some tries."""
        return Lookup(self._table, tries.key, lambda item: AttemptTimes(tries.key, _times(item)))

    def at(self, ref: AccountRef) -> tuple[AttemptTimes, ...]:
        """Read all tries at an account's password, from all sources, for the office."""
        strangers = self._database.read(self.lookup(AttemptTimes.on_account(ref)))
        return ((strangers,) if strangers.times else ()) + self.from_devices(ref)

    def deletions(self, ref: AccountRef) -> Iterator[Delete]:
        """Delete all tries at an account, from all sources."""
        yield self.clear(AttemptTimes.on_account(ref))
        yield from map(self.clear, self.from_devices(ref))

    def from_devices(self, ref: AccountRef) -> tuple[AttemptTimes, ...]:
        """Read the tries at an account from browsers that it knows or knew."""
        items = self._database.items_of(
            self._table, f"{_BY_DEVICE}{ref.site}", f"{plain_spelling(ref.identifier)}{_END}"
        )
        return tuple(
            AttemptTimes({"site": item["site"], "identifier": item["identifier"]}, _times(item)) for item in items
        )

    def at_site(self, site: str) -> Iterator[tuple[str, tuple[datetime, ...]]]:
        """List the tries at a site's passwords, from strangers and known browsers: each identifier with its tries.

        Identifiers are as counted, in their plain spelling, with or without an account.
        """
        for place in (site, f"{_BY_DEVICE}{site}"):
            for item in self._database.items_of(self._table, place):
                yield item["identifier"].partition(_END)[0], _times(item)

    def reserve(self, tries: AttemptTimes, limit: RateLimit, now: datetime) -> None:
        """Count one more try. `tries` may be stale or unread, since the write checks.

        Raises `SlowedDown`, `Unavailable`.
        """
        for _ in range(RACES):
            until = limit.waits_until(tries.times, now)
            if until is not None:
                raise SlowedDown(until)
            try:
                self._count(tries, limit, now)
            except WriteConflict as clash:
                tries = AttemptTimes(tries.key, _times(clash.item))
            else:
                return
        raise Unavailable("the tries keep changing")

    def clear(self, tries: AttemptTimes) -> Delete:
        """Delete the tries, after a successful login."""
        return Delete(self._table, tries.key)

    def _count(self, tries: AttemptTimes, limit: RateLimit, now: datetime) -> None:
        expires = now + limit.window
        if len(tries.times) < limit.free:
            # No wait is possible yet: append, so that legitimate concurrent tries do not conflict.
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
