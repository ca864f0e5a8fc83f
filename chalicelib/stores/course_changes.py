"""Cancelled lessons in the table of lessons, read by families by course key: one item per course."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from chalicelib.domain.teaching.announcements import CourseChanges, LessonCancellation
from chalicelib.domain.teaching.school_years import name_of_year, year_ends_at
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.infra.dynamo.revise import Prepare, nothing, revise
from chalicelib.infra.dynamo.values import Item, moment

_PREFIX: Final = "course#"
_FACTS: Final = frozenset({"version"})


class CourseChangesStore:
    """Finds a course's cancellations and adds to them, without overwriting concurrent changes."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, site: str, course: str) -> Lookup[CourseChanges]:
        """Look up a course's cancellations, by its key. Empty without an item."""
        return Lookup(self._table, _key(site, course), lambda item: _changes(site, course, item))

    def find(self, site: str, course: str) -> CourseChanges:
        """Find a course's cancellations."""
        return self._database.read(self.lookup(site, course))

    def revise(
        self,
        site: str,
        course: str,
        decide: Callable[[CourseChanges], CourseChanges],
        prepare: Prepare[CourseChanges] = nothing,
    ) -> tuple[CourseChanges, CourseChanges]:
        """Change the cancellations, deciding again each time that another writer came first. Return both states."""
        return revise(lambda: self.find(site, course), self._change, decide, None, prepare)

    def _change(self, before: CourseChanges, after: CourseChanges) -> CourseChanges:
        Change(item_of(before), item_of(after), _FACTS, read=before.item).write(self._database, self._table)
        return after


def _key(site: str, course: str) -> dict[str, str]:
    return {"site": site, "identifier": f"{_PREFIX}{course}"}


def item_of(changes: CourseChanges) -> dict[str, Any]:
    """Encode a course's cancellations."""
    last = max(changes.cancelled, default=None)
    return _key(changes.site, changes.course) | {
        "cancelled": {
            day.isoformat(): {"by": one.by, "at": one.at, "why": one.why or None}
            for day, one in changes.cancelled.items()
        }
        or None,
        "version": changes.version or None,
        "expires": last and year_ends_at(name_of_year(last)),
    }


def _changes(site: str, course: str, item: Item | None) -> CourseChanges:
    if item is None:
        return CourseChanges(site, course)
    cancelled = {
        date.fromisoformat(day): LessonCancellation(one["by"], moment(one["at"]), one.get("why", ""))
        for day, one in item.get("cancelled", {}).items()
    }
    return CourseChanges(site, course, cancelled, item.get("version", ""), item)
