"""The administration's yearly file in our words: rows of tidy cells under columns we know, and what is wrong in one."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from typing import Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.values import frozen

Severity = Literal["error", "warning"]  # the row is left out; it is imported all the same
Column = tuple[str, int]  # a word of ours, and which one of its kind: the second e-mail is ("email", 2)

GUARDIANS_AT_MOST: Final = 4
EMAILS_AT_MOST: Final = 4
ONCE: Final = ("site", "identifier", "name", "postcode", "town", "country", "payer")
SEVERAL: Final = (
    *("guardian_address", "guardian_postcode", "guardian_town", "guardian_country"),
    *("address", "guardian_title", "guardian_first", "guardian", "email", "telephone", "mobile"),
    *("pupil_first", "pupil", "born_on", "discipline", "level", "teacher", "day", "time", "place", "room"),
)
NEEDED: Final[tuple[Column, ...]] = (("site", 1), ("identifier", 1), ("name", 1))

_GARBLED: Final = re.compile(r"\ufffd|Ã[\u0080-\u00bf]|â€")
_FORMULA_ERRORS: Final = re.compile(r"#(N/?A|REF!|VALUE!|VALEUR!|NAME\?|NOM\s?\?|DIV/0\s?!|NUM!|NOMBRE!|NULL!|NUL!)")


@frozen
class Row:
    """One row: its number as a spreadsheet shows it, and a cell for each known column of the file.

    `shifted`: something stands beyond the last heading, so nobody knows under which heading each cell belongs.
    `unnamed`: the columns without a heading that hold something here, by their letters: « colonne C ».
    """

    line: int
    cells: Mapping[Column, str] = field(repr=False)
    shifted: bool = False
    unnamed: tuple[str, ...] = ()

    def cell(self, word: str, number: int = 1) -> str:
        """Read a cell, empty where the file has no such column."""
        return self.cells.get((word, number), "")

    def numbers(self, *words: str) -> list[int]:
        """List the numbers under which the file has columns of some kinds."""
        return sorted({number for word, number in self.cells if word in words})


def join_cells(row: Row, number: int, *words: str) -> str:
    """Join the contents of several cells."""
    return " ".join(filter(None, (row.cell(word, number) for word in words)))


@frozen
class YearlyFile:
    """A file that can be read as often as one likes: its known columns as it calls them, and its rows.

    `ignored`: the headings of columns that we do not know.
    """

    headings: Mapping[Column, str]
    rows: Callable[[], Iterator[Row]]
    ignored: tuple[str, ...] = ()


@frozen
class Anomaly:
    """Something wrong in a row, where, and with what facts; `office/roster/anomalies.py` has a sentence for it."""

    code: str
    severity: Severity
    line: int
    column: Column | None = None
    ref: AccountRef | None = None
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)


class RowNotes:
    """What is noted of a row as it is read; one refusal leaves the row out."""

    def __init__(self, line: int) -> None:
        self._line = line
        self.ref: AccountRef | None = None  # once it is known
        self.found: list[Anomaly] = []
        self.doubted: set[str] = set()  # the fields of which a part could not be read

    @property
    def refuses(self) -> bool:
        """Whether the row is left out."""
        return any(anomaly.severity == "error" for anomaly in self.found)

    def refuse(self, code: str, column: Column | None = None, **facts: str) -> None:
        """Note what leaves the row out."""
        self.found.append(Anomaly(code, "error", self._line, column, self.ref, facts))

    def warn(self, code: str, column: Column, *, doubts: str | None = None, **facts: str) -> None:
        """Note what somebody should look at; a field that is doubted does not replace what is on file."""
        self.found.append(Anomaly(code, "warning", self._line, column, self.ref, facts))
        if doubts:
            self.doubted.add(doubts)


def has_control(cell: str, allowed: str = "") -> bool:
    """Whether a cell holds a control character, but for those that its kind may hold."""
    return any(unicodedata.category(character) == "Cc" and character not in allowed for character in cell)


def is_garbled(cell: str) -> bool:
    """Whether accents were lost before the file came: « Ã© » for « é »."""
    return bool(_GARBLED.search(cell))


def is_formula_error(cell: str) -> bool:
    """Whether a spreadsheet failed to compute a cell: « #N/A »."""
    return bool(_FORMULA_ERRORS.fullmatch(cell))
