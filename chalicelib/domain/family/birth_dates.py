"""A birth date as a parent types it: « 28/02/2018 », « 28 février 2018 », « 28022018 », or as a browser fills it in."""

import re
from datetime import date
from typing import Final

from chalicelib.domain.text import fold

_OLDEST: Final = 120  # years: nobody asks for a place at that age; a slip of the finger does
_DAY_FIRST: Final = re.compile(r"(\d{1,2}) (\d{1,2}) (\d{4})", re.ASCII)
_TOGETHER: Final = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
_YEAR_FIRST: Final = re.compile(r"(\d{4}) (\d{1,2}) (\d{1,2})", re.ASCII)  # what `autocomplete="bday"` fills in
_IN_WORDS: Final = re.compile(r"(\d{1,2})(?:er)? ([a-z]{3,}) (\d{4})", re.ASCII)
_MONTHS: Final = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)


def birth_date_from(typed: str) -> date | None:
    """Read a birth date; None where it is none, or has no year of four digits."""
    words = fold(typed)
    try:
        return _read(words)
    except ValueError:  # the 31st of a month that has 30
        return None


def error_in(typed: str, today: date) -> str | None:
    """Check what was typed: a refusal's code, or None; an empty field is for others to judge."""
    if not typed:
        return None
    born_on = birth_date_from(typed)
    if born_on is None:
        return "birth_date_malformed"
    if born_on > today:
        return "birth_date_to_come"
    return "birth_date_too_old" if age_at(born_on, today) >= _OLDEST else None


def age_at(born_on: date, day: date) -> int:
    """Count the whole years of somebody on a day; who is born on 29 February grows older on 1 March, or on that day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _read(words: str) -> date | None:
    if found := _DAY_FIRST.fullmatch(words) or _TOGETHER.fullmatch(words):
        day, month, year = map(int, found.groups())
        return date(year, month, day)
    if found := _YEAR_FIRST.fullmatch(words):
        year, month, day = map(int, found.groups())
        return date(year, month, day)
    if found := _IN_WORDS.fullmatch(words):
        return date(int(found[3]), _month(found[2]), int(found[1]))
    return None


def _month(word: str) -> int:
    """Find a month by its name, or by how it begins: « sept », « janv »; « jui » is none. Raises ValueError."""
    (only,) = (number for number, name in enumerate(_MONTHS, 1) if name.startswith(word))
    return only
