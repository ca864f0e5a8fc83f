"""XLSX read row by row: values, not formulas; numbers and dates as a person would type them."""

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from chalicelib.office.refusals import OfficeRefusal

_SHEETS_AT_MOST: Final = 500_000_000  # bytes unpacked: sheets are read in passing
_OTHERS_AT_MOST: Final = 200_000_000  # bytes unpacked: shared texts and styles are held in memory
_PACKED_AT_MOST: Final = 200  # to one: what real sheets never reach
_SMALL: Final = 10_000_000  # bytes, whatever their ratio
_ROWS_AT_MOST: Final = 1_048_576  # what a sheet can have; a row that says more is a trap
_COLUMNS_AT_MOST: Final = 250
_BROKEN: Final = (
    *(zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, LookupError, ValueError, TypeError),
    *(AttributeError, EOFError, RuntimeError),
)

# Of styles and charts, which nobody reads here, and of dates that no calendar has: such a cell reads « #VALUE! ».
warnings.filterwarnings("ignore", module="openpyxl")


def sheets(path: Path) -> list[str]:
    """Name the sheets of a workbook. Raises `OfficeRefusal` for what is none, or would fill the memory."""
    with _open_workbook(path) as workbook:
        names = [sheet.title for sheet in workbook.worksheets]
    if not names:
        raise OfficeRefusal("file_xlsx_broken", file=path.name)
    return names


def records(path: Path, sheet: str) -> Iterator[tuple[str, ...]]:
    """Read the rows of a sheet, empty ones too, so that they count as the spreadsheet counts them."""
    with _open_workbook(path) as workbook:
        rows = workbook[sheet]
        rows.reset_dimensions()  # what a file says of its size may be anything
        for number, row in enumerate(rows.iter_rows(values_only=True)):
            if number == _ROWS_AT_MOST:
                raise OfficeRefusal("file_too_big", file=path.name)
            yield _texts(row[:_COLUMNS_AT_MOST])


@contextmanager
def _open_workbook(path: Path) -> Iterator[Workbook]:
    with path.open("rb") as stream:
        try:
            _check_sizes(stream.name, zipfile.ZipFile(stream).infolist())
            workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            yield workbook
            workbook.close()
        except _BROKEN:
            raise OfficeRefusal("file_xlsx_broken", file=path.name) from None


def _check_sizes(name: str, parts: list[zipfile.ZipInfo]) -> None:
    """Refuse a bomb before it is unpacked; zipfile never unpacks more than a part says it has."""
    streamed = sum(part.file_size for part in parts if part.filename.startswith("xl/worksheets/"))
    in_memory = sum(part.file_size for part in parts) - streamed
    is_bomb = any(part.file_size > max(_SMALL, part.compress_size * _PACKED_AT_MOST) for part in parts)
    if is_bomb or streamed > _SHEETS_AT_MOST or in_memory > _OTHERS_AT_MOST:
        raise OfficeRefusal("file_too_big", file=Path(name).name)


def _texts(row: tuple[object, ...]) -> tuple[str, ...]:
    texts = [_text(value) for value in row]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _text(value: object) -> str:
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
