"""Cancelled lessons in the table of lessons, read by families by course key: one item per course."""

from datetime import datetime
from typing import Final

from chalicelib.domain.enrolment.periods import name_of_year, year_ends_at
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Key
from chalicelib.infra.dynamo.store import DefaultStore
from chalicelib.wings.teaching.domain.announcements import CourseChanges

_PREFIX: Final = "course#"


class CourseChangesStore(DefaultStore[str, str, CourseChanges]):
    """Finds a course's cancellations, by its key, and adds to them, without overwriting concurrent changes."""

    codec = Codec(CourseChanges, "site", "course")
    facts = frozenset({"version"})

    def key(self, site: str, course: str) -> Key:
        """Build the key of a course's cancellations."""
        return {"site": site, "identifier": f"{_PREFIX}{course}"}

    def key_fields(self, key: Key) -> tuple[str, str]:
        """Parse the key of a course's cancellations."""
        return key["site"], key["identifier"].removeprefix(_PREFIX)

    def computed(self, changes: CourseChanges) -> dict[str, datetime]:
        """Compute the item's expiry: the school year's end after the last changed lesson."""
        days = (*changes.cancelled, *changes.changes)
        return {"expires": year_ends_at(name_of_year(max(days)))} if days else {}
