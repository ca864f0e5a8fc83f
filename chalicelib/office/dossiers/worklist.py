"""The order of a worklist of re-enrolled pupils, or of applications: its pages of fifty, and the row after another."""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Generic, Literal, TypeVar

from chalicelib.domain.text import fold
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.values import frozen

AT_ONCE: Final = 50
_SEASON: Final = re.compile(r"20\d\d")
Row = TypeVar("Row")
Other = TypeVar("Other")


@frozen
class WorklistPage(Generic[Row]):
    """At most fifty rows of a season's list. `counts`: all pupils by state. `first`: position of its first row, from 1.

    `before`, `after`: the cursors of the adjacent pages, None if there is none. The first page's cursor is empty.
    """

    season: str
    pupils: tuple[Row, ...]
    counts: Mapping[Any, int]
    total: int
    first: int
    before: str | None
    after: str | None


@frozen
class FoundRow(Generic[Row]):
    """A row of a list: its position from 1, the number of rows, and the cursor of its page."""

    row: Row
    position: int
    total: int
    page: str

    def of(self, row: "Other") -> "FoundRow[Other]":
        """Replace the row by another value that stands for it."""
        return FoundRow(row, self.position, self.total, self.page)


Step = Literal["next", "previous", "same"]


@frozen
class OrderedRows(Generic[Row]):
    """The rows of a list in their order. `lines`: also those that no longer match. `mark`: names a row in an address.

    A cursor is the number of rows before a page, and the mark of the last of them.
    """

    lines: Sequence[Row]
    matches: Sequence[Row]
    order: Callable[[Row], Any]
    mark: Callable[[Row], str]

    def start(self, cursor: str) -> int:
        """Find the start of a page, even if the row before it no longer matches."""
        place, _, mark = cursor.partition("-")
        start = self._after(mark, int(place) if place.isdecimal() and place.isascii() else 0)
        return start if start < len(self.matches) else 0

    def page_bounds(self, start: int) -> tuple[int, int, str | None, str | None]:
        """Compute the last parts of the `WorklistPage` that begins at a row."""
        end, total = start + AT_ONCE, len(self.matches)
        before = self._cursor(max(0, start - AT_ONCE)) if start else None
        return total, start + 1, before, self._cursor(end) if end < total else None

    def beside(self, mark: str, position: int, step: Step) -> FoundRow[Row] | None:
        """Find the row after or before a given one, or this one itself. `position`: used if it no longer exists."""
        after = self._after(mark, position)
        is_match = after > 0 and self.mark(self.matches[after - 1]) == mark
        place = {"next": after, "same": after - 1, "previous": after - 1 - is_match}[step]
        if not 0 <= place < len(self.matches):
            return None
        page = self._cursor(place // AT_ONCE * AT_ONCE)
        return FoundRow(self.matches[place], place + 1, len(self.matches), page)

    def _after(self, mark: str, place: int) -> int:
        """Count the matching rows up to and including a row. `place`: the result if that row no longer exists."""
        last = next((row for row in self.lines if self.mark(row) == mark), None) if mark else None
        if last is None:
            return min(place, len(self.matches))
        return bisect_right(self.matches, self.order(last), key=self.order)

    def _cursor(self, start: int) -> str:
        return f"{start}-{self.mark(self.matches[start - 1])}" if start else ""


def check_season(season: str) -> None:
    """Check that a text is the year of a season. Raises `OfficeRefusal`."""
    if not _SEASON.fullmatch(season):
        raise OfficeRefusal("season_malformed", typed=season)


def check_query(season: str | None, *words: str | None) -> None:
    """Check the season and the words of a query, if given. Raises `OfficeRefusal`."""
    if season is not None:
        check_season(season)
    if any(typed is not None and not fold(typed) for typed in words):
        raise OfficeRefusal("find_nothing_typed")
