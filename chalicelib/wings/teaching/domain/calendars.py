"""Subscribable calendars: the owner of a URL, and the lessons of a year with cancelled ones."""

import hmac
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.account.keys import KeyRing
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.enrolment.periods import name_of_year, today, year_ends_at
from chalicelib.domain.family.households import PupilRef
from chalicelib.values import Stored, frozen
from chalicelib.wings.teaching.domain.announcements import CourseChanges
from chalicelib.wings.teaching.domain.school_years import SchoolYear, Slot

_LINK: Final = r"(?a)([0-9a-f]{20})([0-9a-f]{16})-(\d+)-([A-Za-z0-9_-]{24})"
_SUMMER: Final = timedelta(days=92)  # a URL made from June on is for the next school year


def new_nonce() -> str:
    """Make the nonce that distinguishes a URL from the one before."""
    return secrets.token_hex(8)


def is_same(fingerprint: str, fingerprint_on_file: str) -> bool:
    """Whether a URL's nonce is the current one, in constant time. False without a current one."""
    return bool(fingerprint_on_file) and hmac.compare_digest(fingerprint.encode(), fingerprint_on_file.encode())


@frozen
class LinkOwner:
    """The owner of a calendar link. `words`: the pupil's site, their family's identifier, their key."""

    words: tuple[str, ...]


@frozen
class PupilCalendar(Stored):
    """The URL of a pupil's calendar, for their family only. `by`: its maker's name, empty if unknown.

    `links`: the names of the items that lead from a URL to this pupil. They are erased with it.
    """

    site: str
    pupil: PupilRef
    nonce: str = field(default="", repr=False)
    by: str = field(default="", repr=False)
    at: datetime | None = None
    version: str = ""
    links: tuple[str, ...] = field(default=(), repr=False)

    def renew(self, by: str, now: datetime) -> "PupilCalendar":
        """Replace its URL. The one before stops working."""
        return replace(self, nonce=new_nonce(), by=by, at=now, version=secrets.token_hex(8))

    def name(self, pseudonyms: Pseudonyms) -> str:
        """Make the pupil's pseudonym for URLs, which appear in logs."""
        return pseudonyms.of("calendar of a pupil", self.site, self.pupil.identifier, self.pupil.key)

    def link(self, key_ring: KeyRing, pseudonyms: Pseudonyms) -> str:
        """Make the signed secret part of its URL. The table alone cannot."""
        name = self.name(pseudonyms)
        return f"{name}{self.nonce}-{key_ring.sign(name, self.nonce).replace('.', '-')}"

    def revoke(self) -> "PupilCalendar":
        """Remove its URL."""
        return replace(self, nonce="", by="", at=None, version=secrets.token_hex(8)) if self.nonce else self

    @property
    def expires_at(self) -> datetime | None:
        """When its URL expires: at the end of the school year, or of the next one if made in summer."""
        return year_ends_at(name_of_year(today(self.at) + _SUMMER)) if self.at else None

    def is_open(self, now: datetime, closed_at: Iterable[datetime] = ()) -> bool:
        """Whether its URL works. It does not if it is older than a moment when all were closed."""
        if not (self.nonce and self.at and self.expires_at):
            return False
        return now < self.expires_at and all(closed < self.at for closed in closed_at)


def read_link(key_ring: KeyRing, link: str) -> tuple[str, str] | None:
    """Parse a pupil's name and the nonce from a URL. None if it was not signed here."""
    match = re.fullmatch(_LINK, link)
    if match is None or not key_ring.verify(f"{match[3]}.{match[4]}", match[1], match[2]):
        return None
    return match[1], match[2]


@frozen
class CalendarCourse:
    """A course in a calendar: without pupils, and without a teacher if the reader is the teacher.

    `first_on`, `last_on`: of a course lent for some days.
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
    """One lesson of a course, in Paris, by its usual day. `changed_at`: when it was last changed, of `revision` times.

    `teacher`: the substitute, if there is one.
    """

    course: CalendarCourse
    day: date
    begins: datetime
    ends: datetime
    is_cancelled: bool = False
    changed_at: datetime | None = None
    revision: int = 0
    teacher: str = ""


def planned_lessons(
    years: Iterable[SchoolYear], courses: Iterable[CalendarCourse], changes: Mapping[tuple[str, str], CourseChanges]
) -> Iterator[PlannedLesson]:
    """List the lessons of some years, course by course, without courses of unknown weekday or hour.

    `changes`: cancelled lessons, by the course's site and key.
    """
    shown_years = tuple(years)
    for course in courses:
        slot = Slot.parse(course.slot)
        course_changes = changes.get((course.site, course.key)) or CourseChanges(course.site, course.key)
        first_on, last_on = course.first_on, course.last_on
        usual_days = (day for year in shown_years for day in year.lessons(slot, first_on, last_on))
        for day in course_changes.days(usual_days, first_on, last_on):
            usual_day = course_changes.usual(day)
            entries = [entry for one_day in {day, usual_day} if (entry := course_changes.entry(one_day))]
            change, hours = course_changes.changes.get(usual_day), course_changes.hours(slot, day)
            if hours:
                yield PlannedLesson(
                    course,
                    usual_day,
                    *hours,
                    day in course_changes.cancelled,
                    max((entry.at for entry in entries), default=None),
                    sum(course_changes.revision(one_day) for one_day in {day, usual_day}),
                    change.teacher if change else "",
                )
