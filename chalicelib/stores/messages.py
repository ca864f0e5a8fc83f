"""Teachers' messages to families in the table of teaching: one item per day and course, to limit their number."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

from chalicelib.domain.teaching.messages import KEPT, CourseMessage, CourseMessages
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.infra.dynamo.revise import Prepare, revise
from chalicelib.infra.dynamo.values import Item, moment

_PREFIX: Final = "words#"  # followed by the day and the course's key, so that a month can be listed
_FACTS: Final = frozenset({"version"})


class Messages:
    """Finds the messages to courses and adds to them, without overwriting concurrent ones."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, site: str, course: str, day: date) -> Lookup[CourseMessages]:
        """Look up the messages to a course on a day. Empty without an item."""
        return Lookup(self._table, _key(site, course, day), lambda item: _words(site, course, day, item))

    def find(self, site: str, course: str, day: date) -> CourseMessages:
        """Find the messages to a course on a day."""
        return self._database.read(self.lookup(site, course, day))

    def of_month(self, site: str, month: str) -> Iterator[CourseMessages]:
        """List the messages at a site in a month (« 2026-11 »), oldest day first (Query)."""
        for item in self._database.items_of(self._table, site, f"{_PREFIX}{month}-"):
            day, _, course = item["identifier"].removeprefix(_PREFIX).partition("#")
            yield _words(site, course, date.fromisoformat(day), item)

    def revise(
        self,
        known: CourseMessages,
        decide: Callable[[CourseMessages], CourseMessages],
        prepare: Prepare[CourseMessages],
    ) -> tuple[CourseMessages, CourseMessages]:
        """Change messages as just read, deciding again each time that another writer came first. Return both states."""
        return revise(lambda: self.find(known.site, known.course, known.day), self._change, decide, known, prepare)

    def _change(self, before: CourseMessages, after: CourseMessages) -> CourseMessages:
        Change(item_of(before), item_of(after), _FACTS, read=before.item).write(self._database, self._table)
        return after


def _key(site: str, course: str, day: date) -> dict[str, str]:
    return {"site": site, "identifier": f"{_PREFIX}{day.isoformat()}#{course}"}


def item_of(words: CourseMessages) -> dict[str, Any]:
    """Encode the messages of a course and day."""
    last = max((message.at for message in words.messages), default=None)
    return _key(words.site, words.course, words.day) | {
        "teacher": words.teacher or None,
        "discipline": words.discipline or None,
        "slot": words.slot or None,
        "messages": [_as_item(message) for message in words.messages] or None,
        "version": words.version or None,
        "expires": last and last + KEPT,
    }


def _as_item(message: CourseMessage) -> dict[str, Any]:
    return dict(vars(message))  # by key, so that another version's additions are kept


def _words(site: str, course: str, day: date, item: Item | None) -> CourseMessages:
    if item is None:
        return CourseMessages(site, course, day)
    messages = tuple(
        CourseMessage(
            one["key"], moment(one["at"]), one["by"], one["text"], int(one["families"]), int(one["addresses"])
        )
        for one in item.get("messages", ())
    )
    teacher, discipline, slot = (item.get(name, "") for name in ("teacher", "discipline", "slot"))
    return CourseMessages(site, course, day, teacher, discipline, slot, messages, item.get("version", ""), item)
