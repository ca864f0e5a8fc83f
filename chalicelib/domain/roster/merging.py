"""Rows merged into families: one row lists a whole family, or each row one of its pupils, wherever it stands."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.households import merged
from chalicelib.domain.roster.family_index import Roll
from chalicelib.domain.roster.listed_families import Field, ListedFamily
from chalicelib.domain.roster.rows import Reading
from chalicelib.domain.roster.yearly_file import Anomaly, Column

_MAY_DIFFER: Final[dict[Field, tuple[str, Column]]] = {
    "telephones": ("row_telephones_differ", ("telephone", 1)),
    "payer": ("row_payers_differ", ("payer", 1)),
}


def families(readings: Iterable[Reading], roll: Roll, tell: Callable[[Anomaly], None]) -> Iterator[ListedFamily]:
    """Give each family once its last row is read; a family with further rows to come waits in memory."""
    waiting: dict[AccountRef, tuple[ListedFamily, int]] = {}
    for reading in readings:
        rows = roll.rows_of(reading.family.ref) if reading.family else 0
        if not reading.family or not rows:
            continue
        family, seen = reading.family, 1
        if family.ref in waiting:
            before, seen_before = waiting.pop(family.ref)
            family, seen = _together(before, family, tell), seen_before + 1
        if seen < rows:
            waiting[family.ref] = family, seen
        else:
            yield _whole(family, roll)


def _together(before: ListedFamily, row: ListedFamily, tell: Callable[[Anomaly], None]) -> ListedFamily:
    pupils = merged((*before.pupils, *row.pupils))
    doubted = frozenset(_doubted(before, row, tell))
    if pupils == before.pupils and row.told == before.told and not doubted:
        tell(Anomaly("row_repeated", "warning", row.line, None, row.ref, {"line": str(before.line)}))
    return replace(before, pupils=pupils, told=(before.told & row.told) - doubted)


def _doubted(before: ListedFamily, row: ListedFamily, tell: Callable[[Anomaly], None]) -> Iterator[Field]:
    """Doubt what rows of one family may say differently, and yet be one family's."""
    for what, (code, column) in _MAY_DIFFER.items():
        if what in before.told & row.told and getattr(before, what) != getattr(row, what):
            tell(Anomaly(code, "warning", row.line, column, row.ref, {"line": str(before.line)}))
            yield what


def _whole(family: ListedFamily, roll: Roll) -> ListedFamily:
    """Doubt the pupils of a family of which a row is left out: they do not replace those on file."""
    return replace(family, told=family.told - {"pupils"}) if roll.is_partial(family.ref) else family
