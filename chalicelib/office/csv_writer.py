"""Rows as CSV for French spreadsheets, written one by one. No cell is read as a formula."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import chain
from typing import BinaryIO, Final, TextIO

# The first characters of a formula (OWASP, « CSV Injection »), in every width of Unicode.
_SIGNS: Final = "-=+@＝＋－＠﹦﹢﹣﹫"
# Characters that a spreadsheet may skip before them: blanks, quotation marks, invisible ones and our own apostrophe.
_PASSED_OVER: Final = r"""'"\s\x00-\x1f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"""
_SEPARATORS: Final = (";", ",", "|")
# A run is read once, from its beginning: a cell of a file may have a hundred thousand characters.
_FORMULA: Final = re.compile(rf"(?<![{_PASSED_OVER}])[{_PASSED_OVER}]*+[{_SIGNS}]")
_BEGINS: Final = re.compile(rf"[{_PASSED_OVER}]*+[{_SIGNS}]|'*+[\t\r\n]")
_LINE: Final = re.compile(r"(?<=[\t\r\n])")
_GUARDED_LINE: Final = re.compile(r"(?<=[\t\r\n])'")


def escape_formulas(text: str) -> str:
    """Put an apostrophe wherever a cell may begin like a formula, under any separator."""

    def guarded(formula: re.Match[str]) -> str:
        is_cell = text[formula.start() - 1 : formula.start()] in _SEPARATORS
        return ("'" if is_cell else "") + _LINE.sub("'", formula[0])

    return ("'" if is_formula(text) else "") + _FORMULA.sub(guarded, text)


def unescape_formulas(text: str) -> str:
    """Remove the apostrophes of `escape_formulas`, so that an export can be imported unchanged."""

    def bare(formula: re.Match[str]) -> str:
        is_cell = text[formula.start() - 1 : formula.start()] in _SEPARATORS
        return _GUARDED_LINE.sub("", formula[0].removeprefix("'") if is_cell else formula[0])

    if "'" not in text:
        return text
    return _FORMULA.sub(bare, text)[text.startswith("'") and is_formula(text) :]


def is_formula(text: str) -> bool:
    """Whether a whole cell begins like a formula."""
    return _BEGINS.match(text) is not None


def write_csv(file: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows under their headings: semicolons, UTF-8 with its mark, French days and hours."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    write = row_writer(text)
    for row in chain([headings], rows):
        write(row)
    text.flush()
    text.detach()


def row_writer(file: TextIO) -> Callable[[Sequence[object]], object]:
    """Make a function that writes rows of a CSV, with formulas escaped in all cells."""
    write = csv.writer(file, delimiter=";").writerow
    return lambda row: write([_text(cell) for cell in row])


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case int():
            return str(cell)  # our own numbers may be negative
        case datetime():
            return cell.strftime("%d/%m/%Y %H:%M")
        case date():
            return cell.strftime("%d/%m/%Y")
    return escape_formulas(str(cell))
