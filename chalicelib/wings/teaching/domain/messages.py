"""Messages of a teacher to the families of a course, limited per day and therefore stored by course and day."""

import re
import secrets
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.refusals import FormRefusal
from chalicelib.values import Stored, frozen
from chalicelib.wings.teaching.domain.courses import TaughtCourse

KEPT: Final = timedelta(days=365)
_FORM: Final = re.compile(r"(\d{4}-\d{2}-\d{2})-[0-9a-f]{16}", re.ASCII)


class MessagesUsedUp(FormRefusal):
    """The course has received its maximum of messages today."""

    code = "words_enough"


class MessageRef(NamedTuple):
    """The key of a message: site, course, day in Paris, and the form's `key`, so that a form sent twice counts once."""

    site: str
    course: str
    day: date
    key: str

    @property
    def name(self) -> str:
        """Its serialised form in jobs, without the site."""
        return f"{self.day.isoformat()}#{self.course}#{self.key}"

    @classmethod
    def parse(cls, site: str, name: str) -> "MessageRef":
        """Parse the serialised form."""
        day, course, form = name.split("#")
        return cls(site, course, date.fromisoformat(day), form)


@frozen
class CourseMessage:
    """A sent message. `families`, `addresses`: the number of its recipients."""

    key: str
    at: datetime
    by: str = field(repr=False)  # its author's name
    text: str = field(repr=False)
    families: int
    addresses: int

    def is_kept(self, now: datetime) -> bool:
        """Whether it has not expired."""
        return now < self.at + KEPT


@frozen
class CourseMessages(Stored):
    """All messages to a course at a site on a day. `teacher`: their name in the yearly file."""

    site: str
    course: str
    day: date
    teacher: str = ""
    discipline: str = ""
    slot: str = ""
    messages: tuple[CourseMessage, ...] = ()
    version: str = ""

    def message(self, key: str) -> CourseMessage | None:
        """Find the message of a form."""
        return next((message for message in self.messages if message.key == key), None)

    def with_message(self, message: CourseMessage, limit: int, teacher: str, course: TaughtCourse) -> "CourseMessages":
        """Add a message. Idempotent by form. Raises `MessagesUsedUp`. `limit`: the maximum per day."""
        if self.message(message.key):
            return self
        if len(self.messages) >= limit:
            raise MessagesUsedUp
        return replace(
            self,
            teacher=teacher,
            discipline=course.discipline,
            slot=course.slot,
            messages=(*self.messages, message),
            version=secrets.token_hex(8),
        )


def new_form(now: datetime) -> str:
    """Make the key of a new form: its day, and a random part."""
    return f"{today(now).isoformat()}-{secrets.token_hex(8)}"


def day_of_form(form: str) -> date | None:
    """Parse the day of a form's key. None if it is not ours."""
    match = _FORM.fullmatch(form)
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None
