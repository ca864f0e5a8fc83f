"""The re-enrolments as one CSV for a browser, within the size of one answer of a function."""

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from datetime import datetime
from itertools import chain
from typing import Final

from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.office.account import check_author
from chalicelib.office.csv_writer import row_writer
from chalicelib.office.enrolment.reenrolments import EnrolledPupil, PupilQuery, pupils
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices as Services
from chalicelib.values import frozen

# A function answers 6 MB at most, as JSON (AWS Lambda, « Quotas »), so escapes are counted.
LARGEST: Final = 5_500_000
_MARK: Final = "\ufeff"  # the mark by which a spreadsheet recognises UTF-8
EXPORT_TRAIL: Final = "export"  # in the audit trail, in place of an account's pseudonym


@frozen
class ExportColumns:
    """The headings of an export, and the rows of a pupil under them."""

    headings: Sequence[str]
    rows_of: Callable[[EnrolledPupil], Iterable[Sequence[object]]]


@frozen
class CsvFile:
    """A file's text, and its number of rows without the headings."""

    text: str = field(repr=False)
    rows: int


def enrolments_csv(
    services: Services, queries: Sequence[PupilQuery], columns: ExportColumns, author: Author, now: datetime
) -> CsvFile:
    """Write the rows of some queries, each of one site. The export is audited before. Raises `OfficeRefusal`."""
    note_export(services, (query.site or "*" for query in queries), author, now)
    rows = chain.from_iterable(pupils(services, query, now) for query in queries)
    return csv_file(chain([columns.headings], chain.from_iterable(map(columns.rows_of, rows))))


def note_export(services: Services, sites: Iterable[str], author: Author, now: datetime) -> None:
    """Audit an export, site by site: « * » for all. Raises `OfficeRefusal`."""
    check_author(author)
    for site in sites:
        services.audit_trail.add(AuditEntry("exported", site, EXPORT_TRAIL, author, now))


def csv_file(cells: Iterable[Sequence[object]]) -> CsvFile:
    """Write rows as text, if one answer can hold them. Raises `OfficeRefusal`."""
    text, size, count = [_MARK], 0, 0
    for count, line in enumerate(_lines(cells)):
        size += len(json.dumps(line))
        if size > LARGEST:
            raise OfficeRefusal("export_too_large", rows=count - 1)
        text.append(line)
    return CsvFile("".join(text), count)


def _lines(cells: Iterable[Sequence[object]]) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    write = row_writer(buffer)
    for row in cells:
        write(row)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
