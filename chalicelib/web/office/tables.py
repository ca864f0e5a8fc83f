"""Tables of the desk's lists, described by their columns: sorted, fifty rows a page, counted, exported as shown."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import Any, Final

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.text import letters_of
from chalicelib.presentation import texts
from chalicelib.values import frozen

AT_ONCE: Final = 50
_DIGITS: Final = 5  # of the number of a page


def page_number(position: int) -> int:
    """Return the number of the page of a row, both from 1."""
    return (position - 1) // AT_ONCE + 1


@frozen
class ListChoice:
    """A filter of a list: its name, its label, and the words of its values. `suggestions`: it is typed, with these."""

    name: str
    label: str
    options: Mapping[str, str] = field(default_factory=dict)
    unset: str = "tous"  # empty: one of the values is always chosen
    suggestions: Sequence[str] | None = None


@frozen
class Column:
    """A column: its heading, and the cell of a row. `name`: of its order in `?tri=`, empty if it has none."""

    heading: str
    cell: Callable[[Any], object]  # a text, a number, a day or a moment
    name: str = ""
    order: Callable[[Any], Any] | None = None  # else by the cell
    path: Callable[[Any], str] | None = None  # the address that the cell leads to, empty for none
    is_number: bool = False
    is_exact: bool = False  # shown as typed, without typography
    is_text: bool = False  # of several lines

    def text(self, row: object) -> str:
        """Write the cell of a row as its page shows it."""
        match self.cell(row):
            case datetime() as moment:
                return texts.day_and_hour(moment)
            case date() as day:
                return texts.day(day)
            case None | "":
                return "-"
            case cell:
                return str(cell)

    def exported(self, row: object) -> object:
        """Return the cell of a row as a file has it."""
        cell = self.cell(row)
        return cell.astimezone(PARIS) if isinstance(cell, datetime) else cell

    def key(self, row: object) -> tuple[bool, Any]:
        """Order a row by this column: without a value last, texts by their letters."""
        cell = self.order(row) if self.order else self.cell(row)
        return cell is None, letters_of(cell) if isinstance(cell, str) else cell or 0


@frozen
class TablePage:
    """The rows of one page, its number and the number of pages, both from 1."""

    rows: Sequence[Any]
    first: int
    number: int
    pages: int


@frozen
class ListTable:
    """The rows of a list in its own order. `complete`: reads the rest of the rows of a page or of a file."""

    label: str
    columns: tuple[Column, ...]
    rows: Sequence[Any]
    empty: str  # the sentence without rows
    complete: Callable[[Sequence[Any]], Sequence[Any]] = lambda rows: rows

    def page(self, number: str, order: str) -> TablePage:
        """Return the page of a number, or the nearest one. Raises `NotThere` for an unknown order."""
        pages = max(1, -(-len(self.rows) // AT_ONCE))
        is_number = number.isascii() and number.isdigit() and len(number) <= _DIGITS
        place = min(max(1, int(number) if is_number else 1), pages)
        start = (place - 1) * AT_ONCE
        return TablePage(self.complete(self._sorted(order)[start : start + AT_ONCE]), start + 1, place, pages)

    @property
    def opener(self) -> Column | None:
        """The column whose cells open the page of their row."""
        return next((column for column in self.columns if column.path), None)

    def beside(self, position: int, step: int, here: str, order: str) -> tuple[int, str] | None:
        """Find the nearest row before or after a position, with a page other than `here`: its position and address.

        The row at the position may have left the table: the next one stands there. Raises `NotThere` as `page`.
        """
        rows, column = self._sorted(order), self.opener
        for place in range(position - 1, 0, -1) if step < 0 else range(position, len(rows) + 1):
            (row,) = self.complete([rows[place - 1]])
            if column and column.path and (address := column.path(row)) not in {"", here}:
                return place, address
        return None

    def cells(self, order: str) -> Iterator[Sequence[object]]:
        """List the cells of a file: the headings, then all rows. Raises `NotThere` for an unknown order."""
        yield [column.heading for column in self.columns]
        for row in self.complete(self._sorted(order)):
            yield [column.exported(row) for column in self.columns]

    def _sorted(self, order: str) -> Sequence[Any]:
        if not order:
            return self.rows
        column = next((one for one in self.columns if one.name and one.name == order.removeprefix("-")), None)
        if column is None:
            raise NotThere
        return sorted(self.rows, key=column.key, reverse=order.startswith("-"))
