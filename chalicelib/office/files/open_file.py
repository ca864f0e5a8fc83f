"""A file of families or invoices opened: its kind by content, its heading row, its rows under our column names."""

import codecs
import csv
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice, pairwise, zip_longest
from pathlib import Path
from typing import Final

from chalicelib.domain.roster.yearly_file import Column, Row, YearlyFile
from chalicelib.domain.text import tidy
from chalicelib.office.csv_writer import unescape_formulas
from chalicelib.office.files.columns import FAMILIES, Columns, Headings
from chalicelib.office.files.headings import Vocabulary, left_over, read_together
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.settings.environment import Network
from chalicelib.values import frozen

_NAME: Final = "déposé"  # a file's name in sentences: « Le fichier déposé est vide »


@contextmanager
def received(content: bytes) -> Iterator[Path]:
    """Store the content in a temporary file for `open_file`, and always delete it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, _NAME)
        path.write_bytes(content)
        yield path


SEPARATORS: Final = (";", ",", "\t")
_CHUNK: Final = 1 << 20  # bytes
_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def encoding_of(path: Path) -> str:
    """Find the encoding: as marked, else UTF-8 if all of it is valid, else Windows-1252. Raises `OfficeRefusal`."""
    with path.open("rb") as stream:
        head = stream.read(_CHUNK)
    for bom, encoding in _MARKS.items():
        if head.startswith(bom):
            return encoding
    if b"\0" in head:
        raise OfficeRefusal("file_not_table", file=path.name)
    for encoding in ("utf-8", "cp1252"):
        if _is_all(path, encoding):
            return encoding
    raise OfficeRefusal("file_encoding", file=path.name)


def records(path: Path, encoding: str, separator: str) -> Iterator[tuple[str, ...]]:
    """Read the records, including empty ones, so that rows are numbered as in a spreadsheet. Raises `OfficeRefusal`."""
    with path.open(encoding=encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=separator, strict=True)
        count = 0
        try:
            for record in reader:
                count += 1
                yield tuple(record)
        except csv.Error:
            raise OfficeRefusal("file_quotes", file=path.name, line=count + 1) from None
        except UnicodeError:
            raise OfficeRefusal("file_encoding", file=path.name) from None


def _is_all(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as stream:
        try:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


Records = Callable[[], Iterator[tuple[str, ...]]]
Merged = Callable[[int], Mapping[int, int]]  # of a row: the first and last position of merged cells

_HEADINGS_WITHIN: Final = 20  # rows: a title may be above
_LARGEST: Final = 500_000_000  # bytes
_OLD_EXCEL: Final = bytes.fromhex("d0cf11e0a1b11ae1")  # also a password-protected XLSX
_ZIP: Final = b"PK"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SITE: Final = ("site", 1)


@frozen
class _Table:
    """A sheet, or a CSV under one separator: its records, and its heading row."""

    name: str
    records: Records
    line: int
    headings: tuple[str, ...]
    known_headings: int
    unclear: tuple[str, ...] = ()  # headings in two rows that remain ambiguous

    @property
    def is_csv(self) -> bool:
        """Whether it is a CSV, whose cells a separator in a text may have shifted."""
        return not self.name


@frozen
class _Layout:
    """A table in one version of a file: the position of each of our columns, and the site of rows without one."""

    path: Path
    table: _Table
    columns: Mapping[Column, int]
    constants: Mapping[Column, str]
    version: tuple[int, int]


def open_file(path: Path, network: Network, site: str | None = None, layout: Columns = FAMILIES) -> YearlyFile:
    """Open a file of families. `site`: of all rows, if there is no column of sites. Raises `OfficeRefusal`."""
    with _refuse_unreadable(path):
        vocabulary = Vocabulary(layout.own_names(network), layout)
        table = _choose(path, layout, [_find_headings(*table, vocabulary) for table in _tables(path)])
        if table.unclear:
            raise OfficeRefusal("file_headings_in_two_rows", headings=_quote_headings(table.unclear))
        columns = vocabulary.columns(table.headings)
    constants = _site_of_all_rows(columns, network, site)
    if lacking := layout.missing(columns | dict.fromkeys(constants, 0)):
        headings = _quote_headings(table.headings)
        raise OfficeRefusal("file_columns_lacking", columns=lacking, headings=headings, section=layout.section)
    places = set(columns.values())
    return YearlyFile(
        headings=Headings({column: table.headings[place] for column, place in columns.items()}, layout.names),
        rows=partial(_rows, _Layout(path, table, columns, constants, _version(path))),
        ignored=tuple(heading for place, heading in enumerate(table.headings) if heading and place not in places),
    )


def _site_of_all_rows(columns: Mapping[Column, int], network: Network, site: str | None) -> dict[Column, str]:
    """Choose the site of all rows: the requested one, or the only one there is."""
    if site is None:
        only = network.sites[0].code if len(network.sites) == 1 else None
        return {_SITE: only} if only and _SITE not in columns else {}
    if _SITE in columns:
        raise OfficeRefusal("file_has_sites")
    if network.site(site) is None:
        raise OfficeRefusal("site_unknown", site=site, sites=tuple(site.code for site in network.sites))
    return {_SITE: site}


def _rows(layout: _Layout) -> Iterator[Row]:
    """Read the rows under the headings. Raises `OfficeRefusal` if the file changed since it was opened."""
    table, columns, width = layout.table, layout.columns, len(layout.table.headings)
    with _refuse_unreadable(layout.path), _refuse_changes(layout.path, layout.version):
        for line, record in enumerate(table.records(), start=1):
            if line <= table.line:
                continue
            cells = {
                column: tidy(unescape_formulas(record[place])) if place < len(record) else ""
                for column, place in columns.items()
            }
            is_shifted = table.is_csv and any(cell.strip() for cell in record[width:])
            if is_shifted or any(cells.values()):
                yield Row(line, {**cells, **layout.constants}, is_shifted, _unnamed(table, record))


def _unnamed(table: _Table, record: Sequence[str]) -> tuple[str, ...]:
    """Name the columns that have values and no heading. In a CSV, values past the headings mean a shifted row."""
    there = record[: len(table.headings)] if table.is_csv else record
    columns = enumerate(zip_longest(there, table.headings[: len(there)], fillvalue=""))
    return tuple(f"colonne {_letters(place)}" for place, (cell, heading) in columns if not heading and cell.strip())


def _letters(place: int) -> str:
    """Name a column as a spreadsheet does: A to Z, AA."""
    before, letter = divmod(place, len(_LETTERS))
    return (_letters(before - 1) if before else "") + _LETTERS[letter]


def _tables(path: Path) -> Iterator[tuple[str, Records, Merged]]:
    """List the possible tables: each sheet, or the file under each separator."""
    with path.open("rb") as stream:
        head = stream.read(len(_OLD_EXCEL))
    if not head:
        raise OfficeRefusal("file_empty", file=path.name)
    if head == _OLD_EXCEL:
        raise OfficeRefusal("file_is_xls", file=path.name)
    if head.startswith(_ZIP):
        _check_workbook(path)
        # Imported here: openpyxl takes 0.1 s, and only this job and this command need it.
        from chalicelib.office.files import xlsx_reader as xlsx  # noqa: PLC0415

        for sheet in xlsx.sheets(path):
            yield sheet, partial(xlsx.records, path, sheet), partial(xlsx.merged_across, path, sheet)
        return
    encoding = encoding_of(path)
    for separator in SEPARATORS:
        yield "", partial(records, path, encoding, separator), lambda _row: {}


def _check_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        raise OfficeRefusal("file_xlsx_broken", file=path.name) from None
    if "content.xml" in names:
        raise OfficeRefusal("file_is_ods", file=path.name)
    if "xl/workbook.xml" not in names:
        raise OfficeRefusal("file_not_table", file=path.name)


def _find_headings(name: str, records: Records, spans: Merged, vocabulary: Vocabulary) -> _Table:
    """Find the headings: the first row with the most known ones, or two rows that give more together."""
    first: list[tuple[str, ...]] = []
    try:
        first.extend(tuple(map(tidy, record)) for record in islice(records(), _HEADINGS_WITHIN))
    except OfficeRefusal as refusal:
        if refusal.code != "file_quotes":
            raise
    counts = [vocabulary.count_known(record) for record in first]
    best = max(counts, default=0)
    place = counts.index(best) if counts else 0
    below = first[place + 1] if place + 1 < len(first) else ()
    unclear = left_over(first[place], below, vocabulary) if first else ()
    table = _Table(name, records, place + 1, first[place] if first else (), best, unclear)
    for upper in (upper for upper, (count, next_one) in enumerate(pairwise(counts)) if count and next_one):
        together = read_together(first[upper], first[upper + 1], spans(upper + 1), vocabulary)
        count = vocabulary.count_known(together.headings)
        if count > table.known_headings:
            table = _Table(name, records, upper + 2, together.headings, count, together.unclear)
    return table


def _choose(path: Path, layout: Columns, tables: Sequence[_Table]) -> _Table:
    """Choose the table with the most known columns. Refuse two sheets of families: a person must choose."""
    best = max(tables, key=lambda table: table.known_headings)
    if not any(any(table.headings) for table in tables):
        raise OfficeRefusal("file_empty", file=path.name)
    if not best.known_headings:
        headings = _quote_headings(max((t.headings for t in tables), key=len))
        raise OfficeRefusal("file_headings_unknown", headings=headings, columns=layout.missing({}))
    sheets = [table.name for table in tables if table.name and table.known_headings >= 3]  # noqa: PLR2004 - of every family
    if len(sheets) > 1:
        raise OfficeRefusal("file_sheets_many", sheets=_quote_headings(sheets))
    return best


def _quote_headings(headings: Sequence[str]) -> str:
    """List headings, shortened if a file's text was taken for headings."""
    first = [heading[:40] for heading in headings if heading][:12]
    return ", ".join(f"« {heading} »" for heading in first) or "aucun"


@contextmanager
def _refuse_changes(path: Path, version: tuple[int, int]) -> Iterator[None]:
    """Refuse to read a file that changes during the reading. Raises `OfficeRefusal`."""
    if _version(path) != version:
        raise OfficeRefusal("file_changed", file=path.name)
    yield
    if _version(path) != version:
        raise OfficeRefusal("file_changed", file=path.name)


def _version(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


@contextmanager
def _refuse_unreadable(path: Path) -> Iterator[None]:
    """Refuse an unreadable file, with the reason."""
    try:
        if path.is_dir():
            raise OfficeRefusal("file_is_folder", file=path.name)
        if path.exists() and not path.is_file():
            raise OfficeRefusal("file_not_table", file=path.name)
        if path.stat().st_size > _LARGEST:
            raise OfficeRefusal("file_too_big", file=path.name)
        yield
    except FileNotFoundError:
        raise OfficeRefusal("file_absent", file=str(path)) from None
    except OSError as error:
        raise OfficeRefusal("file_locked", file=path.name, reason=error.strerror or type(error).__name__) from None
