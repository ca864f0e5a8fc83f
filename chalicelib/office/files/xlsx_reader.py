"""XLSX read row by row by openpyxl: values, not formulas. Numbers and dates read as a person would type them.

openpyxl holds a row, the shared texts and the styles as trees: a file too large for memory is refused before.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import IO, Any, Final
from warnings import filterwarnings
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import iterparse  # openpyxl parses with it if it is installed: no entity is expanded
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.xml.constants import SHEET_MAIN_NS

from chalicelib.office.refusals import OfficeRefusal

_COLUMNS_AT_MOST: Final = 250
_SHEETS_AT_MOST: Final = 500_000_000  # bytes unpacked: sheets are streamed
_OTHERS_AT_MOST: Final = 64_000_000  # bytes unpacked: shared texts and styles take three times as much memory
_PACKED_AT_MOST: Final = 200  # to one: real sheets never reach it
_SMALL: Final = 10_000_000  # bytes, at any ratio
_ROWS_AT_MOST: Final = 1_048_576  # the limit of a sheet: a row with more is an attack
_HELD_AT_MOST: Final = 500_000  # elements and attributes in memory at once, some 400 bytes each
_CHUNK: Final = 1 << 20  # bytes
_RELEASED: Final = re.compile(rb"<(?:row|si)\b")  # openpyxl drops the content of these elements once it has read one
_BROKEN: Final = (
    *(zipfile.BadZipFile, zlib.error, ParseError, LookupError, ValueError, TypeError),
    *(AttributeError, EOFError, RuntimeError, OSError),
)

_MERGED: Final = f"{{{SHEET_MAIN_NS}}}mergeCell"

filterwarnings("ignore", module="openpyxl")  # in English, about styles that are not read here


def sheets(path: Path) -> list[str]:
    """List the names of a workbook's sheets. Raises `OfficeRefusal` for no workbook, or one too large for memory."""
    with path.open("rb") as file, _refuse_broken(path):
        _check(path.name, file)
    with _open_workbook(path) as reader:
        names = [sheet.title for sheet in reader.wb.worksheets]
        if not names:
            is_strict = any(not sheet.id for sheet in reader.parser.sheets)  # under names unknown to openpyxl
            raise OfficeRefusal("file_xlsx_strict" if is_strict else "file_xlsx_broken", file=path.name)
    return names


def records(path: Path, sheet: str) -> Iterator[tuple[str, ...]]:
    """Read the rows of a sheet that `sheets` named, including empty ones: rows are numbered as in the spreadsheet."""
    with _open_workbook(path) as reader:
        rows: Any = reader.wb[sheet]
        rows.reset_dimensions()  # otherwise a sheet's size is as declared
        for number, row in enumerate(rows.iter_rows(values_only=True), start=1):
            if number > _ROWS_AT_MOST:
                raise OfficeRefusal("file_too_big", file=path.name)
            yield _without_end([_text(value) for value in row[:_COLUMNS_AT_MOST]])


def merged_across(path: Path, sheet: str, row: int) -> dict[int, int]:
    """Find the cells of a row that are merged across columns: the first position of each, and the last."""
    places: dict[int, int] = {}
    with _open_workbook(path) as reader:
        (part,) = {relation.target for named, relation in reader.parser.find_sheets() if named.name == sheet}
        with reader.archive.open(part) as stream:
            for _, element in iterparse(stream):
                if element.tag == _MERGED:
                    span = CellRange(element.get("ref"))
                    if span.min_row == row and span.max_col > span.min_col:
                        places[span.min_col - 1] = span.max_col - 1
                element.clear()
    return places


@contextmanager
def _open_workbook(path: Path) -> Iterator[ExcelReader]:
    with path.open("rb") as file, _refuse_broken(path):
        reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        reader.read()
        yield reader


@contextmanager
def _refuse_broken(path: Path) -> Iterator[None]:
    try:
        yield
    except _BROKEN:
        raise OfficeRefusal("file_xlsx_broken", file=path.name) from None


def _check(name: str, file: IO[bytes]) -> None:
    """Refuse a bomb before it is unpacked: zipfile never unpacks more than a part's declared size."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        in_stream = sum(part.file_size for part in parts if part.filename.startswith("xl/worksheets/"))
        in_memory = sum(part.file_size for part in parts) - in_stream
        is_bomb = any(part.file_size > max(_SMALL, part.compress_size * _PACKED_AT_MOST) for part in parts)
        if is_bomb or in_stream > _SHEETS_AT_MOST or in_memory > _OTHERS_AT_MOST:
            raise OfficeRefusal("file_too_big", file=name)
        for part in parts:
            with archive.open(part) as stream:
                if _counts_beyond(stream, _HELD_AT_MOST):
                    raise OfficeRefusal("file_too_big", file=name)


def _counts_beyond(stream: IO[bytes], limit: int) -> bool:
    """Whether a part has more rows, or more elements and attributes between two rows, than allowed in memory."""
    rows = size = 0
    while piece := stream.read(_CHUNK):
        for place, row in enumerate(_RELEASED.split(piece)):
            rows, size = (rows + 1, 0) if place else (rows, size)
            size += row.count(b"<") + row.count(b"=")
            if max(rows, size) > limit:
                return True
    return False


def _text(value: object) -> str:
    """Format a value as a person would type it."""
    match value:
        case None:
            return ""
        case bool():
            return "VRAI" if value else "FAUX"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case _:
            return str(value).replace("_x000D_", "")


def _without_end(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)
