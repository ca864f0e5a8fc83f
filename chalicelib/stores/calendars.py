"""Calendars' addresses in the table of lessons, and the owner of each address. TTL ends both."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.teaching.calendars import LinkOwner, PupilCalendar
from chalicelib.domain.teaching.courses import PupilRef
from chalicelib.stores.changes import Change
from chalicelib.stores.dynamo import Database, Lookup, Put
from chalicelib.stores.revising import nothing, revise
from chalicelib.stores.values import Item, moment_or_none

_PREFIX: Final = "calendar\t"  # then the family's identifier and the pupil's key
_LINKS: Final = "@link"  # no site has this sign
_FACTS: Final = frozenset({"version"})


class Calendars:
    """Finds the address of a pupil's calendar and changes it, never over somebody else's change."""

    def __init__(self, database: Database, table: str, pseudonyms: Pseudonyms) -> None:
        self._database = database
        self._table = table
        self._pseudonyms = pseudonyms

    def lookup(self, site: str, pupil: PupilRef) -> Lookup[PupilCalendar]:
        """Look up a pupil's; without an address where nothing is stored."""
        return Lookup(self._table, _key(site, pupil), lambda item: _calendar(site, pupil, item))

    def find(self, site: str, pupil: PupilRef) -> PupilCalendar:
        """Find a pupil's."""
        return self._database.read(self.lookup(site, pupil))

    def of_family(self, site: str, identifier: str) -> Iterator[PupilCalendar]:
        """List those of a family's pupils (Query)."""
        yield from self._under(site, f"{_PREFIX}{identifier}\t")

    def all(self, site: str) -> Iterator[PupilCalendar]:
        """List those of a site's pupils (Query)."""
        yield from self._under(site, _PREFIX)

    def _under(self, site: str, prefix: str) -> Iterator[PupilCalendar]:
        for item in self._database.items_of(self._table, site, prefix):
            yield _calendar(site, PupilRef.parse(item["identifier"].removeprefix(_PREFIX)), item)

    def revise(
        self, site: str, pupil: PupilRef, decide: Callable[[PupilCalendar], PupilCalendar]
    ) -> tuple[PupilCalendar, PupilCalendar]:
        """Change a pupil's, deciding anew each time that somebody came first; before and after."""
        return revise(lambda: self.find(site, pupil), self._change, decide, None, nothing)

    def find_owner(self, name: str) -> LinkOwner | None:
        """Find whose calendar it is that an address names."""
        return self._database.read(Lookup(self._table, link_key(name), _owner))

    def put_owner(self, name: str, owner: LinkOwner, expires: datetime | None) -> Put:
        """Store whose calendar it is."""
        facts = {"of": list(owner.words), "nonce": owner.nonce or None, "expires": expires}
        return Put(self._table, link_key(name) | facts)

    def _change(self, before: PupilCalendar, after: PupilCalendar) -> PupilCalendar:
        """Write a calendar, and first what leads to it: of an address that was given, neither lacks."""
        if after.nonce != before.nonce and after.nonce:
            name, owner = after.name(self._pseudonyms), [after.site, after.pupil.identifier, after.pupil.key]
            # An update is all that the families' function may write here.
            change, condition = "SET #of = :of, #expires = :expires", "attribute_not_exists(#of) OR #of = :of"
            self._database.update(self._table, link_key(name), change, condition, of=owner, expires=after.expires_at)
            after = replace(after, links=tuple(dict.fromkeys((*after.links, name))))
        Change(item_of(before), item_of(after), _FACTS, read=before.item).write(self._database, self._table)
        return after


def _key(site: str, pupil: PupilRef) -> dict[str, str]:
    return {"site": site, "identifier": f"{_PREFIX}{pupil.name}"}


def link_key(name: str) -> dict[str, str]:
    """Name the item that leads from an address to its calendar."""
    return {"site": _LINKS, "identifier": name}


def item_of(calendar: PupilCalendar) -> dict[str, Any]:
    """Build the item of a pupil's calendar; it is forgotten as its last address would be, taken away or not."""
    return _key(calendar.site, calendar.pupil) | {
        "nonce": calendar.nonce or None,
        "by": calendar.by or None,
        "at": calendar.at,
        "version": calendar.version or None,
        "links": list(calendar.links) or None,
        "expires": calendar.expires_at or moment_or_none(calendar.item.get("expires")),
    }


def _calendar(site: str, pupil: PupilRef, item: Item | None) -> PupilCalendar:
    if item is None:
        return PupilCalendar(site, pupil)
    return PupilCalendar(
        site,
        pupil,
        item.get("nonce", ""),
        item.get("by", ""),
        moment_or_none(item.get("at")),
        item.get("version", ""),
        tuple(item.get("links", ())),
        item,
    )


def _owner(item: Item | None) -> LinkOwner | None:
    return LinkOwner(tuple(item["of"]), item.get("nonce", "")) if item else None
