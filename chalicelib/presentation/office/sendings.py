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
    total: int
    by_now: int
    before: int
    points: str
    points_before: str


def sending_curve(name: str, counts: Mapping[date, int], before: Mapping[date, int], today: date) -> SendingCurve:
    """Draw the sendings of each day as two growing curves. Last season's days are moved by a year."""
    shifted_counts = {_a_year_later(day): count for day, count in before.items()}
    days = [*counts, *shifted_counts, today]
    first, last = min(days), max(days)
    highest = max(sum(counts.values()), sum(before.values()), 1)
    by_now = sum(count for day, count in shifted_counts.items() if day <= today)
    whole = sum(before.values())
    return SendingCurve(
        *(name, sum(counts.values()), by_now, whole),
        _points(counts, first, last, today, highest),
        _points(shifted_counts, first, last, last, highest) if whole else "",
    )


def sum_days(counts: Iterable[Mapping[date, int]]) -> dict[date, int]:
    """Add the counts of several sites, day by day."""
    total: dict[date, int] = {}
    for day_counts in counts:
        for day, count in day_counts.items():
            total[day] = total.get(day, 0) + count
    return total


def _points(counts: Mapping[date, int], first: date, last: date, end: date, highest: int) -> str:
    span, total = max((last - first).days, 1), 0
    points = []
    for day in sorted({first, *counts, end}):
        total += counts.get(day, 0)
        points.append(f"{WIDTH * (day - first).days / span:.0f},{HEIGHT * (1 - total / highest):.0f}")
    return " ".join(points)


def _a_year_later(day: date) -> date:
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == _LEAP_DAY else day.day)
