"""XLSX read row by row: values, not formulas; numbers and dates as a person would type them.

By ourselves: openpyxl would not fit in the Lambda's zip (docs/decisions/0071), and one reader serves command and desk.
"""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from xml.parsers.expat import ExpatError

from chalicelib.office.files.xlsx_parts import Attributes, Dates, Rows, SharedTexts, Styles, place_of
from chalicelib.office.refusals import OfficeRefusal

_SHEETS_AT_MOST: Final = 500_000_000  # bytes unpacked: sheets are read in passing
_OTHERS_AT_MOST: Final = 64_000_000  # bytes unpacked: shared texts and styles take three times as much memory
_PACKED_AT_MOST: Final = 200  # to one: what real sheets never reach
_SMALL: Final = 10_000_000  # bytes, whatever their ratio
_ROWS_AT_MOST: Final = 1_048_576  # what a sheet can have; a row that says more is a trap
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WORKBOOK: Final = "xl/workbook.xml"
_BROKEN: Final = (
    *(zipfile.BadZipFile, zlib.error, ExpatError, LookupError, ValueError, TypeError),
    *(AttributeError, EOFError, RuntimeError),
)


class _Workbook:
    """An XLSX that is open."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._names = set(packed.namelist())
        self.sheets = self._find_sheets()

    def rows(self, sheet: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Read the rows of a sheet that are written, each with its number."""
        texts, styles = SharedTexts(), Styles()
        for part, name in ((texts, "xl/sharedStrings.xml"), (styles, "xl/styles.xml")):
            if name in self._names:
                with self._packed.open(name) as stream:
                    part.read(stream)
        told = self._attributes(_WORKBOOK, "workbookPr")
        of_macintosh = any(one.get("date1904") in {"1", "true"} for one in told)
        rows = Rows(texts.texts, Dates(styles, of_macintosh=of_macintosh))
        with self._packed.open(self.sheets[sheet]) as stream:
            for _ in rows.pieces(stream):
                yield from rows.take()

    def merged(self, sheet: str) -> Iterator[tuple[str, str]]:
        """List the corners of the cells of a sheet that are merged."""
        for merged in self._attributes(self.sheets[sheet], "mergeCell"):
            first, _, last = merged["ref"].partition(":")
            yield first, last or first

    def _find_sheets(self) -> dict[str, str]:
        """Find the part of each sheet of cells, by its name; a sheet of a chart is none."""
        relations = self._attributes("xl/_rels/workbook.xml.rels", "Relationship")
        parts = {
            one["Id"]: posixpath.normpath(posixpath.join("/xl", one["Target"])).lstrip("/")
            for one in relations
            if one["Type"].endswith("/worksheet")
        }
        sheets = self._attributes(_WORKBOOK, "sheet")
        return {sheet["name"]: parts[sheet["id"]] for sheet in sheets if sheet.get("id") in parts}

    def _attributes(self, part: str, name: str) -> list[dict[str, str]]:
        found = Attributes(name)
        with self._packed.open(part) as stream:
            found.read(stream)
        return [dict(one) for one in found.found]


def sheets(path: Path) -> list[str]:
    """Name the sheets of a workbook. Raises `OfficeRefusal` for what is none, or would fill the memory."""
    with _open_workbook(path) as workbook:
        names = list(workbook.sheets)
    if not names:
        raise OfficeRefusal("file_xlsx_broken", file=path.name)
    return names


def records(path: Path, sheet: str) -> Iterator[tuple[str, ...]]:
    """Read the rows of a sheet, empty ones too, so that they count as the spreadsheet counts them."""
    read = 0
    with _open_workbook(path) as workbook:
        for number, cells in workbook.rows(sheet):
            if max(number, read) > _ROWS_AT_MOST:
                raise OfficeRefusal("file_too_big", file=path.name)
            for _ in range(read + 1, number):
                yield ()
            yield cells
            read = max(number, read + 1)


def merged_across(path: Path, sheet: str, row: int) -> dict[int, int]:
    """Find the cells of a row that are merged across columns: the first place of each, and the last."""
    with _open_workbook(path) as workbook:
        places = {
            place_of(first): place_of(last)
            for first, last in workbook.merged(sheet)
            if first.lstrip(_LETTERS) == str(row)
        }
    return {first: last for first, last in places.items() if last > first}


@contextmanager
def _open_workbook(path: Path) -> Iterator[_Workbook]:
    try:
        with zipfile.ZipFile(path) as packed:
            _check_sizes(path.name, packed.infolist())
            yield _Workbook(packed)
    except _BROKEN:
        raise OfficeRefusal("file_xlsx_broken", file=path.name) from None


def _check_sizes(name: str, parts: list[zipfile.ZipInfo]) -> None:
    """Refuse a bomb before it is unpacked; zipfile never unpacks more than a part says it has."""
    streamed = sum(part.file_size for part in parts if part.filename.startswith("xl/worksheets/"))
    in_memory = sum(part.file_size for part in parts) - streamed
    is_bomb = any(part.file_size > max(_SMALL, part.compress_size * _PACKED_AT_MOST) for part in parts)
    if is_bomb or streamed > _SHEETS_AT_MOST or in_memory > _OTHERS_AT_MOST:
        raise OfficeRefusal("file_too_big", file=name)
