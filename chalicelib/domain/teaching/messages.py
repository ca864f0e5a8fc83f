"""A teacher's words to the families of a course: paced, so the words of one course and day are one value."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from chalicelib.domain.refusals import FormRefusal
from chalicelib.domain.teaching.courses import TaughtCourse
from chalicelib.domain.teaching.school_years import today
from chalicelib.values import frozen

KEPT: Final = timedelta(days=365)
_FORM: Final = re.compile(r"(\d{4}-\d{2}-\d{2})-[0-9a-f]{16}", re.ASCII)


class EnoughWords(FormRefusal):
    """No more may be written to this course today; tomorrow again."""

    code = "words_enough"


class MessageRef(NamedTuple):
    """Which words: of a course of a site, on a day in Paris; `key`: of its form, so that twice is once."""

    site: str
    course: str
    day: date
    key: str

    @property
    def name(self) -> str:
        """Write it as one text, as the jobs carry it beside their site."""
        return f"{self.day.isoformat()}#{self.course}#{self.key}"

    @classmethod
    def parse(cls, site: str, name: str) -> "MessageRef":
        """Read it back."""
        day, course, form = name.split("#")
        return cls(site, course, date.fromisoformat(day), form)


@frozen
class CourseMessage:
    """Words that were sent; `families`, `addresses`: to how many they were to go then."""

    key: str
    at: datetime
    by: str = field(repr=False)  # its author's name
    text: str = field(repr=False)
    families: int
    addresses: int

    def is_kept(self, now: datetime) -> bool:
        """Whether it is not to be forgotten yet."""
        return now < self.at + KEPT


@frozen
class CourseWords:
    """All that was written to a course of a site on a day; `teacher`: its name in the yearly file."""

    site: str
    course: str
    day: date
    teacher: str = ""
    discipline: str = ""
    slot: str = ""
    messages: tuple[CourseMessage, ...] = ()
    version: str = ""
    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # as it was read, if it was

    def message(self, key: str) -> CourseMessage | None:
        """Find what a form sent."""
        return next((message for message in self.messages if message.key == key), None)

    def with_message(self, message: CourseMessage, most: int, teacher: str, course: TaughtCourse) -> "CourseWords":
        """Add words; a form that was sent already adds nothing. Raises `EnoughWords`. `most`: a day."""
        if self.message(message.key):
            return self
        if len(self.messages) >= most:
            raise EnoughWords
        return replace(
            self,
            teacher=teacher,
            discipline=course.discipline,
            slot=course.slot,
            messages=(*self.messages, message),
            version=secrets.token_hex(8),
        )


def new_form(now: datetime) -> str:
    """Name a form that is shown: by its day, and by chance."""
    return f"{today(now).isoformat()}-{secrets.token_hex(8)}"


def day_of_form(form: str) -> date | None:
    """Find the day on which a form was shown; None for no name of ours."""
    found = _FORM.fullmatch(form)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
