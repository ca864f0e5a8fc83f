"""Cells of a spreadsheet in French formats: days and amounts."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from chalicelib.domain.family.birth_dates import birth_date_from
from chalicelib.domain.text import fold

_DATE: Final = re.compile(r"(?:(\d{4})-(\d\d)-(\d\d)|(\d\d?)[/.-](\d\d?)[/.-](\d{4}))(?:[ T]00:00(?::00)?)?")
_BIRTH_DATE: Final = re.compile(r"[\w /.,-]+")
_WEEKDAY: Final = re.compile(r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) ")
_SHORT_YEAR: Final = re.compile(r"^(\d\d? \w+) (\d\d)$", re.ASCII)
_YEAR_FIRST: Final = re.compile(r"^(\d{4})(\d\d)(\d\d)$", re.ASCII)
_SERIAL: Final = re.compile(r"\d{4,5}", re.ASCII)
_EPOCH: Final = date(1899, 12, 30)  # day zero of a spreadsheet's serial numbers
_AMOUNT: Final = re.compile(
    r"([-+\N{MINUS SIGN}]?) ?(\d{1,3}(?:[ .,']\d{3})+|\d+)(?:([.,])(\d+))? ?(?:€|EUR|euros?)?", re.IGNORECASE | re.ASCII
)
_CENT_DIGITS: Final = 2
_NOISE_DIGITS: Final = 6  # with more decimals than this, rounding noise of a sum: 119.99999999999999
_MOST: Final = 100_000_000  # cents: no family's bill reaches a million euros


def day_from(text: str) -> date | None:
    """Parse 28/02/2015 or 2015-02-28."""
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = match.groups()[:3] if match[1] else reversed(match.groups()[3:])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def birth_dates_from(text: str) -> Iterator[date]:
    """List the possible days of a birth date: « 14 mars 2016 », « 14/03/16 » in two centuries, 20160314, 42443."""
    if day := day_from(text):
        yield day
    elif _BIRTH_DATE.fullmatch(text):
        words = _WEEKDAY.sub("", fold(text), count=1)
        spellings = [words, _YEAR_FIRST.sub(r"\1 \2 \3", words)]
        spellings += [_SHORT_YEAR.sub(rf"\1 {century}\2", words) for century in ("19", "20")]
        yield from filter(None, map(birth_date_from, spellings))
        if _SERIAL.fullmatch(words):
            yield _EPOCH + timedelta(days=int(words))


def cents_from(text: str) -> int | None:
    """Parse an amount to cents: « 1 234,50 € », « 1.234,50 », « -12 ». None for « 1.234 », which is ambiguous."""
    match = _AMOUNT.fullmatch(text.strip())
    if not match:
        return None
    sign, whole, point, part = match.groups()
    marks = {character for character in whole if not character.isdigit()}
    if len(marks) > 1 or (marks & {".", ","} and (point is None or point in marks)):
        return None
    cents = _cents("".join(filter(str.isdigit, whole)), part or "")
    if cents is None or cents > _MOST:
        return None
    return -cents if sign in {"-", "\N{MINUS SIGN}"} else cents


def _cents(whole: str, part: str) -> int | None:
    """Compute cents. None for a third decimal, except rounding noise far behind it."""
    if len(part) <= _CENT_DIGITS:
        return int(whole) * 100 + int(part.ljust(_CENT_DIGITS, "0"))
    if len(part) <= _NOISE_DIGITS:
        return None
    thousandths = int(whole) * 10**_NOISE_DIGITS + round(int(part[: _NOISE_DIGITS + 1]) / 10)
    cents, rest = divmod(thousandths, 10 ** (_NOISE_DIGITS - _CENT_DIGITS))
    return None if rest else cents
