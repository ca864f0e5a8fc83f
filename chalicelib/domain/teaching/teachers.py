"""A teacher among the staff: which names of the yearly file are its own, and the courses lent to it for a while."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from typing import Any

from chalicelib.domain.teaching.courses import teacher_key
from chalicelib.values import frozen


@frozen
class Link:
    """A name of the yearly file at a site, as it was linked."""

    site: str
    name: str

    @property
    def key(self) -> tuple[str, str]:
        """Its site, and its key there."""
        return self.site, teacher_key(self.name)


@frozen
class Share:
    """A course lent to a substitute, both days included: whose it is, by the teacher's name; `by`: who lent it."""

    site: str
    teacher: str
    course: str  # its key
    first_on: date
    last_on: date
    by: str = field(default="", repr=False)

    def is_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.first_on <= day <= self.last_on

    @property
    def key(self) -> tuple[str, str]:
        """Its site, and its teacher's key there."""
        return self.site, teacher_key(self.teacher)


@frozen
class Teacher:
    """What a member of staff, by e-mail address, may teach. `calendar`: what its calendar's address is made of."""

    email: str = field(repr=False)
    links: tuple[Link, ...] = ()
    shares: tuple[Share, ...] = ()
    calendar: str = field(default="", repr=False)
    version: str = ""
    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # as it was read, if it was

    def timetables(self, day: date) -> tuple[tuple[str, str], ...]:
        """List the timetables to look into on a day, by site and teacher's key, each once."""
        shared = (share.key for share in self.shares if share.is_on(day))
        return tuple(dict.fromkeys((*(link.key for link in self.links), *shared)))

    def owns(self, site: str, key: str) -> bool:
        """Whether all the courses of a timetable are its own."""
        return (site, key) in {link.key for link in self.links}

    def shares_on(self, day: date) -> Iterator[Share]:
        """List what is lent to it on a day."""
        return (share for share in self.shares if share.is_on(day))

    def with_link(self, link: Link) -> "Teacher":
        """Link a name to it."""
        return self if link.key in {own.key for own in self.links} else self._next(links=(*self.links, link))

    def without_link(self, link: Link) -> "Teacher":
        """Take a link away."""
        left = tuple(own for own in self.links if own.key != link.key)
        return self if left == self.links else self._next(links=left)

    def with_share(self, share: Share) -> "Teacher":
        """Lend it a course, for other days than before if it was lent already."""
        return self._next(shares=(*(other for other in self.shares if not _is_same(other, share)), share))

    def without_share(self, share: Share) -> "Teacher":
        """Take a course back."""
        left = tuple(other for other in self.shares if not _is_same(other, share))
        return self if left == self.shares else self._next(shares=left)

    def without_past(self, day: date) -> "Teacher":
        """Forget what was lent to it until before a day."""
        left = tuple(share for share in self.shares if share.last_on >= day)
        return self if left == self.shares else self._next(shares=left)

    def with_calendar(self, calendar: str) -> "Teacher":
        """Give its calendar another address, or none where it is empty."""
        return self._next(calendar=calendar)

    def _next(self, **changed: Any) -> "Teacher":  # noqa: ANN401 - any of its fields
        return replace(self, **changed, version=secrets.token_hex(8))


def _is_same(one: Share, other: Share) -> bool:
    return (one.site, one.course) == (other.site, other.course)
