"""The curve of the re-enrolments sent in a season, against the last one on the same days of the year."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from chalicelib.values import frozen

WIDTH: Final = 600
HEIGHT: Final = 180
_LEAP_DAY: Final = (2, 29)


@frozen
class SendingCurve:
    """The sendings of a site or of all: sent so far, by this day of the last season, and in that whole season.

    `points`, `points_before`: of both curves, for an SVG of `WIDTH` by `HEIGHT`.
    """

    name: str
    sent: int
    by_now: int
    before: int
    points: str
    points_before: str


def sending_curve(name: str, sent: Mapping[date, int], before: Mapping[date, int], today: date) -> SendingCurve:
    """Draw the sendings of each day as two growing curves. Last season's days are moved by a year."""
    moved = {_a_year_later(day): count for day, count in before.items()}
    days = [*sent, *moved, today]
    first, last = min(days), max(days)
    highest = max(sum(sent.values()), sum(before.values()), 1)
    by_now = sum(count for day, count in moved.items() if day <= today)
    whole = sum(before.values())
    return SendingCurve(
        *(name, sum(sent.values()), by_now, whole),
        _points(sent, first, last, today, highest),
        _points(moved, first, last, last, highest) if whole else "",
    )


def sum_days(counts: Iterable[Mapping[date, int]]) -> dict[date, int]:
    """Add the counts of several sites, day by day."""
    total: dict[date, int] = {}
    for own in counts:
        for day, count in own.items():
            total[day] = total.get(day, 0) + count
    return total


def _points(counts: Mapping[date, int], first: date, last: date, end: date, highest: int) -> str:
    span, reached = max((last - first).days, 1), 0
    points = []
    for day in sorted({first, *counts, end}):
        reached += counts.get(day, 0)
        points.append(f"{WIDTH * (day - first).days / span:.0f},{HEIGHT * (1 - reached / highest):.0f}")
    return " ".join(points)


def _a_year_later(day: date) -> date:
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == _LEAP_DAY else day.day)
