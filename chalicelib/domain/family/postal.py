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
_POSTCODE: Final = r"(?:F )?(\d\d) ?(\d{3})\b"
_TOWN: Final = r"(?a)(?:F[- ]?)?(\d\d) ?(\d{3}) +(.+)"
_FRENCH_POSTCODE: Final = r"[0-9]{5}"
_FOREIGN_POSTCODE: Final = r"(?a)[A-Za-z0-9][A-Za-z0-9 -]{1,9}"
# Abroad the town follows such a postcode, and the country stands on the last line; « 1250 route de Nice » is a street.
_FOREIGN_TOWN: Final = (
    r"(?i)((?:[A-Z]{1,3}[- ])?(?=\S*\d)[A-Za-z\d-]{3,8}(?: \d[A-Z]{2})?) +"
    r"(?!(?:bis|ter|rue|avenue|av|boulevard|bd|all.e|chemin|impasse|place|route|quai|square|cours|passage|voie|villa|"
    r"sentier|r.sidence|lotissement|hameau|faubourg|mail|clos|domaine)\b)(\D.*)"
)
# Countries whose postcodes are four digits, as a line or at the end of the town's.
_OF_FOUR_DIGITS: Final = (
    *("BELGIQUE", "BELGIE", "BELGIUM", "LUXEMBOURG", "LUXEMBURG", "SUISSE", "SCHWEIZ", "SVIZZERA", "SWITZERLAND"),
    *("LIECHTENSTEIN", "AUTRICHE", "OSTERREICH", "AUSTRIA", "PAYS BAS", "NEDERLAND", "DANEMARK", "DANMARK"),
    *("NORVEGE", "NORGE", "HONGRIE", "SLOVENIE", "BULGARIE", "CHYPRE", "LETTONIE", "PORTUGAL", "TUNISIE"),
    *("AFRIQUE DU SUD", "AUSTRALIE", "NOUVELLE ZELANDE"),
)
_FRANCE: Final = frozenset({"", "FRANCE", "FR", "F"})
_DIGITS: Final = 5  # of a French postcode
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
    postcode = re.match(_POSTCODE, town)
    return (*lines, "".join(postcode.groups()) + town[postcode.end() :] if postcode else town) if town else ()


def is_too_long(address: Sequence[str]) -> bool:
    """Whether an address has more lines than La Poste reads, the addressee's among them."""
    return len(postal_lines(address)) >= LINES_AT_MOST


def postcode_of(address: Sequence[str]) -> str:
    """Find the postcode, on the last line that begins with one; empty where there is none, as abroad."""
    matches = (re.match(_POSTCODE, line) for line in map(capitals, reversed(address)))
    return next(("".join(match.groups()) for match in matches if match), "")


def lines_of_cells(streets: Sequence[str], postcode: str, town: str, country: str) -> tuple[str, ...]:
    """Write the cells of a spreadsheet line by line, where France is no country.

    A French postcode that lost its zero as a number gets it back; « 1000 » of Belgium has none to get.
    """
    abroad = "" if capitals(country) in _FRANCE else country
    is_abroad = bool(abroad) or any(capitals(line) in _OF_FOUR_DIGITS for line in streets)
    if len(postcode) == _DIGITS - 1 and postcode.isdigit() and not (is_abroad or _names_a_country(town)):
        postcode = postcode.zfill(_DIGITS)
    return tuple(filter(None, (*streets, " ".join(filter(None, (postcode, town))), abroad)))


def _names_a_country(town: str) -> bool:
    return f" {capitals(town)}".endswith(tuple(f" {country}" for country in _OF_FOUR_DIGITS))


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
        match = re.fullmatch(_TOWN, town)
        bare = "".join(postcode.split())
        if match and bare in {"", match[1] + match[2]}:
            bare, town = match[1] + match[2], match[3]
        abroad = "" if capitals(country) == "FRANCE" else country
        return cls(
            tuple(line for line in streets if capitals(line)), postcode.strip() if abroad else bare, town, abroad
        )

    @classmethod
    def from_lines(cls, address: Sequence[str]) -> "Address":
        """Take an address on file apart: the last line that begins with a postcode has the town, a country comes after.

        Where there is none, all lines are those before the town, and the rest is asked for.
        """
        if found := _foreign_town(address):
            return cls(tuple(address[:-2]), found[1], found[2], address[-1])
        towns = [(place, found) for place, line in enumerate(address) if (found := re.fullmatch(_TOWN, line.strip()))]
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
        is_readable = re.fullmatch(_FOREIGN_POSTCODE if self.country else _FRENCH_POSTCODE, self.postcode)
        room = LINES_AT_MOST - 1 - (2 if self.country else 1)
        found = {
            "voie": {
                "address_missing": not self.streets,
                "address_too_many_lines": len(self.streets) > room,
                "line_too_long": _are_too_wide(*self.streets),
            },
            "code_postal": {"postcode_malformed": not is_readable},
            "ville": {
                "town_missing": not capitals(self.town),
                "line_too_long": _are_too_wide(self.lines[len(self.streets)]),
            },
            "pays": {"line_too_long": _are_too_wide(self.country)},
        }
        codes = {name: tuple(code for code, is_so in checks.items() if is_so) for name, checks in found.items()}
        return {name: broken for name, broken in codes.items() if broken}


def _foreign_town(address: Sequence[str]) -> re.Match[str] | None:
    """Match the town's line of an address abroad: the last but one, below a street and above a country."""
    *streets, town, country = address if len(address) > 1 else ("", "")
    is_named = bool(streets) and not any(map(str.isdigit, country))
    return re.fullmatch(_FOREIGN_TOWN, town) if is_named else None


def _are_too_wide(*lines: str) -> bool:
    return any(len(capitals(line)) > LINE_AT_MOST for line in lines)
