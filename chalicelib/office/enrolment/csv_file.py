"""The re-enrolments as one CSV that a browser keeps: `clef enrolments export`, in what one answer may hold."""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from datetime import datetime
from itertools import chain
from typing import Final

from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.office.account import check_author
from chalicelib.office.csv_writer import row_writer
from chalicelib.office.enrolment.export import HEADINGS, rows
from chalicelib.office.enrolment.reenrolments import PupilQuery
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.family import Services
from chalicelib.values import frozen

# A function answers with 6 MB at most, as JSON (AWS Lambda, « Quotas »): what escapes may add is counted.
LARGEST: Final = 5_500_000
_MARK: Final = "\ufeff"  # by which a spreadsheet knows UTF-8
EXPORT_TRAIL: Final = "export"  # in the audit trail, in the place of an account's pseudonym


@frozen
class CsvFile:
    """A file's text, and how many rows it has besides its headings."""

    text: str = field(repr=False)
    rows: int


def enrolments_csv(
    services: Services, queries: Sequence[PupilQuery], author: Author, now: datetime, largest: int = LARGEST
) -> CsvFile:
    """Write the rows of some queries, each of one site, and note before that they leave. Raises `OfficeRefusal`."""
    check_author(author)
    for query in queries:
        services.audit_trail.add(AuditEntry("exported", query.site or "*", EXPORT_TRAIL, author, now))
    return _write(chain.from_iterable(rows(services, query, now) for query in queries), largest)


def _write(found: Iterable[Sequence[object]], largest: int) -> CsvFile:
    text, size, count = [_MARK], 0, 0
    for count, line in enumerate(_lines(found)):
        size += len(json.dumps(line))
        if size > largest:
            raise OfficeRefusal("export_too_large", rows=count - 1)
        text.append(line)
    return CsvFile("".join(text), count)


def _lines(found: Iterable[Sequence[object]]) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    write = row_writer(buffer)
    for row in chain([HEADINGS], found):
        write(row)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
