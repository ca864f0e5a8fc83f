"""Families' files for tests, as rows in memory under our own headings."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from chalicelib.domain.roster.rows import Reading, read_row
from chalicelib.domain.roster.yearly_file import Column, Row, YearlyFile

SITES: Final = {name: name.replace(" ", "-") for name in ("evry xenakis", "evry magnard")}
TODAY: Final = date(2026, 6, 1)
# The columns of every file here, in order.
COLUMNS: Final[tuple[Column, ...]] = (
    *(("site", 1), ("identifier", 1), ("name", 1), ("guardian", 1), ("email", 1), ("address", 1), ("town", 1)),
    *(("pupil", 1), ("discipline", 1)),
)
ROSSIGNOL: Final = (
    *("evry-xenakis", "XEN 1", "Famille Rossignol", "Mme Rossignol", "rossignol@example.org"),
    *("3 rue de l'Orge", "91000 Evry", "Zélie Rossignol", "Hautbois"),
)
MERLE: Final = (
    *("evry-xenakis", "XEN 2", "Famille Merle", "M. Merle", "merle@example.org"),
    *("5 rue du Blé", "91000 Evry", "Léo Merle", "Alto"),
)
GRIVE: Final = (
    *("evry-magnard", "MAG 3", "Famille Grive", "Mme Grive", "grive@example.org"),
    *("7 rue du Seigle", "91000 Evry", "Ana Grive", "Cor"),
)


def but(row: tuple[str, ...], **cells: str) -> tuple[str, ...]:
    """Replace cells of a row: `but(MERLE, email="…")`."""
    return tuple(cells.get(word, cell) for (word, _), cell in zip(COLUMNS, row, strict=True))


def rows(*cells: tuple[str, ...]) -> Iterator[Row]:
    """Make rows. The headings are on line 1."""
    return (Row(line, dict(zip(COLUMNS, cell_texts, strict=True))) for line, cell_texts in enumerate(cells, start=2))


def file(*cells: tuple[str, ...]) -> YearlyFile:
    """Make a file that can be read repeatedly."""
    headings: Mapping[Column, str] = {column: f"Colonne {column[0]}" for column in COLUMNS}
    return YearlyFile(headings, lambda: rows(*cells))


def readings(*cells: tuple[str, ...]) -> list[Reading]:
    """Read rows."""
    return [read_row(row, SITES, TODAY) for row in rows(*cells)]
