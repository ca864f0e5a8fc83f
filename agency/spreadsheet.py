"""CSV as French spreadsheets open it: semicolons, UTF-8 with its mark; no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO, Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # OWASP, « CSV Injection »


def write_csv(file: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows under their headings."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(headings)
    writer.writerows(map(_harmless, rows))
    text.flush()
    text.detach()


def _harmless(row: Sequence[object]) -> list[str]:
    cells = ["" if cell is None else str(cell) for cell in row]
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
