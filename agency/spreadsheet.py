"""Rows as French spreadsheets open them, one by one, in CSV or XLSX; no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # OWASP, « CSV Injection »
_DAY: Final = "dd/mm/yyyy"
_MOMENT: Final = "dd/mm/yyyy hh:mm"


def write_csv(file: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows under their headings: semicolons, UTF-8 with its mark, days and hours as one types them."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(headings)
    writer.writerows([_text(cell) for cell in row] for row in rows)
    text.flush()
    text.detach()


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.strftime("%d/%m/%Y %H:%M")
        case date():
            return cell.strftime("%d/%m/%Y")
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_xlsx(file: BinaryIO, title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows under their headings in one sheet; dates are dates, and a text is a text, whatever it begins with."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append(headings)
    try:
        for row in rows:
            sheet.append([_cell(sheet, each) for each in row])
    except BaseException:
        sheet.close()  # else openpyxl complains of its own, when nobody listens any more
        raise
    workbook.save(file)


def _cell(sheet: Any, content: object) -> object:  # noqa: ANN401 - openpyxl names no type for it
    match content:
        case None | int():
            return content
        case datetime():
            return _dated(sheet, content.replace(tzinfo=None), _MOMENT)
        case date():
            return _dated(sheet, content, _DAY)
    return _said(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(content)))


def _said(sheet: Any, text: str) -> object:  # noqa: ANN401 - the same
    if not text:
        return None
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # openpyxl takes « =… » for a formula, and « #N/A » for an error
    if text.startswith(_FORMULA):
        cell.quotePrefix = True  # and Excel would, once somebody edits it
    return cell


def _dated(sheet: Any, content: Any, form: str) -> object:  # noqa: ANN401 - the same
    cell = WriteOnlyCell(sheet, content)
    cell.number_format = form
    return cell
