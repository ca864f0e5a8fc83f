"""Timetables in the table of teaching, which no family's function reads. They are rebuilt from the families' files.

They show the pupils of a teacher, and are never shown to a family.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Database, Delete, Key, Put, Table
from chalicelib.infra.dynamo.store import Items
from chalicelib.wings.teaching.domain.courses import FamilyCourse, TaughtPupil, Timetable
from chalicelib.wings.teaching.stores.calendars import link_key

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


_FAMILY_COURSES_PREFIX: Final = (
    "taught\t"  # followed by the family's identifier, a tab, the teacher's key, a tab, the course's key
)


class FamilyCourses(Table):
    """Finds the courses of families, and adds to them."""

    def of_site(self, site: str) -> Iterator[FamilyCourse]:
        """List the courses of all families of a site (Query)."""
        return self._listed(site, _FAMILY_COURSES_PREFIX)

    def of_family(self, ref: AccountRef) -> tuple[FamilyCourse, ...]:
        """List the courses of a family (Query)."""
        return tuple(self._listed(ref.site, f"{_FAMILY_COURSES_PREFIX}{ref.identifier}\t"))

    def add(self, site: str, courses: Iterable[FamilyCourse]) -> None:
        """Store courses. Existing ones stay as they are."""
        self._database.write_all(Put(self._table, dict(_family_courses_key(site, course))) for course in courses)

    def deletions(self, site: str, courses: Iterable[FamilyCourse]) -> Iterator[Delete]:
        """Delete courses."""
        return (Delete(self._table, _family_courses_key(site, course)) for course in courses)

    def _listed(self, site: str, prefix: str) -> Iterator[FamilyCourse]:
        for item in self._database.items_of(self._table, site, prefix):
            yield FamilyCourse(*item["identifier"].removeprefix(_FAMILY_COURSES_PREFIX).split("\t"))


def _family_courses_key(site: str, course: FamilyCourse) -> Key:
    return {
        "site": site,
        "identifier": f"{_FAMILY_COURSES_PREFIX}{course.identifier}\t{course.teacher}\t{course.course}",
    }


_PREFIX: Final = "timetable#"


class Timetables(Items[str, str, Timetable]):
    """Finds timetables of teachers, by site and teacher's key, and replaces them with newer ones."""

    codec = Codec(Timetable, "site", shapes={TaughtPupil: Codec(TaughtPupil, flat={"ref"})})

    def key(self, site: str, key: str) -> Key:
        """Build the key of a teacher's timetable."""
        return {"site": site, "identifier": f"{_PREFIX}{key}"}

    def key_of(self, timetable: Timetable) -> Key:
        """Build the key of a timetable."""
        return self.key(timetable.site, timetable.key)

    def key_fields(self, key: Key) -> tuple[str]:
        """Parse the site of a timetable. Its own key is derived from the teacher."""
        return (key["site"],)

    def find_all(self, site: str, keys: Iterable[str]) -> tuple[Timetable | None, ...]:
        """Find several timetables of a site in one round trip."""
        lookups = [self.lookup(site, key) for key in keys]
        return self._database.read_together(*lookups) if lookups else ()

    def all(self, site: str) -> Iterator[Timetable]:
        """List the timetables of a site (Query)."""
        return self.under(site, _PREFIX)

    def replace(self, timetable: Timetable) -> None:
        """Store a timetable, unless a newer one exists."""
        with suppress(WriteConflict):
            self._database.update(
                self._table,
                self.key_of(timetable),
                "SET #teacher = :teacher, #courses = :courses, #built_at = :built_at",
                "attribute_not_exists(#built_at) OR #built_at <= :built_at",
                **self.codec.encode(timetable),
            )

    def remove(self, timetable: Timetable) -> None:
        """Delete the timetable of a name that no longer teaches, unless it was rebuilt concurrently."""
        with suppress(WriteConflict):
            self._database.remove(
                self._table, self.key_of(timetable), "#built_at = :built_at", built_at=timetable.built_at
            )
