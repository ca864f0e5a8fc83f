"""The pages of a worklist: fifty re-enrolled pupils, or applications, and the cursors of the adjacent pages."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeVar

from chalicelib.domain.text import fold
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.values import frozen

AT_ONCE: Final = 50
_SEASON: Final = re.compile(r"20\d\d")
Row = TypeVar("Row")


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


def bounds(total: int, start: int, cursor: Callable[[int], str]) -> tuple[int, int, str | None, str | None]:
    """Compute the last parts of a page that begins at a row. `cursor` names the page that begins at another."""
    end = start + AT_ONCE
    return total, start + 1, cursor(max(0, start - AT_ONCE)) if start else None, cursor(end) if end < total else None


def check_season(season: str) -> None:
    """Check that a text is the year of a season. Raises `OfficeRefusal`."""
    if not _SEASON.fullmatch(season):
        raise OfficeRefusal("season_malformed", typed=season)


def check_query(season: str | None, *words: str | None) -> None:
    """Check the season and the words of a query, those that are given. Raises `OfficeRefusal`."""
    if season is not None:
        check_season(season)
    if any(typed is not None and not fold(typed) for typed in words):
        raise OfficeRefusal("find_nothing_typed")
