"""A family's own items in the tables of lessons and of teaching, to delete them all."""

from collections.abc import Iterator
from typing import Final

from chalicelib.infra.dynamo.database import Database, Delete
from chalicelib.stores.calendars import link_key

# The kinds: each is followed by a tab, the family's identifier, a tab, and a pupil's key.
_LESSONS: Final = ("absences", "assessments", "calendar")
_TEACHING: Final = ("unexcused",)


class FamilyLessons:
    """Finds the items of a family's pupils."""

    def __init__(self, database: Database, lessons: str, teaching: str) -> None:
        self._database = database
        self._kinds = (*((lessons, kind) for kind in _LESSONS), *((teaching, kind) for kind in _TEACHING))

    def deletions(self, site: str, identifier: str) -> Iterator[Delete]:
        """Delete the family's absences, assessments, calendars and counts, for former pupils too (a Query per kind)."""
        for table, kind in self._kinds:
            prefix = f"{kind}\t{identifier}\t"
            for item in self._database.items_of(table, site, prefix, only=("site", "identifier", "links")):
                yield from (Delete(table, link_key(name)) for name in item.get("links", ()))
                yield Delete(table, {"site": item["site"], "identifier": item["identifier"]})
