"""Timetables in the table of teaching, which no family's function reads. They are rebuilt from the families' files.

They show the pupils of a teacher, and are never shown to a family.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.teaching.courses import FamilyCourse, PupilRef, TaughtCourse, TaughtPupil, Timetable
from chalicelib.infra.dynamo.database import Database, Delete, Key, Lookup, Put
from chalicelib.infra.dynamo.values import Item, moment
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


_FAMILY_COURSES_PREFIX: Final = (
    "taught\t"  # followed by the family's identifier, a tab, the teacher's key, a tab, the course's key
)


class FamilyCourses:
    """Finds the courses of families, and adds to them."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

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


class Timetables:
    """Finds timetables of teachers, and replaces them with newer ones."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, site: str, key: str) -> Lookup[Timetable | None]:
        """Look up a teacher's timetable, by site and teacher's key."""
        return Lookup(self._table, _key(site, key), _timetable)

    def find(self, site: str, key: str) -> Timetable | None:
        """Find a timetable."""
        return self._database.read(self.lookup(site, key))

    def find_all(self, site: str, keys: Iterable[str]) -> tuple[Timetable | None, ...]:
        """Find several timetables of a site in one round trip."""
        lookups = [self.lookup(site, key) for key in keys]
        return self._database.read_together(*lookups) if lookups else ()

    def all(self, site: str) -> Iterator[Timetable]:
        """List the timetables of a site (Query)."""
        for item in self._database.items_of(self._table, site, _PREFIX):
            timetable = _timetable(item)
            if timetable:
                yield timetable

    def put(self, timetable: Timetable) -> None:
        """Store a timetable, unless a newer one exists."""
        made = item_of(timetable)
        with suppress(WriteConflict):
            self._database.update(
                self._table,
                _key(timetable.site, timetable.key),
                "SET #teacher = :teacher, #courses = :courses, #built_at = :built_at",
                "attribute_not_exists(#built_at) OR #built_at <= :built_at",
                **{name: made[name] for name in ("teacher", "courses", "built_at")},
            )

    def remove(self, timetable: Timetable) -> None:
        """Delete the timetable of a name that no longer teaches, unless it was rebuilt concurrently."""
        with suppress(WriteConflict):
            self._database.remove(
                self._table,
                _key(timetable.site, timetable.key),
                "#built_at = :built_at",
                built_at=timetable.built_at,
            )


def _key(site: str, key: str) -> dict[str, str]:
    return {"site": site, "identifier": f"{_PREFIX}{key}"}


def item_of(timetable: Timetable) -> dict[str, Any]:
    """Encode a timetable."""
    return _key(timetable.site, timetable.key) | {
        "teacher": timetable.teacher,
        "built_at": timetable.built_at,
        "courses": [
            {
                "key": course.key,
                "discipline": course.discipline,
                "slot": course.slot,
                "place": course.place,
                "pupils": [
                    {
                        "identifier": pupil.ref.identifier,
                        "key": pupil.ref.key,
                        "name": pupil.name,
                        "born_on": pupil.born_on and pupil.born_on.isoformat(),
                        "level": pupil.level or None,
                    }
                    for pupil in course.pupils
                ],
            }
            for course in timetable.courses
        ],
    }


def _timetable(item: Item | None) -> Timetable | None:
    if item is None:
        return None
    return Timetable(item["site"], item["teacher"], tuple(map(_course, item["courses"])), moment(item["built_at"]))


def _course(item: Item) -> TaughtCourse:
    return TaughtCourse(
        item["key"], item["discipline"], item["slot"], item["place"], tuple(map(_pupil, item["pupils"]))
    )


def _pupil(item: Item) -> TaughtPupil:
    born_on = item.get("born_on")
    return TaughtPupil(
        PupilRef(item["identifier"], item["key"]),
        item["name"],
        date.fromisoformat(born_on) if born_on else None,
        item.get("level", ""),
    )
