"""The addresses of pupils' calendars in the table of lessons: one item a pupil; TTL forgets it with the school year."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from chalicelib.domain.teaching.calendars import PupilCalendar
from chalicelib.domain.teaching.courses import PupilRef
from chalicelib.stores.changes import Change
from chalicelib.stores.dynamo import Database, Lookup
from chalicelib.stores.revising import nothing, revise
from chalicelib.stores.values import Item, moment_or_none

_PREFIX: Final = "calendar\t"  # then the family's identifier and the pupil's key
_FACTS: Final = frozenset({"version"})


class Calendars:
    """Finds the address of a pupil's calendar and changes it, never over somebody else's change."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, site: str, pupil: PupilRef) -> Lookup[PupilCalendar]:
        """Look up a pupil's; without an address where nothing is stored."""
        return Lookup(self._table, _key(site, pupil), lambda item: _calendar(site, pupil, item))

    def find(self, site: str, pupil: PupilRef) -> PupilCalendar:
        """Find a pupil's."""
        return self._database.read(self.lookup(site, pupil))

    def of_family(self, site: str, identifier: str) -> Iterator[PupilCalendar]:
        """List those of a family's pupils (Query)."""
        for item in self._database.items_of(self._table, site, f"{_PREFIX}{identifier}\t"):
            yield _calendar(site, PupilRef.parse(item["identifier"].removeprefix(_PREFIX)), item)

    def revise(
        self, site: str, pupil: PupilRef, decide: Callable[[PupilCalendar], PupilCalendar]
    ) -> tuple[PupilCalendar, PupilCalendar]:
        """Change a pupil's, deciding anew each time that somebody came first; before and after."""
        return revise(lambda: self.find(site, pupil), self._change, decide, None, nothing)

    def _change(self, before: PupilCalendar, after: PupilCalendar) -> PupilCalendar:
        Change(item_of(before), item_of(after), _FACTS, read=before.item).write(self._database, self._table)
        return after


def _key(site: str, pupil: PupilRef) -> dict[str, str]:
    return {"site": site, "identifier": f"{_PREFIX}{pupil.name}"}


def item_of(calendar: PupilCalendar) -> dict[str, Any]:
    """Build the item of a pupil's calendar; it is forgotten as its last address would be, taken away or not."""
    return _key(calendar.site, calendar.pupil) | {
        "nonce": calendar.nonce or None,
        "by": calendar.by or None,
        "at": calendar.at,
        "version": calendar.version or None,
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
        item,
    )
