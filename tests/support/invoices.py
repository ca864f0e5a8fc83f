"""Lists of invoices for tests, as rows in memory under our own headings."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.roster.yearly_file import Column, Row, YearlyFile
from chalicelib.wings.billing.domain.invoice_rows import InvoiceReading, read_invoice
from tests.support.family_files import SITES

# The columns of every list here, in order.
COLUMNS: Final[tuple[Column, ...]] = (
    *(("site", 1), ("identifier", 1), ("number", 1), ("issued_on", 1), ("due_on", 1), ("label", 1), ("amount", 1)),
    *(("paid_on", 1), ("paid", 1), ("how", 1)),
)
COURS: Final = (
    *("evry-xenakis", "XEN 1", "2026-0012", "01/08/2026", "30/09/2026", "Cours", "1 234,50"),
    *("20/08/2026", "600,00", "carte"),
)
LOCATION: Final = ("evry-xenakis", "XEN 1", "2026-0003", "01/06/2026", "31/08/2026", "Location", "90", "", "", "")
MERLE: Final = ("evry-xenakis", "XEN 2", "2026-0020", "25/08/2026", "", "", "187,00", "", "", "")
AVOIR: Final = ("evry-magnard", "MAG 3", "2026-0015", "15/07/2026", "", "Avoir", "-25,00", "", "", "")


def but(row: tuple[str, ...], **cells: str) -> tuple[str, ...]:
    """Replace cells of a row: `but(MERLE, amount="…")`."""
    return tuple(cells.get(word, cell) for (word, _), cell in zip(COLUMNS, row, strict=True))


def rows(*cells: tuple[str, ...]) -> Iterator[Row]:
    """Make rows. The headings are on line 1."""
    return (Row(line, dict(zip(COLUMNS, cell_texts, strict=True))) for line, cell_texts in enumerate(cells, start=2))


def file(*cells: tuple[str, ...]) -> YearlyFile:
    """Make a list that can be read repeatedly."""
    return YearlyFile({column: f"Colonne {column[0]}" for column in COLUMNS}, lambda: rows(*cells))


def readings(*cells: tuple[str, ...]) -> list[InvoiceReading]:
    """Read rows."""
    return [read_invoice(row, SITES) for row in rows(*cells)]
