"""URLs of calendars in the table of lessons, and the owner of each URL. TTL deletes both."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.teaching.calendars import LinkOwner, PupilCalendar
from chalicelib.domain.teaching.courses import PupilRef
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database, Lookup, Put
from chalicelib.infra.dynamo.revise import nothing, revise
from chalicelib.infra.dynamo.values import Item, moment_or_none

_PREFIX: Final = "calendar\t"  # followed by the family's identifier and the pupil's key
_LINKS: Final = "@link"  # no site has this prefix
_FACTS: Final = frozenset({"version"})


class Calendars:
    """Finds the calendar of a pupil and changes it, without overwriting concurrent changes."""

    def __init__(self, database: Database, table: str, pseudonyms: Pseudonyms) -> None:
        self._database = database
        self._table = table
        self._pseudonyms = pseudonyms

    def lookup(self, site: str, pupil: PupilRef) -> Lookup[PupilCalendar]:
        """Look up a pupil's calendar. Without a URL if there is no item."""
        return Lookup(self._table, _key(site, pupil), lambda item: _calendar(site, pupil, item))

    def find(self, site: str, pupil: PupilRef) -> PupilCalendar:
        """Find a pupil's calendar."""
        return self._database.read(self.lookup(site, pupil))

    def of_family(self, site: str, identifier: str) -> Iterator[PupilCalendar]:
        """List the calendars of a family's pupils (Query)."""
        yield from self._under(site, f"{_PREFIX}{identifier}\t")

    def all(self, site: str) -> Iterator[PupilCalendar]:
        """List the calendars of a site's pupils (Query)."""
        yield from self._under(site, _PREFIX)

    def _under(self, site: str, prefix: str) -> Iterator[PupilCalendar]:
        for item in self._database.items_of(self._table, site, prefix):
            yield _calendar(site, PupilRef.parse(item["identifier"].removeprefix(_PREFIX)), item)

    def revise(
        self, site: str, pupil: PupilRef, decide: Callable[[PupilCalendar], PupilCalendar]
    ) -> tuple[PupilCalendar, PupilCalendar]:
        """Change a pupil's calendar, deciding again each time that another writer came first. Return both states."""
        return revise(lambda: self.find(site, pupil), self._change, decide, None, nothing)

    def find_owner(self, name: str) -> LinkOwner | None:
        """Find the owner of a calendar by its name in a URL."""
        return self._database.read(Lookup(self._table, link_key(name), _owner))

    def put_owner(self, name: str, owner: LinkOwner, expires: datetime | None) -> Put:
        """Store the owner of a calendar."""
        facts = {"of": list(owner.words), "nonce": owner.nonce or None, "expires": expires}
        return Put(self._table, link_key(name) | facts)

    def _change(self, before: PupilCalendar, after: PupilCalendar) -> PupilCalendar:
        """Write a calendar after its owner item, so that a URL in use always has both."""
        if after.nonce != before.nonce and after.nonce:
            name, owner = after.name(self._pseudonyms), [after.site, after.pupil.identifier, after.pupil.key]
            # The families' function may only update here.
            change, condition = "SET #of = :of, #expires = :expires", "attribute_not_exists(#of) OR #of = :of"
            self._database.update(self._table, link_key(name), change, condition, of=owner, expires=after.expires_at)
            after = replace(after, links=tuple(dict.fromkeys((*after.links, name))))
        Change(item_of(before), item_of(after), _FACTS, read=before.item).write(self._database, self._table)
        return after


def _key(site: str, pupil: PupilRef) -> dict[str, str]:
    return {"site": site, "identifier": f"{_PREFIX}{pupil.name}"}


def link_key(name: str) -> dict[str, str]:
    """Build the key of a calendar's owner item."""
    return {"site": _LINKS, "identifier": name}


def item_of(calendar: PupilCalendar) -> dict[str, Any]:
    """Encode a pupil's calendar. The item expires like its last URL, revoked or not."""
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
    return LinkOwner(tuple(item.get("of", ())), item.get("nonce", "")) if item else None
