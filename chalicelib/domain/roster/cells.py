"""What a cell of a spreadsheet says, as French people and their software write it: a day, an amount, or neither."""

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
_EPOCH: Final = date(1899, 12, 30)  # of a spreadsheet's serial numbers
_AMOUNT: Final = re.compile(
    r"([-+\N{MINUS SIGN}]?) ?(\d{1,3}(?:[ .,']\d{3})+|\d+)(?:([.,])(\d+))? ?(?:€|EUR|euros?)?",
    re.IGNORECASE | re.ASCII,
)
_CENT_DIGITS: Final = 2
_NOISE_DIGITS: Final = 6  # from here on, decimals are those of a computer's sum: 119.99999999999999
_MOST: Final = 100_000_000  # cents: a million euros is no family's bill


def day_from(typed: str) -> date | None:
    """Read 28/02/2015 or 2015-02-28."""
    found = _DATE.fullmatch(typed)
    if not found:
        return None
    year, month, day = found.groups()[:3] if found[1] else reversed(found.groups()[3:])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def birth_dates_from(typed: str) -> Iterator[date]:
    """List all days that a birth date may mean: « 14 mars 2016 », « 14/03/16 » of two centuries, 20160314, 42443."""
    if day := day_from(typed):
        yield day
    elif _BIRTH_DATE.fullmatch(typed):
        words = _WEEKDAY.sub("", fold(typed), count=1)
        spellings = [words, _YEAR_FIRST.sub(r"\1 \2 \3", words)]
        spellings += [_SHORT_YEAR.sub(rf"\1 {century}\2", words) for century in ("19", "20")]
        yield from filter(None, map(birth_date_from, spellings))
        if _SERIAL.fullmatch(words):
            yield _EPOCH + timedelta(days=int(words))


def cents_from(typed: str) -> int | None:
    """Read an amount as cents: « 1 234,50 € », « 1.234,50 », « -12 ». None for « 1.234 », which may be two amounts."""
    found = _AMOUNT.fullmatch(typed.strip())
    if not found:
        return None
    sign, whole, point, part = found.groups()
    marks = {character for character in whole if not character.isdigit()}
    if len(marks) > 1 or (marks & {".", ","} and (point is None or point in marks)):
        return None
    cents = _cents("".join(filter(str.isdigit, whole)), part or "")
    if cents is None or cents > _MOST:
        return None
    return -cents if sign in {"-", "\N{MINUS SIGN}"} else cents


def _cents(whole: str, part: str) -> int | None:
    """Count cents; a third decimal is no amount of money, unless it is noise far behind the cents."""
    if len(part) <= _CENT_DIGITS:
        return int(whole) * 100 + int(part.ljust(_CENT_DIGITS, "0"))
    if len(part) <= _NOISE_DIGITS:
        return None
    thousandths = int(whole) * 10**_NOISE_DIGITS + round(int(part[: _NOISE_DIGITS + 1]) / 10)
    cents, rest = divmod(thousandths, 10 ** (_NOISE_DIGITS - _CENT_DIGITS))
    return None if rest else cents
