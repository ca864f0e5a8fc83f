"""Teachers' messages to families in the table of teaching: one item per day and course, to limit their number."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Key
from chalicelib.infra.dynamo.store import DefaultStore
from chalicelib.wings.teaching.domain.messages import KEPT, CourseMessages

_PREFIX: Final = "words#"  # followed by the day and the course's key, so that a month can be listed


class Messages(DefaultStore[str, str, date, CourseMessages]):
    """Finds the messages to courses and adds to them, without overwriting concurrent ones."""

    codec = Codec(CourseMessages, "site", "course", "day")
    facts = frozenset({"version"})

    def key(self, site: str, course: str, day: date) -> Key:
        """Build the key of the messages to a course on a day."""
        return {"site": site, "identifier": f"{_PREFIX}{day.isoformat()}#{course}"}

    def key_fields(self, key: Key) -> tuple[str, str, date]:
        """Parse the key of messages."""
        day, _, course = key["identifier"].removeprefix(_PREFIX).partition("#")
        return key["site"], course, date.fromisoformat(day)

    def computed(self, messages: CourseMessages) -> dict[str, datetime]:
        """Compute the item's expiry: the last message's."""
        times = [message.at for message in messages.messages]
        return {"expires": max(times) + KEPT} if times else {}

    def of_month(self, site: str, month: str) -> Iterator[CourseMessages]:
        """List the messages at a site in a month (« 2026-11 »), oldest day first (Query)."""
        return self.under(site, f"{_PREFIX}{month}-")
