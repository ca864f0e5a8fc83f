"""Rows merged into families: a row lists a whole family or one of its pupils, in any order."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.households import merge_pupils
from chalicelib.domain.roster.family_index import FamilyIndex
from chalicelib.domain.roster.row_families import ListedFamily, ListedField
from chalicelib.domain.roster.rows import Reading
from chalicelib.domain.roster.yearly_file import Anomaly, Column

_MAY_DIFFER: Final[dict[ListedField, tuple[str, Column]]] = {
    "telephones": ("row_telephones_differ", ("telephone", 1)),
    "payer": ("row_payers_differ", ("payer", 1)),
}


def merge_rows(
    readings: Iterable[Reading], index: FamilyIndex, report: Callable[[Anomaly], None]
) -> Iterator[ListedFamily]:
    """Merge the rows of each family once its last one is read. Incomplete families wait in memory."""
    waiting: dict[AccountRef, tuple[ListedFamily, int]] = {}
    for reading in readings:
        rows = index.rows_of(reading.family.ref) if reading.family else 0
        if not reading.family or not rows:
            continue
        family, seen = reading.family, 1
        if family.ref in waiting:
            before, seen_before = waiting.pop(family.ref)
            family, seen = _merge(before, family, report), seen_before + 1
        if seen < rows:
            waiting[family.ref] = family, seen
        else:
            yield _without_partial_pupils(family, index)


def _merge(before: ListedFamily, row: ListedFamily, report: Callable[[Anomaly], None]) -> ListedFamily:
    pupils = merge_pupils((*before.pupils, *row.pupils))
    doubted = frozenset(_differing_fields(before, row, report))
    if pupils == before.pupils and row.listed_fields == before.listed_fields and not doubted:
        report(Anomaly("row_repeated", "warning", row.line, None, row.ref, {"line": str(before.line)}))
    return replace(before, pupils=pupils, listed_fields=(before.listed_fields & row.listed_fields) - doubted)


def _differing_fields(
    before: ListedFamily, row: ListedFamily, report: Callable[[Anomaly], None]
) -> Iterator[ListedField]:
    """Doubt the fields that may differ between rows of one family."""
    for what, (code, column) in _MAY_DIFFER.items():
        if what in before.listed_fields & row.listed_fields and getattr(before, what) != getattr(row, what):
            report(Anomaly(code, "warning", row.line, column, row.ref, {"line": str(before.line)}))
            yield what


def _without_partial_pupils(family: ListedFamily, index: FamilyIndex) -> ListedFamily:
    """Doubt the pupils of a family with a row left out, so that they do not replace those on file."""
    return replace(family, listed_fields=family.listed_fields - {"pupils"}) if index.is_partial(family.ref) else family
