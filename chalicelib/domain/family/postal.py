"""French postal addresses, as required for machine sorting.

La Poste after NF Z 10-011: six lines of 38 characters at most, aligned left. The street and town lines are in capitals
without accents, letters and digits only, with a five-digit postcode before the town.
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
# A foreign address ends with such a postcode and the town, then the country. « 1250 route de Nice » is a street.
_FOREIGN_TOWN: Final = (
    r"(?i)((?:[A-Z]{1,3}[- ])?(?=\S*\d)[A-Za-z\d-]{3,8}(?: \d[A-Z]{2})?) +"
    r"(?!(?:bis|ter|rue|avenue|av|boulevard|bd|all.e|chemin|impasse|place|route|quai|square|cours|passage|voie|villa|"
    r"sentier|r.sidence|lotissement|hameau|faubourg|mail|clos|domaine)\b)(\D.*)"
)
# Countries with four-digit postcodes, as a line or at the end of the town's.
_OF_FOUR_DIGITS: Final = (
    *("BELGIQUE", "BELGIE", "BELGIUM", "LUXEMBOURG", "LUXEMBURG", "SUISSE", "SCHWEIZ", "SVIZZERA", "SWITZERLAND"),
    *("LIECHTENSTEIN", "AUTRICHE", "OSTERREICH", "AUSTRIA", "PAYS BAS", "NEDERLAND", "DANEMARK", "DANMARK"),
    *("NORVEGE", "NORGE", "HONGRIE", "SLOVENIE", "BULGARIE", "CHYPRE", "LETTONIE", "PORTUGAL", "TUNISIE"),
    *("AFRIQUE DU SUD", "AUSTRALIE", "NOUVELLE ZELANDE"),
)
_FRANCE: Final = frozenset({"", "FRANCE", "FR", "F"})
_DIGITS: Final = 5  # of a French postcode
LINES_AT_MOST: Final = 6  # with the addressee's
LINE_AT_MOST: Final = 38  # characters


def capitals(line: str) -> str:
    """Convert a line to capitals without accents, letters and digits only."""
    apart = unicodedata.normalize("NFKD", line).upper().translate(_SPELT)
    bare = unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def postal_lines(address: Sequence[str]) -> tuple[str, ...]:
    """Format an address line by line, without empty ones, its postcode as one word."""
    *lines, town = [line for line in map(capitals, address) if line] or [""]
    postcode = re.match(_POSTCODE, town)
    return (*lines, "".join(postcode.groups()) + town[postcode.end() :] if postcode else town) if town else ()


def is_too_long(address: Sequence[str]) -> bool:
    """Whether an address, with the addressee, has more lines than La Poste reads."""
    return len(postal_lines(address)) >= LINES_AT_MOST


def postcode_of(address: Sequence[str]) -> str:
    """Find the postcode, on the last line that starts with one. Empty if there is none, as abroad."""
    matches = (re.match(_POSTCODE, line) for line in map(capitals, reversed(address)))
    return next(("".join(match.groups()) for match in matches if match), "")


def lines_of_cells(streets: Sequence[str], postcode: str, town: str, country: str) -> tuple[str, ...]:
    """Build address lines from the cells of a spreadsheet, without the country if it is France.

    A French postcode stored as a number gets its leading zero back. A Belgian « 1000 » stays.
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
    """A postal address in the parts of a form. The country is empty for France."""

    streets: tuple[str, ...] = field(default=(), repr=False)
    postcode: str = field(default="", repr=False)
    town: str = field(default="", repr=False)
    country: str = field(default="", repr=False)

    @classmethod
    def from_form(cls, streets: Sequence[str], postcode: str, town: str, country: str) -> "Address":
        """Parse typed parts leniently: a postcode before the town counts, and the country « France » is dropped."""
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
        """Split an address on file: the last line with a postcode has the town, and a country follows.

        If no line has one, all lines are streets, and the other parts have to be asked for.
        """
        if town := _foreign_town(address):
            return cls(tuple(address[:-2]), town[1], town[2], address[-1])
        towns = [(place, town) for place, line in enumerate(address) if (town := re.fullmatch(_TOWN, line.strip()))]
        if not towns:
            return cls(tuple(address))
        place, town = towns[-1]
        return cls(tuple(address[:place]), town.group(1) + town.group(2), town.group(3), " ".join(address[place + 1 :]))

    @property
    def lines(self) -> tuple[str, ...]:
        """The address line by line, as stored."""
        return (*self.streets, f"{self.postcode} {self.town}", *((self.country,) if self.country else ()))

    @property
    def errors(self) -> dict[str, tuple[str, ...]]:
        """The fields that the post could not read, with their error codes."""
        is_readable = re.fullmatch(_FOREIGN_POSTCODE if self.country else _FRENCH_POSTCODE, self.postcode)
        room = LINES_AT_MOST - 1 - (2 if self.country else 1)
        checks_by_field = {
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
        codes = {
            name: tuple(code for code, is_so in checks.items() if is_so) for name, checks in checks_by_field.items()
        }
        return {name: broken for name, broken in codes.items() if broken}


def _foreign_town(address: Sequence[str]) -> re.Match[str] | None:
    """Match the town line of a foreign address: the last but one, between a street and a country."""
    *streets, town, country = address if len(address) > 1 else ("", "")
    is_named = bool(streets) and not any(map(str.isdigit, country))
    return re.fullmatch(_FOREIGN_TOWN, town) if is_named else None


def _are_too_wide(*lines: str) -> bool:
    return any(len(capitals(line)) > LINE_AT_MOST for line in lines)
