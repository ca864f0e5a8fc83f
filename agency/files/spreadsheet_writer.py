"""Rows as French spreadsheets open them, one by one, in CSV or XLSX; no cell is taken for a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any, BinaryIO, Final, TextIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from chalicelib.office.files.csv_injection import escape_formulas, is_formula

_DAY: Final = "dd/mm/yyyy"
_MOMENT: Final = "dd/mm/yyyy hh:mm"


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


def write_xlsx(file: BinaryIO, title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows under their headings in one sheet; dates are dates, and a text is a text, whatever it begins with."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, heading) for heading in headings])
    try:
        for row in rows:
            sheet.append([_cell(sheet, cell) for cell in row])
    except BaseException:
        sheet.close()  # else openpyxl complains of its own, when nobody listens any more
        raise
    workbook.save(file)


def _cell(sheet: Any, content: object) -> object:  # noqa: ANN401 - openpyxl names no type for it
    match content:
        case None | int():
            return content
        case datetime():
            return _date_cell(sheet, content.replace(tzinfo=None), _MOMENT)
        case date():
            return _date_cell(sheet, content, _DAY)
    return _text_cell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(content)))


def _text_cell(sheet: Any, text: str) -> object:  # noqa: ANN401 - the same
    if not text:
        return None
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # openpyxl takes « =… » for a formula, and « #N/A » for an error
    if is_formula(text):
        cell.quotePrefix = True  # and Excel would, once somebody edits it
    return cell


def _date_cell(sheet: Any, content: Any, form: str) -> object:  # noqa: ANN401 - the same
    cell = WriteOnlyCell(sheet, content)
    cell.number_format = form
    return cell
