"""The place of a page in the table that it was opened from, in its address: `?ligne=POSITION/TOTAL/LIST?FILTERS`."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from chalicelib.values import frozen

ROW: Final = "ligne"  # of the address of any page of the desk
BESIDE: Final = {"precedente": -1, "suivante": 1}
_OF_ACTS: Final = frozenset({ROW, "fait"})  # parameters of an address that are not its page's
_PLACE: Final = re.compile(
    r"([1-9]\d{0,5})/([1-9]\d{0,5})(/extranet/bureau(?:/[a-z-]+)+)(?:\?([\w.%&=+-]*))?", re.ASCII
)


@frozen
class TablePlace:
    """A row of a table: its position from 1, the number of rows, the table's path and its filters in an address."""

    position: int
    total: int
    path: str
    filters: str

    @classmethod
    def parse(cls, text: str) -> "TablePlace | None":
        """Parse a place. None for any other text."""
        match = _PLACE.fullmatch(text)
        return cls(int(match[1]), int(match[2]), match[3], match[4] or "") if match else None

    @property
    def table(self) -> str:
        """The address of the table."""
        return f"{self.path}?{self.filters}" if self.filters else self.path

    def of(self, address: str) -> str:
        """Write the address of the row's page, which carries this place."""
        page, mark, anchor = address.partition("#")
        place = urlencode({ROW: f"{self.position}/{self.total}{self.table}"})
        return f"{page}{'&' if '?' in page else '?'}{place}{mark}{anchor}"

    def beside(self, step: str, here: str) -> str:
        """Write the address that leads to the row before or after this one. `here`: the address of this row's page."""
        query = urlencode({"vers": step, "rang": self.position, "ici": here})
        return f"{self.path}?{self.filters}{'&' if self.filters else ''}{query}"


def page_of(path: str, query: Mapping[str, str]) -> str:
    """Write the address of a page as a table links to it: without the place in it, and without an act just done."""
    parameters = {name: value for name, value in query.items() if name not in _OF_ACTS}
    return f"{path}?{urlencode(parameters)}" if parameters else path
