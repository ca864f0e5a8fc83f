"""Announced absences, in the table of lessons: one item per pupil, read by its family and its teachers."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

from chalicelib.domain.teaching.announcements import AnnouncedAbsence, PupilAbsences
from chalicelib.domain.teaching.courses import PupilRef
from chalicelib.domain.teaching.school_years import name_of_year, year_ends_at
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.infra.dynamo.revise import nothing, revise
from chalicelib.infra.dynamo.values import Item, moment, moment_or_none

_PREFIX: Final = "absences\t"  # followed by the family's identifier and the pupil's key
_FACTS: Final = frozenset({"version"})


class Announcements:
    """Finds a pupil's announced absences and changes them, without overwriting concurrent changes."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, site: str, pupil: PupilRef) -> Lookup[PupilAbsences]:
        """Look up a pupil's absences. Empty without an item."""
        return Lookup(self._table, _key(site, pupil), lambda item: _absences(site, pupil, item))

    def find(self, site: str, pupil: PupilRef) -> PupilAbsences:
        """Find a pupil's absences."""
        return self._database.read(self.lookup(site, pupil))

    def of_family(self, site: str, identifier: str) -> Iterator[PupilAbsences]:
        """List a family's announced absences, pupil by pupil (Query)."""
        for item in self._database.items_of(self._table, site, f"{_PREFIX}{identifier}\t"):
            pupil = PupilRef.parse(item["identifier"].removeprefix(_PREFIX))
            yield _absences(site, pupil, item)

    def revise(
        self,
        site: str,
        pupil: PupilRef,
        decide: Callable[[PupilAbsences], PupilAbsences],
        known: PupilAbsences | None = None,
    ) -> tuple[PupilAbsences, PupilAbsences]:
        """Change a pupil's absences, deciding again each time that another writer came first. `known`: as just read."""
        return revise(lambda: self.find(site, pupil), self._change, decide, known, nothing)

    def _change(self, before: PupilAbsences, after: PupilAbsences) -> PupilAbsences:
        Change(item_of(before), item_of(after), _FACTS, read=before.item).write(self._database, self._table)
        return after


def _key(site: str, pupil: PupilRef) -> dict[str, str]:
    return {"site": site, "identifier": f"{_PREFIX}{pupil.name}"}


def item_of(absences: PupilAbsences) -> dict[str, Any]:
    """Encode a pupil's absences. The item expires with the last lesson, withdrawn or not."""
    last = max((day for _, day in absences.announced), default=None)
    return _key(absences.site, absences.pupil) | {
        "announced": {
            f"{course}#{day.isoformat()}": {"at": one.at, "by": one.by or None, "why": one.why or None}
            for (course, day), one in absences.announced.items()
        }
        or None,
        "version": absences.version or None,
        "expires": year_ends_at(name_of_year(last)) if last else moment_or_none(absences.item.get("expires")),
    }


def _absences(site: str, pupil: PupilRef, item: Item | None) -> PupilAbsences:
    if item is None:
        return PupilAbsences(site, pupil)
    announced = {
        _lesson(name): AnnouncedAbsence(moment(one["at"]), one.get("by", ""), one.get("why", ""))
        for name, one in item.get("announced", {}).items()
    }
    return PupilAbsences(site, pupil, announced, item.get("version", ""), item)


def _lesson(name: str) -> tuple[str, date]:
    course, _, day = name.partition("#")
    return course, date.fromisoformat(day)
