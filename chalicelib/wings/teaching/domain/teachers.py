"""A teacher among the staff: their names in the yearly file, and the courses lent to them for a while."""

import secrets
from collections.abc import Iterator
from dataclasses import field, replace
from datetime import date
from typing import Any

from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.values import Stored, frozen


@frozen
class Link:
    """A linked name of the yearly file at a site."""

    site: str
    name: str

    @property
    def key(self) -> tuple[str, str]:
        """Its site, and its key there."""
        return self.site, teacher_key(self.name)


@frozen
class Share:
    """A course lent to a substitute, inclusive of both days. `teacher`: the owner's name. `by`: the lender."""

    site: str
    teacher: str
    course: str  # its key
    first_on: date
    last_on: date
    by: str = field(default="", repr=False)

    def is_on(self, day: date) -> bool:
        """Whether it is lent on a day."""
        return self.first_on <= day <= self.last_on

    @property
    def key(self) -> tuple[str, str]:
        """Its site, and its teacher's key there."""
        return self.site, teacher_key(self.teacher)


@frozen
class Teacher(Stored):
    """The courses that a member of staff, by address, may teach. `calendar`: the nonce of their calendar's URL."""

    email: str = field(repr=False)
    links: tuple[Link, ...] = ()
    shares: tuple[Share, ...] = ()
    calendar: str = field(default="", repr=False)
    version: str = ""

    def timetables(self, day: date) -> tuple[tuple[str, str], ...]:
        """List the timetables to read on a day, by site and teacher's key, each once."""
        courses = (share.key for share in self.shares if share.is_on(day))
        return tuple(dict.fromkeys((*(link.key for link in self.links), *courses)))

    def owns(self, site: str, key: str) -> bool:
        """Whether all courses of a timetable are the teacher's own."""
        return (site, key) in {link.key for link in self.links}

    def shares_on(self, day: date) -> Iterator[Share]:
        """List the courses lent to the teacher on a day."""
        return (share for share in self.shares if share.is_on(day))

    def with_link(self, link: Link) -> "Teacher":
        """Link a name to the teacher."""
        return self if link.key in {own.key for own in self.links} else self._next(links=(*self.links, link))

    def without_link(self, link: Link) -> "Teacher":
        """Remove a link."""
        links = tuple(own for own in self.links if own.key != link.key)
        return self if links == self.links else self._next(links=links)

    def with_share(self, share: Share) -> "Teacher":
        """Lend the teacher a course. One lent already gets the new days."""
        return self._next(shares=(*(other for other in self.shares if not _is_same(other, share)), share))

    def without_share(self, share: Share) -> "Teacher":
        """Take a course back."""
        shares = tuple(other for other in self.shares if not _is_same(other, share))
        return self if shares == self.shares else self._next(shares=shares)

    def without_past(self, day: date) -> "Teacher":
        """Remove courses lent until before a day."""
        shares = tuple(share for share in self.shares if share.last_on >= day)
        return self if shares == self.shares else self._next(shares=shares)

    def with_calendar(self, calendar: str) -> "Teacher":
        """Change the nonce of the URL of the teacher's calendar. Empty removes the URL."""
        return self._next(calendar=calendar)

    def _next(self, **changes: Any) -> "Teacher":  # noqa: ANN401 - any of its fields
        return replace(self, **changes, version=secrets.token_hex(8))


def _is_same(share: Share, other: Share) -> bool:
    return (share.site, share.course) == (other.site, other.course)
