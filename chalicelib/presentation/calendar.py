"""Calendars to download or to subscribe to (RFC 5545): whole days with their words, and lessons."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Final

from chalicelib.values import frozen

_OCTETS: Final = 75  # of a line, without its end (3.1)
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})  # 3.3.11


@frozen
class WholeDay:
    """A task due by the end of a day, with an alarm the day before. `uid`: of one subject (3.8.4.7)."""

    uid: str
    day: date
    title: str
    words: str
    url: str


@frozen
class CalendarLesson:
    """One lesson, with its times in UTC, so that readers need not know when summer time begins.

    `changed_at`: when it was last changed. It keeps its `uid`, in a new revision (3.8.7.4).
    """

    uid: str
    begins: datetime
    ends: datetime
    title: str
    place: str
    words: str
    is_cancelled: bool = False
    changed_at: datetime | None = None
    revision: int = 0


def calendar_of(days: Iterable[WholeDay], now: datetime) -> str:
    """Write a calendar, with the line ends of the standard."""
    return _written(_days(days, now))


def subscribed_calendar(name: str, lessons: Iterable[CalendarLesson], now: datetime) -> str:
    """Write a calendar that programs read again every few hours, by two hints (RFC 7986, 5.7)."""
    hints = ("REFRESH-INTERVAL;VALUE=DURATION:PT4H", "X-PUBLISHED-TTL:PT4H")
    names = (f"{key}:{_text(name)}" for key in ("NAME", "X-WR-CALNAME"))
    return _written(chain(names, hints, *(_lesson(lesson, now) for lesson in lessons)))


def _written(lines: Iterable[str]) -> str:
    begin = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Clef//Extranet//FR", "METHOD:PUBLISH")
    return "".join(f"{_folded(line)}\r\n" for line in (*begin, *lines, "END:VCALENDAR"))


def _utc(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _lesson(lesson: CalendarLesson, now: datetime) -> Iterator[str]:
    yield from (
        "BEGIN:VEVENT",
        f"UID:{lesson.uid}",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(lesson.begins)}",
        f"DTEND:{_utc(lesson.ends)}",
        f"SUMMARY:{_text(lesson.title)}",
    )
    if lesson.place:
        yield f"LOCATION:{_text(lesson.place)}"
    if lesson.words:
        yield f"DESCRIPTION:{_text(lesson.words)}"
    if lesson.changed_at:
        status = "CANCELLED" if lesson.is_cancelled else "CONFIRMED"
        yield from (f"STATUS:{status}", f"SEQUENCE:{lesson.revision}", f"LAST-MODIFIED:{_utc(lesson.changed_at)}")
    yield "END:VEVENT"


def _days(days: Iterable[WholeDay], now: datetime) -> Iterator[str]:
    for event in days:
        yield from (
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"DTSTAMP:{_utc(now)}",
            f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",  # the day after, which is excluded (3.6.1)
            f"SUMMARY:{_text(event.title)}",
            f"DESCRIPTION:{_text(event.words)}",
            f"URL:{event.url}",
            "TRANSP:TRANSPARENT",  # the day is not shown as busy
            *("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(event.words)}"),
            *("TRIGGER:-PT15H", "END:VALARM"),  # at 9 h the day before (3.6.6)
            "END:VEVENT",
        )


def _text(words: str) -> str:
    # Imported here: no start of a function needs its patterns.
    from chalicelib.presentation.typography import in_text, with_plain_dashes  # noqa: PLC0415

    return with_plain_dashes(in_text(words)).translate(_ESCAPED)


def _folded(line: str) -> str:
    """Fold a line at 75 octets, never inside a character (3.1)."""
    if len(line.encode()) <= _OCTETS:
        return line
    line_so_far, length = "", 0
    for character in line:
        octets = len(character.encode())
        if length + octets > _OCTETS:
            line_so_far, length = f"{line_so_far}\r\n ", 1
        line_so_far, length = line_so_far + character, length + octets
    return line_so_far
