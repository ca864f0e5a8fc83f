"""Timetables in the table of teaching, which no family's function reads. They are rebuilt from the families' files.

They show the pupils of a teacher, and are never shown to a family.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import Any, Final

from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.teaching.courses import PupilRef, TaughtCourse, TaughtPupil, Timetable
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.infra.dynamo.values import Item, moment

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
