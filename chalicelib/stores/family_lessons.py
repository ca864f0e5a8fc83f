"""What stands under a family's own name in the tables of lessons and of teaching: deleted whole, whoever wrote it."""

from collections.abc import Iterator
from typing import Final

from chalicelib.stores.calendars import link_key
from chalicelib.stores.dynamo import Database, Delete

# Each kind, a tab, the family's identifier, a tab, a pupil's key.
_LESSONS: Final = ("absences", "assessments", "calendar")
_TEACHING: Final = ("unexcused",)


class FamilyLessons:
    """Finds what is kept of a family's pupils, item by item."""

    def __init__(self, database: Database, lessons: str, teaching: str) -> None:
        self._database = database
        self._kinds = (*((lessons, kind) for kind in _LESSONS), *((teaching, kind) for kind in _TEACHING))

    def deletions(self, site: str, identifier: str) -> Iterator[Delete]:
        """Delete all of it, for pupils too that are no longer on a file (a Query for each kind)."""
        for table, kind in self._kinds:
            prefix = f"{kind}\t{identifier}\t"
            for item in self._database.items_of(table, site, prefix, only=("site", "identifier", "links")):
                yield from (Delete(table, link_key(name)) for name in item.get("links", ()))
                yield Delete(table, {"site": item["site"], "identifier": item["identifier"]})
