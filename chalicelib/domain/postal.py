"""A postal address in France as the post's machines read it.

La Poste after NF Z 10-011: six lines of 38 characters at most, aligned left; the lines of the street and of the town in
capitals without accents, letters and digits only; five digits without a blank before the town.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_SPELT: Final = str.maketrans({"Œ": "OE", "Æ": "AE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH"})
_POSTCODE: Final = re.compile(r"(?:F )?(\d\d) ?(\d{3})\b")


def capitals(line: str) -> str:
    """Write a line in capitals without accents, letters and digits only."""
    apart = unicodedata.normalize("NFKD", line).upper().translate(_SPELT)
    bare = unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def postal_lines(address: Sequence[str]) -> tuple[str, ...]:
    """Give an address line by line, without empty ones; the postcode of the last in one piece."""
    *lines, town = [line for line in map(capitals, address) if line] or [""]
    found = _POSTCODE.match(town)
    return (*lines, "".join(found.groups()) + town[found.end() :] if found else town) if town else ()


def postcode_of(address: Sequence[str]) -> str:
    """Find the postcode, on the last line that begins with one; empty where there is none, as abroad."""
    found = (_POSTCODE.match(line) for line in map(capitals, reversed(address)))
    return next(("".join(each.groups()) for each in found if each), "")
