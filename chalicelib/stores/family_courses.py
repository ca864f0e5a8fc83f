"""The past and current courses of a family's pupils, in the table of teaching, to find timetables and rolls by key.

An item is stored before a timetable lists the pupil, and only the erasure of the family deletes it (record 96).
"""

from collections.abc import Iterable, Iterator
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.teaching.courses import FamilyCourse
from chalicelib.infra.dynamo.database import Database, Delete, Key, Put

_PREFIX: Final = "taught\t"  # followed by the family's identifier, a tab, the teacher's key, a tab, the course's key


class FamilyCourses:
    """Finds the courses of families, and adds to them."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def of_site(self, site: str) -> Iterator[FamilyCourse]:
        """List the courses of all families of a site (Query)."""
        return self._listed(site, _PREFIX)

    def of_family(self, ref: AccountRef) -> tuple[FamilyCourse, ...]:
        """List the courses of a family (Query)."""
        return tuple(self._listed(ref.site, f"{_PREFIX}{ref.identifier}\t"))

    def add(self, site: str, courses: Iterable[FamilyCourse]) -> None:
        """Store courses. Existing ones stay as they are."""
        self._database.write_all(Put(self._table, dict(_key(site, course))) for course in courses)

    def deletions(self, site: str, courses: Iterable[FamilyCourse]) -> Iterator[Delete]:
        """Delete courses."""
        return (Delete(self._table, _key(site, course)) for course in courses)

    def _listed(self, site: str, prefix: str) -> Iterator[FamilyCourse]:
        for item in self._database.items_of(self._table, site, prefix):
            yield FamilyCourse(*item["identifier"].removeprefix(_PREFIX).split("\t"))


def _key(site: str, course: FamilyCourse) -> Key:
    return {"site": site, "identifier": f"{_PREFIX}{course.identifier}\t{course.teacher}\t{course.course}"}
