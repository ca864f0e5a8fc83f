"""Rows as French spreadsheets open them, one by one, in XLSX. No cell is read as a formula."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from chalicelib.office.csv_writer import is_formula

_DAY: Final = "dd/mm/yyyy"
_MOMENT: Final = "dd/mm/yyyy hh:mm"


def write_xlsx(file: BinaryIO, title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows under their headings in one sheet. Dates stay dates, and texts stay texts, even « =1 »."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, heading) for heading in headings])
    try:
        for row in rows:
            sheet.append([_cell(sheet, cell) for cell in row])
    except BaseException:
        sheet.close()  # else openpyxl complains later, outside any handler
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
        cell.quotePrefix = True  # and Excel would, once the cell is edited
    return cell


def _date_cell(sheet: Any, content: Any, form: str) -> object:  # noqa: ANN401 - the same
    cell = WriteOnlyCell(sheet, content)
    cell.number_format = form
    return cell
