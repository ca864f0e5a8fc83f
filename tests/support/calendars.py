"""A calendar parsed by `icalendar`, as a telephone would, and not by our own code."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from chalicelib.domain.family.households import pupil_key
from tests.support.teaching import DOOR, WEDNESDAY, ZELIE, enter_as_teacher, settle_courses
from tests.support.world import Visitor, World

PARIS: Final = ZoneInfo("Europe/Paris")
_ADDRESS: Final = re.compile(r'value="http://[^/"]+(/extranet/(?:compte|enseignant)/agenda/[\w-]+)"')


@dataclass
class CalendarPage:
    """A visitor's page that makes the secret address of their calendar. `field`: the one of the version shown."""

    visitor: Visitor
    path: str
    field: str

    @property
    def text(self) -> str:
        """The page."""
        return self.visitor.get(self.path).text

    @property
    def address(self) -> str:
        """The address on the page. Empty without one."""
        match = _ADDRESS.search(self.text)
        return match[1] if match else ""

    def act(self, action: str, page: str | None = None) -> None:
        """Press a button of the current page, or of an earlier one."""
        match = re.search(rf'name="{self.field}" value="([\w-]*)"', page or self.text)
        assert match
        answer = self.visitor.post(self.path, {"action": action, self.field: match[1]})
        assert (answer.status_code, answer.headers["Location"]) == (303, self.path)

    def made(self) -> str:
        """Create an address."""
        self.act("create")
        return self.address

    def status(self, address: str) -> int:
        """Request an address as a program does, without a session."""
        for name in ("clef", "clef-bureau"):
            self.visitor.show(None, name)
        return self.visitor.get(address).status_code


def of_family(world: World, visitor: Visitor) -> CalendarPage:
    """Log in the family of a pupil of two courses."""
    settle_courses(world, WEDNESDAY)
    visitor.log_in()
    return CalendarPage(visitor, f"/extranet/compte/eleves/{pupil_key(ZELIE)}/agenda", "vu")


def of_teacher(world: World, visitor: Visitor) -> CalendarPage:
    """Log in a teacher of two courses."""
    enter_as_teacher(world, visitor)
    return CalendarPage(visitor, f"{DOOR}/agenda", "lien")


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
