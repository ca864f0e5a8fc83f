"""The notice of an incident, set by the person on call, with the moment at which it ends by itself."""

from dataclasses import field
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.text import tidy
from chalicelib.values import frozen

LONGEST: Final = 300  # code points
LASTS_AT_MOST: Final = timedelta(days=7)


@frozen
class ServiceNotice:
    """A text for all users, since a moment and until another. Raises `ValueError` unless it can be shown."""

    text: str = field(repr=False)
    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        """Refuse a text that is empty, too long or on several lines, and an end that is past or too far."""
        if not self.text or self.text != " ".join(tidy(self.text).split()) or len(self.text) > LONGEST:
            raise ValueError(f"the text has one line, of {LONGEST} characters at most")
        if not self.since < self.until <= self.since + LASTS_AT_MOST:
            raise ValueError(f"the end comes later, within {LASTS_AT_MOST.days} days")
