"""Unexcused absences in the table of teaching: one item per pupil, and one per lesson with the pupils it counted."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from chalicelib.domain.enrolment.periods import name_of_year, year_ends_at
from chalicelib.domain.family.households import PupilRef
from chalicelib.infra.dynamo.codec import Codec, Shape
from chalicelib.infra.dynamo.database import Database, Key
from chalicelib.infra.dynamo.store import DefaultStore
from chalicelib.wings.teaching.domain.rolls import CountedPupils, RollRef, UnexcusedAbsences
from chalicelib.wings.teaching.stores.pupil_items import LESSON, PupilItems
from chalicelib.wings.teaching.stores.rolls import PUPIL, lesson_in, lesson_key

_COUNTED: Final = "counted#"  # followed by the course and the day
_LESSONS: Final = Shape(
    lambda lessons: {LESSON.encode(lesson): {"discipline": discipline} for lesson, discipline in lessons.items()},
    lambda stored: {LESSON.decode(name): part.get("discipline", "") for name, part in stored.items()},
)


class CountedStore(DefaultStore[RollRef, CountedPupils]):
    """Finds the pupils ever counted for a lesson and changes them."""

    codec = Codec(CountedPupils, "ref", shapes=PUPIL)

    def key(self, ref: RollRef) -> Key:
        """Build the key of a lesson's counted pupils."""
        return lesson_key(ref, _COUNTED)

    def key_fields(self, key: Key) -> tuple[RollRef]:
        """Parse the key of counted pupils."""
        return (lesson_in(key, _COUNTED),)

    def computed(self, entry: CountedPupils) -> dict[str, Any]:
        """Compute the item's expiry: the school year's end, even without pupils."""
        if not (entry.pupils or entry.item):
            return {}
        return {"pupils": [], "expires": year_ends_at(name_of_year(entry.ref.day))}

    def note(self, ref: RollRef, pupils: Iterable[PupilRef]) -> None:
        """Record pupils about to be counted for a lesson, besides earlier ones."""
        new = frozenset(pupils)
        self.revise(
            self.find(ref),
            lambda before: before if new <= before.pupils else replace(before, pupils=before.pupils | new),
        )

    def forget(self, pupils: CountedPupils, families: Container[str]) -> None:
        """Remove erased families, by identifier, from the counted pupils of a lesson."""
        self.revise(pupils, lambda before: before.without(families))

    def all(self, site: str, course: str = "") -> Iterator[CountedPupils]:
        """List the counted pupils of each lesson of a site, or of one course (Query)."""
        return self.under(site, f"{_COUNTED}{course}")


class UnexcusedStore(PupilItems[UnexcusedAbsences]):
    """Finds a pupil's unexcused absences and changes them. `counted`: the pupils counted for each lesson."""

    codec = Codec(UnexcusedAbsences, "site", "pupil", shapes={"lessons": _LESSONS})
    prefix = "unexcused\t"

    def __init__(self, database: Database, table: str) -> None:
        super().__init__(database, table)
        self.counted = CountedStore(database, table)
