"""Birth dates as typed: « 28/02/2018 », « 28 février 2018 », « 28022018 », or as filled in by a browser."""

import re
from datetime import date
from typing import Final

from chalicelib.domain.text import fold

_OLDEST: Final = 120  # years: an older age is a typing slip
_DAY_FIRST: Final = re.compile(r"(\d{1,2}) (\d{1,2}) (\d{4})", re.ASCII)
_TOGETHER: Final = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
_YEAR_FIRST: Final = re.compile(r"(\d{4}) (\d{1,2}) (\d{1,2})", re.ASCII)  # the format of `autocomplete="bday"`
_IN_WORDS: Final = re.compile(r"(\d{1,2})(?:er)? ([a-z]{3,}) (\d{4})", re.ASCII)
_MONTHS: Final = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)


def birth_date_from(text: str) -> date | None:
    """Parse a birth date. None if it is invalid or has no four-digit year."""
    words = fold(text)
    try:
        return _read(words)
    except ValueError:  # such as 31 April
        return None


def error_in(text: str, today: date) -> str | None:
    """Return the error code of a typed birth date, or None. An empty field is not its concern."""
    if not text:
        return None
    born_on = birth_date_from(text)
    if born_on is None:
        return "birth_date_malformed"
    if born_on > today:
        return "birth_date_to_come"
    return "birth_date_too_old" if age_at(born_on, today) >= _OLDEST else None


def age_at(born_on: date, day: date) -> int:
    """Compute an age in whole years. A person born on 29 February gets older on 1 March in common years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _read(words: str) -> date | None:
    if match := _DAY_FIRST.fullmatch(words) or _TOGETHER.fullmatch(words):
        day, month, year = map(int, match.groups())
        return date(year, month, day)
    if match := _YEAR_FIRST.fullmatch(words):
        year, month, day = map(int, match.groups())
        return date(year, month, day)
    if match := _IN_WORDS.fullmatch(words):
        return date(int(match[3]), _month(match[2]), int(match[1]))
    return None


def _month(word: str) -> int:
    """Find a month by a unique prefix: « sept », « janv », but not « jui ». Raises `ValueError`."""
    (only,) = (number for number, name in enumerate(_MONTHS, 1) if name.startswith(word))
    return only
