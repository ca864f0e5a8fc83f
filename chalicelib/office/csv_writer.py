"""Rows as French spreadsheets open them, one by one, in CSV; no cell is taken for a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import chain
from typing import BinaryIO, TextIO

from chalicelib.office.csv_injection import escape_formulas


def write_csv(file: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows under their headings: semicolons, UTF-8 with its mark, days and hours as one types them."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    write = row_writer(text)
    for row in chain([headings], rows):
        write(row)
    text.flush()
    text.detach()


def row_writer(file: TextIO) -> Callable[[Sequence[object]], object]:
    """Make what writes rows of a CSV; what a spreadsheet would take for a formula is a text in all of them."""
    write = csv.writer(file, delimiter=";").writerow
    return lambda row: write([_text(cell) for cell in row])


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case int():
            return str(cell)  # what we counted is a number, below zero too
        case datetime():
            return cell.strftime("%d/%m/%Y %H:%M")
        case date():
            return cell.strftime("%d/%m/%Y")
    return escape_formulas(str(cell))
