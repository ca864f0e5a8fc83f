"""A postal address in France as the post's machines read it.

La Poste after NF Z 10-011: six lines of 38 characters at most, aligned left; the lines of the street and of the town in
capitals without accents, letters and digits only; five digits without a blank before the town.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import field
from typing import Final

from chalicelib.values import frozen

_SPELT: Final = str.maketrans({"Œ": "OE", "Æ": "AE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH"})
_POSTCODE: Final = re.compile(r"(?:F )?(\d\d) ?(\d{3})\b")
_TOWN: Final = re.compile(r"(?:F[- ]?)?(\d\d) ?(\d{3}) +(.+)", re.ASCII)
_FRENCH_POSTCODE: Final = re.compile(r"[0-9]{5}")
_FOREIGN_POSTCODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{1,9}", re.ASCII)
LINES_AT_MOST: Final = 6  # the addressee's is the first
LINE_AT_MOST: Final = 38  # characters


def capitals(line: str) -> str:
    """Write a line in capitals without accents, letters and digits only."""
    apart = unicodedata.normalize("NFKD", line).upper().translate(_SPELT)
    bare = unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def postal_lines(address: Sequence[str]) -> tuple[str, ...]:
    """Write an address line by line, without empty ones; the postcode of the last in one piece."""
    *lines, town = [line for line in map(capitals, address) if line] or [""]
    found = _POSTCODE.match(town)
    return (*lines, "".join(found.groups()) + town[found.end() :] if found else town) if town else ()


def postcode_of(address: Sequence[str]) -> str:
    """Find the postcode, on the last line that begins with one; empty where there is none, as abroad."""
    found = (_POSTCODE.match(line) for line in map(capitals, reversed(address)))
    return next(("".join(match.groups()) for match in found if match), "")


@frozen
class Address:
    """A postal address in the parts that a form asks for; a country only where it is not France."""

    streets: tuple[str, ...] = field(default=(), repr=False)
    postcode: str = field(default="", repr=False)
    town: str = field(default="", repr=False)
    country: str = field(default="", repr=False)

    @classmethod
    def from_form(cls, streets: Sequence[str], postcode: str, town: str, country: str) -> "Address":
        """Read what was typed, kindly: a postcode before the town is one, « France » is no country abroad."""
        found = _TOWN.fullmatch(town)
        bare = "".join(postcode.split())
        if found and bare in {"", found.group(1) + found.group(2)}:
            bare, town = found.group(1) + found.group(2), found.group(3)
        abroad = "" if capitals(country) == "FRANCE" else country
        return cls(
            tuple(line for line in streets if capitals(line)), postcode.strip() if abroad else bare, town, abroad
        )

    @classmethod
    def from_lines(cls, address: Sequence[str]) -> "Address":
        """Take an address on file apart: the last line that begins with a postcode has the town, a country comes after.

        Where there is none, all lines are those before the town, and the rest is asked for.
        """
        towns = [(place, found) for place, line in enumerate(address) if (found := _TOWN.fullmatch(line.strip()))]
        if not towns:
            return cls(tuple(address))
        place, found = towns[-1]
        return cls(
            tuple(address[:place]), found.group(1) + found.group(2), found.group(3), " ".join(address[place + 1 :])
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """The address line by line, as it is kept."""
        return (*self.streets, f"{self.postcode} {self.town}", *((self.country,) if self.country else ()))

    @property
    def errors(self) -> dict[str, tuple[str, ...]]:
        """Name the fields that the post could not read, with what is wrong in each."""
        is_readable = (_FOREIGN_POSTCODE if self.country else _FRENCH_POSTCODE).fullmatch(self.postcode)
        room = LINES_AT_MOST - 1 - (2 if self.country else 1)
        found = {
            "voie": {
                "address_missing": not self.streets,
                "address_too_many_lines": len(self.streets) > room,
                "line_too_long": _is_too_long(*self.streets),
            },
            "code_postal": {"postcode_malformed": not is_readable},
            "ville": {
                "town_missing": not capitals(self.town),
                "line_too_long": _is_too_long(self.lines[len(self.streets)]),
            },
            "pays": {"line_too_long": _is_too_long(self.country)},
        }
        codes = {name: tuple(code for code, is_so in checks.items() if is_so) for name, checks in found.items()}
        return {name: broken for name, broken in codes.items() if broken}


def _is_too_long(*lines: str) -> bool:
    return any(len(capitals(line)) > LINE_AT_MOST for line in lines)
