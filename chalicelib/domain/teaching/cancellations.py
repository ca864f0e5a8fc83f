"""Cancelled lessons of a course, by day: their authors, times, and reasons for families."""

import secrets
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime
from typing import Any

from chalicelib.domain.teaching.school_years import name_of_year
from chalicelib.values import frozen


@frozen
class Cancellation:
    """A cancelled lesson. `why`: the reason for families, empty if none was given."""

    by: str = field(repr=False)
    at: datetime
    why: str = field(default="", repr=False)


@frozen
class CourseChanges:
    """The cancelled lessons of a course at a site, by its key."""

    site: str
    course: str
    cancelled: Mapping[date, Cancellation] = field(default_factory=dict)
    version: str = ""
    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # as read from the table

    def with_cancelled(self, day: date, cancellation: Cancellation) -> "CourseChanges":
        """Cancel a lesson. An existing cancellation stays. Those of earlier years are deleted."""
        if day in self.cancelled:
            return self
        recent = {other: one for other, one in self.cancelled.items() if name_of_year(other) >= name_of_year(day)}
        return replace(self, cancelled={**recent, day: cancellation}, version=secrets.token_hex(8))
