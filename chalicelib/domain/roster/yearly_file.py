"""The administration's yearly file: rows of cleaned cells under known columns, and the anomalies of a row."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from typing import Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.values import frozen

Severity = Literal["error", "warning"]  # « error »: the row is left out. « warning »: it is imported
Column = tuple[str, int]  # one of our words, and its number: the second e-mail is ("email", 2)

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
    """One row: its number in the spreadsheet, and a cell for each known column of the file.

    `shifted`: it is longer than the headings, so that its cells may be in the wrong columns. `unnamed`: the letters of
    non-empty columns without a heading: « colonne C ».
    """

    line: int
    cells: Mapping[Column, str] = field(repr=False)
    shifted: bool = False
    unnamed: tuple[str, ...] = ()

    def cell(self, word: str, number: int = 1) -> str:
        """Return a cell. Empty if the file has no such column."""
        return self.cells.get((word, number), "")

    def numbers(self, *words: str) -> list[int]:
        """List the numbers of the file's columns of some kinds."""
        return sorted({number for word, number in self.cells if word in words})


def join_cells(row: Row, number: int, *words: str) -> str:
    """Join several cells with blanks."""
    return " ".join(filter(None, (row.cell(word, number) for word in words)))


@frozen
class YearlyFile:
    """A file that can be read repeatedly: its known columns with their headings, and its rows.

    `ignored`: the headings of unknown columns.
    """

    headings: Mapping[Column, str]
    rows: Callable[[], Iterator[Row]]
    ignored: tuple[str, ...] = ()


@frozen
class Anomaly:
    """An error or warning in a row, with its column and facts. Its sentence is in `office/roster/anomalies.py`."""

    code: str
    severity: Severity
    line: int
    column: Column | None = None
    ref: AccountRef | None = None
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)


ReportAnomaly = Callable[[Anomaly], None]


class RowNotes:
    """Collects the anomalies of a row. One error leaves the row out."""

    def __init__(self, line: int) -> None:
        self._line = line
        self.ref: AccountRef | None = None  # once it is parsed
        self.anomalies: list[Anomaly] = []
        self.doubted: set[str] = set()  # fields that are partly unreadable

    @property
    def refuses(self) -> bool:
        """Whether the row is left out."""
        return any(anomaly.severity == "error" for anomaly in self.anomalies)

    def refuse(self, code: str, column: Column | None = None, **facts: str) -> None:
        """Add an error, which leaves the row out."""
        self.anomalies.append(Anomaly(code, "error", self._line, column, self.ref, facts))

    def warn(self, code: str, column: Column, *, doubts: str | None = None, **facts: str) -> None:
        """Add a warning. A doubted field does not replace the value on file."""
        self.anomalies.append(Anomaly(code, "warning", self._line, column, self.ref, facts))
        if doubts:
            self.doubted.add(doubts)


def has_control(cell: str, allowed_controls: str = "") -> bool:
    """Whether a cell holds a control character that its kind does not allow."""
    return any(unicodedata.category(character) == "Cc" and character not in allowed_controls for character in cell)


def is_garbled(cell: str) -> bool:
    """Whether the encoding of accents is broken: « Ã© » for « é »."""
    return bool(_GARBLED.search(cell))


def is_formula_error(cell: str) -> bool:
    """Whether a cell is a spreadsheet's error: « #N/A »."""
    return bool(_FORMULA_ERRORS.fullmatch(cell))
