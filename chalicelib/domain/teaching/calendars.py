"""Calendars to subscribe to: whose lessons an address shows, and the lessons of a year, cancelled ones among them."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from chalicelib.domain.account.keys import KeyRing
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.teaching.cancellations import CourseChanges
from chalicelib.domain.teaching.courses import PupilRef
from chalicelib.domain.teaching.school_years import SchoolYear, name_of_year, today, year_ends_at
from chalicelib.domain.teaching.slots import Slot
from chalicelib.values import frozen

_LINK: Final = r"(?a)([0-9a-f]{20})([0-9a-f]{16})-(\d+)-([A-Za-z0-9_-]{24})"
_SUMMER: Final = timedelta(days=92)  # an address given from June on is one of the next school year


def new_nonce() -> str:
    """Make what tells an address from the one before it."""
    return secrets.token_hex(8)


def is_same(given: str, kept: str) -> bool:
    """Whether an address is the one in use, in constant time; nothing is where none is."""
    return bool(kept) and hmac.compare_digest(given.encode(), kept.encode())


def former_name(link: str) -> str:
    """Name the item that says whose a link of before 2026-11-30 is: a digest of it, since no key opens it any more."""
    return hashlib.sha256(link.encode()).hexdigest()


@frozen
class LinkOwner:
    """Whose calendar a link shows: `words` name the pupil or the teacher. `nonce`: of a former link, which has none."""

    words: tuple[str, ...]
    nonce: str = field(default="", repr=False)


@frozen
class PupilCalendar:
    """The address of a pupil's calendar, of its family alone; `by`: its maker's name, empty if unknown.

    `links`: the names of the items that lead from an address to this pupil; they are erased with it.
    """

    site: str
    pupil: PupilRef
    nonce: str = field(default="", repr=False)
    by: str = field(default="", repr=False)
    at: datetime | None = None
    version: str = ""
    links: tuple[str, ...] = field(default=(), repr=False)
    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # as it was read, if it was

    def renew(self, by: str, now: datetime) -> "PupilCalendar":
        """Give it another address: the one before shows nothing any more."""
        return replace(self, nonce=new_nonce(), by=by, at=now, version=secrets.token_hex(8))

    def name(self, pseudonyms: Pseudonyms) -> str:
        """Name the pupil in addresses, which come into logs, by a pseudonym."""
        return pseudonyms.of("calendar of a pupil", self.site, self.pupil.identifier, self.pupil.key)

    def link(self, key_ring: KeyRing, pseudonyms: Pseudonyms) -> str:
        """Write the secret part of its address, signed: the table alone makes none."""
        name = self.name(pseudonyms)
        return f"{name}{self.nonce}-{key_ring.sign(name, self.nonce).replace('.', '-')}"

    def revoke(self) -> "PupilCalendar":
        """Take its address away."""
        return replace(self, nonce="", by="", at=None, version=secrets.token_hex(8)) if self.nonce else self

    @property
    def expires_at(self) -> datetime | None:
        """When it is forgotten: as the school year ends; given in the summer, as the next one does."""
        return year_ends_at(name_of_year(today(self.at) + _SUMMER)) if self.at else None

    def is_open(self, now: datetime, closed_at: Iterable[datetime] = ()) -> bool:
        """Whether its address shows anything; one that is older than a moment at which all was closed does not."""
        if not (self.nonce and self.at and self.expires_at):
            return False
        return now < self.expires_at and all(closed < self.at for closed in closed_at)


def read_link(key_ring: KeyRing, link: str) -> tuple[str, str] | None:
    """Read a pupil's name and the nonce of an address. None if it was not signed here."""
    match = re.fullmatch(_LINK, link)
    if match is None or not key_ring.verify(f"{match[3]}.{match[4]}", match[1], match[2]):
        return None
    return match[1], match[2]


@frozen
class CalendarCourse:
    """A course as a calendar tells it: nobody's pupils, no teacher where it is the reader.

    `first_on`, `last_on`: of what is lent for some days only.
    """

    site: str
    key: str
    discipline: str
    slot: str
    place: str
    teacher: str
    first_on: date = date.min
    last_on: date = date.max
    is_lent: bool = False


@frozen
class PlannedLesson:
    """One lesson of a course, in Paris; `cancelled_at`: since when it does not take place."""

    course: CalendarCourse
    day: date
    begins: datetime
    ends: datetime
    cancelled_at: datetime | None = None


def planned_lessons(
    year: SchoolYear, courses: Iterable[CalendarCourse], changes: Mapping[tuple[str, str], CourseChanges]
) -> Iterator[PlannedLesson]:
    """List the lessons of a year, course by course; of a course whose weekday or hour is not known, none.

    `changes`: what is cancelled, by the course's site and key.
    """
    for course in courses:
        slot = Slot.parse(course.slot)
        known = changes.get((course.site, course.key))
        for day in year.lessons(slot, max(year.starts_on, course.first_on), min(year.ends_on, course.last_on)):
            hours, cancelled = slot.on(day), known.cancelled.get(day) if known else None
            if hours:
                yield PlannedLesson(course, day, *hours, cancelled.at if cancelled else None)
