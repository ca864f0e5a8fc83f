"""Cancelled lessons of a course, in one value: by day, who cancelled each, when, and why as families read it."""

import secrets
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime
from typing import Any

from chalicelib.domain.teaching.school_years import name_of_year
from chalicelib.values import frozen


@frozen
class Cancellation:
    """One lesson that does not take place; `why`: what families read, empty where nothing was said."""

    by: str = field(repr=False)
    at: datetime
    why: str = field(default="", repr=False)


@frozen
class CourseChanges:
    """What was cancelled of a course of a site, by its key."""

    site: str
    course: str
    cancelled: Mapping[date, Cancellation] = field(default_factory=dict)
    version: str = ""
    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # as it was read, if it was

    def with_cancelled(self, day: date, cancellation: Cancellation) -> "CourseChanges":
        """Cancel a lesson; one that is cancelled stays as it was first told. Those of years before are forgotten."""
        if day in self.cancelled:
            return self
        kept = {other: one for other, one in self.cancelled.items() if name_of_year(other) >= name_of_year(day)}
        return replace(self, cancelled={**kept, day: cancellation}, version=secrets.token_hex(8))
