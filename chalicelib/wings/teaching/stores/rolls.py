"""Rolls in the table of teaching: one item per lesson, saved by one conditional write. TTL deletes them."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from chalicelib.domain.family.households import PupilRef
from chalicelib.infra.dynamo.codec import Codec, Shape
from chalicelib.infra.dynamo.database import Key
from chalicelib.infra.dynamo.store import DefaultStore
from chalicelib.wings.teaching.domain.rolls import Roll, RollRef

PUPIL: Final = {PupilRef: Shape(lambda pupil: pupil.name, PupilRef.parse)}
_PREFIX: Final = "roll#"


class Rolls(DefaultStore[RollRef, Roll]):
    """Finds the rolls of lessons and saves them, without overwriting concurrent ones."""

    codec = Codec(Roll, "ref", shapes=PUPIL)
    facts = frozenset({"version"})

    def key(self, ref: RollRef) -> Key:
        """Build the key of a lesson's roll."""
        return lesson_key(ref, _PREFIX)

    def key_fields(self, key: Key) -> tuple[RollRef]:
        """Parse the key of a roll."""
        return (lesson_in(key, _PREFIX),)

    def computed(self, roll: Roll) -> dict[str, Any]:
        """Keep a taken roll to the end of the school year, even without marks."""
        return {"marks": {}, "expires": roll.expires_at} if roll.taken_at else {}

    def all(self, site: str, course: str = "") -> Iterator[Roll]:
        """List the rolls of a site, or of one course (Query), course by course, oldest first."""
        return self.under(site, f"{_PREFIX}{course}")


def lesson_key(ref: RollRef, prefix: str) -> Key:
    """Build the key of a lesson's item."""
    return {"site": ref.site, "identifier": f"{prefix}{ref.course}#{ref.day.isoformat()}"}


def lesson_in(key: Key, prefix: str) -> RollRef:
    """Parse the key of a lesson's item."""
    course, _, day = key["identifier"].removeprefix(prefix).partition("#")
    return RollRef(key["site"], course, date.fromisoformat(day))
