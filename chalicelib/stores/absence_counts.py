"""Unexcused absences in the table of teaching: one item per pupil, and one per lesson with the pupils it counted."""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

from chalicelib.domain.teaching.announcements import LessonKey
from chalicelib.domain.teaching.courses import PupilRef
from chalicelib.domain.teaching.rolls import CountedPupils, RollRef, UnexcusedAbsences
from chalicelib.domain.teaching.school_years import name_of_year, year_ends_at
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.infra.dynamo.revise import nothing, revise
from chalicelib.infra.dynamo.values import Item, moment_or_none

_PREFIX: Final = "unexcused\t"  # followed by the family's identifier and the pupil's key
_COUNTED: Final = "counted#"  # followed by the course and the day
_FACTS: Final = frozenset({"version"})


class UnexcusedStore:
    """Finds a pupil's unexcused absences and changes them, without overwriting concurrent changes."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, site: str, pupil: PupilRef) -> Lookup[UnexcusedAbsences]:
        """Look up a pupil's absences. Empty without an item."""
        return Lookup(self._table, _key(site, pupil), lambda item: _absences(site, pupil, item))

    def find(self, site: str, pupil: PupilRef) -> UnexcusedAbsences:
        """Find a pupil's absences."""
        return self._database.read(self.lookup(site, pupil))

    def all(self, site: str, identifier: str = "") -> Iterator[UnexcusedAbsences]:
        """List the absences of a site, or of one family, pupil by pupil (Query)."""
        prefix = f"{_PREFIX}{identifier}\t" if identifier else _PREFIX
        for item in self._database.items_of(self._table, site, prefix):
            yield _absences(site, PupilRef.parse(item["identifier"].removeprefix(_PREFIX)), item)

    def revise(
        self, site: str, pupil: PupilRef, decide: Callable[[UnexcusedAbsences], UnexcusedAbsences]
    ) -> tuple[UnexcusedAbsences, UnexcusedAbsences]:
        """Change a pupil's absences, deciding again each time that another writer came first. Return both states."""
        return revise(lambda: self.find(site, pupil), self._change, decide, None, nothing)

    def _change(self, before: UnexcusedAbsences, after: UnexcusedAbsences) -> UnexcusedAbsences:
        Change(item_of(before), item_of(after), _FACTS, read=before.item).write(self._database, self._table)
        return after

    def lookup_counted(self, ref: RollRef) -> Lookup[CountedPupils]:
        """Look up the pupils ever counted for a lesson."""
        return Lookup(self._table, _counted_key(ref), lambda item: _counted(ref, item))

    def note_counted(self, ref: RollRef, pupils: Iterable[PupilRef]) -> None:
        """Record pupils about to be counted for a lesson, besides earlier ones."""
        new = frozenset(pupils)
        revise(
            lambda: self._database.read(self.lookup_counted(ref)),
            self._note,
            lambda before: before if new <= before.pupils else replace(before, pupils=before.pupils | new),
            None,
            nothing,
        )

    def all_counted(self, site: str, course: str = "") -> Iterator[CountedPupils]:
        """List the counted pupils of each lesson of a site, or of one course (Query)."""
        for item in self._database.items_of(self._table, site, f"{_COUNTED}{course}"):
            course, _, day = item["identifier"].removeprefix(_COUNTED).partition("#")
            yield _counted(RollRef(site, course, date.fromisoformat(day)), item)

    def forget_counted(self, known: CountedPupils, families: Container[str]) -> None:
        """Remove erased families, by identifier, from the counted pupils of a lesson."""
        revise(
            lambda: self._database.read(self.lookup_counted(known.ref)),
            self._note,
            lambda before: before.without(families),
            known,
            nothing,
        )

    def _note(self, before: CountedPupils, after: CountedPupils) -> CountedPupils:
        Change(_counted_item(before), _counted_item(after), read=before.item).write(self._database, self._table)
        return after


def _key(site: str, pupil: PupilRef) -> dict[str, str]:
    return {"site": site, "identifier": f"{_PREFIX}{pupil.name}"}


def item_of(absences: UnexcusedAbsences) -> dict[str, Any]:
    """Encode a pupil's absences. The item expires with the last lesson, removed or not."""
    last = max((day for _, day in absences.lessons), default=None)
    return _key(absences.site, absences.pupil) | {
        "lessons": {
            f"{course}#{day.isoformat()}": {"discipline": discipline}
            for (course, day), discipline in absences.lessons.items()
        }
        or None,
        "version": absences.version or None,
        "expires": year_ends_at(name_of_year(last)) if last else moment_or_none(absences.item.get("expires")),
    }


def _absences(site: str, pupil: PupilRef, item: Item | None) -> UnexcusedAbsences:
    if item is None:
        return UnexcusedAbsences(site, pupil)
    lessons = {_lesson(name): one.get("discipline", "") for name, one in item.get("lessons", {}).items()}
    return UnexcusedAbsences(site, pupil, lessons, item.get("version", ""), item)


def _lesson(name: str) -> LessonKey:
    course, _, day = name.partition("#")
    return course, date.fromisoformat(day)


def _counted_key(ref: RollRef) -> dict[str, str]:
    return {"site": ref.site, "identifier": f"{_COUNTED}{ref.course}#{ref.day.isoformat()}"}


def _counted_item(counted: CountedPupils) -> dict[str, Any]:
    names = sorted(pupil.name for pupil in counted.pupils)
    expires = year_ends_at(name_of_year(counted.ref.day))
    return _counted_key(counted.ref) | ({"pupils": names, "expires": expires} if names or counted.item else {})


def _counted(ref: RollRef, item: Item | None) -> CountedPupils:
    if item is None:
        return CountedPupils(ref)
    return CountedPupils(ref, frozenset(map(PupilRef.parse, item.get("pupils", ()))), item)
