"""A calendar to take home (RFC 5545): whole days, each with its words, as a phone's or a desk's calendar adds them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from chalicelib.values import frozen

_OCTETS: Final = 75  # of a line, its end not counted (3.1)
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})  # 3.3.11


@frozen
class WholeDay:
    """What is to be done by the end of a day. `uid`: the same each time the same thing is told (3.8.4.7)."""

    uid: str
    day: date
    title: str
    words: str
    url: str


def calendar_of(days: Iterable[WholeDay], now: datetime) -> str:
    """Write a calendar; its lines end as the standard says, so it is sent as it is."""
    return "".join(f"{_folded(line)}\r\n" for line in _lines(days, now))


def _lines(days: Iterable[WholeDay], now: datetime) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Clef//Extranet//FR", "METHOD:PUBLISH")
    for event in days:
        yield from (
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",  # the first day that is not of it (3.6.1)
            f"SUMMARY:{_text(event.title)}",
            f"DESCRIPTION:{_text(event.words)}",
            f"URL:{event.url}",
            "TRANSP:TRANSPARENT",  # nobody is busy all day
            "END:VEVENT",
        )
    yield "END:VCALENDAR"


def _text(words: str) -> str:
    # Imported here: no start of a function needs its patterns.
    from chalicelib.typography import in_text  # noqa: PLC0415

    return in_text(words).translate(_ESCAPED)


def _folded(line: str) -> str:
    """Fold a line at 75 octets, within no character (3.1)."""
    folded, length = "", 0
    for character in line:
        octets = len(character.encode())
        if length + octets > _OCTETS:
            folded, length = f"{folded}\r\n ", 1
        folded, length = folded + character, length + octets
    return folded
