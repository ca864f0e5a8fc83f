"""A calendar parsed by `icalendar`, as a telephone would, and not by our own code."""

from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from tests.support.world import Visitor

PARIS: Final = ZoneInfo("Europe/Paris")


def opened(visitor: Visitor, path: str) -> Calendar:
    """Read a calendar's address without a session, and check it. A parser error fails the test."""
    stranger = visitor.get(path)
    assert (stranger.status_code, stranger.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    calendar = Calendar.from_ical(stranger.data.decode())
    assert isinstance(calendar, Calendar)
    assert [(event["UID"], event.errors) for event in calendar.events if event.errors] == []
    assert len({str(event["UID"]) for event in calendar.events}) == len(calendar.events)
    return calendar


def on(calendar: Calendar, day: date) -> list[Event]:
    """List the lessons of a day in Paris, with cancelled ones."""
    return [event for event in calendar.events if hours(event)[0].date() == day]


def hours(event: Event) -> tuple[datetime, datetime]:
    """Read the start and end of a lesson, in Paris time."""
    begins, ends = event.start, event.end
    assert isinstance(begins, datetime)
    assert isinstance(ends, datetime)
    return begins.astimezone(PARIS), ends.astimezone(PARIS)


def texts_of(event: Event) -> dict[str, Any]:
    """Read the texts of an event."""
    return {name: str(event[name]) for name in ("SUMMARY", "LOCATION", "DESCRIPTION", "STATUS") if name in event}
