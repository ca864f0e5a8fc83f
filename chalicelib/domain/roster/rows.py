"""A row of the yearly file, parsed and checked: its family, or the reason to leave it out, and warnings."""

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.family.postal import is_too_long, lines_of_cells
from chalicelib.domain.roster.row_emails import Addresses, addresses_of
from chalicelib.domain.roster.row_families import ListedFamily, ListedField
from chalicelib.domain.roster.row_guardians import ADDRESS_WORDS, COURSE_WORDS, TELEPHONE_WORDS, guardians_of, pupils_of
from chalicelib.domain.roster.yearly_file import Anomaly, Row, RowNotes, has_control, is_formula_error, is_garbled
from chalicelib.domain.text import fold
from chalicelib.values import frozen

# Code points of a cell that may have several lines.
_LONGEST: Final = {"email": 1100, "address": 400, "guardian_address": 400} | dict.fromkeys(
    (*TELEPHONE_WORDS, *COURSE_WORDS), 200
)
_LONGEST_NAME: Final = 200  # code points of other cells
_SCIENTIFIC: Final = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)
_COLUMNS: Final[Mapping[ListedField, tuple[str, ...]]] = {
    "name": ("name",),
    "written": ("identifier",),
    "emails": ("email",),
    "guardians": ("guardian", "guardian_first"),
    "address": ("address", "postcode", "town", "country"),
    "pupils": ("pupil", "pupil_first"),
    "telephones": TELEPHONE_WORDS,
    "payer": ("payer",),
    "guardian_addresses": ADDRESS_WORDS,
}


@frozen
class Reading:
    """A parsed row: its account if readable, and its family unless the row is left out."""

    line: int
    ref: AccountRef | None
    family: ListedFamily | None
    anomalies: tuple[Anomaly, ...]
    addresses: Addresses = field(repr=False)


def read_row(row: Row, sites: Mapping[str, str], today: date) -> Reading:
    """Parse a row. `sites`: folded codes and names to codes."""
    notes = RowNotes(row.line)
    if row.shifted:
        notes.refuse("row_shifted")
        return Reading(row.line, None, None, tuple(notes.anomalies), Addresses({}))
    notes.ref = ref_of(row, sites, notes)
    _check_cells(row, notes)
    if not row.cell("name"):
        notes.refuse("row_without_name", ("name", 1))
    addresses = addresses_of(row, notes)
    family = _family(row, notes.ref, addresses, notes, today) if notes.ref else None
    return Reading(row.line, notes.ref, None if notes.refuses else family, tuple(notes.anomalies), addresses)


def ref_of(row: Row, sites: Mapping[str, str], notes: RowNotes) -> AccountRef | None:
    """Parse the account of a row. None if site or identifier is invalid."""
    named, typed = row.cell("site"), row.cell("identifier")
    site = sites.get(fold(named), "")
    if not site:
        notes.refuse("row_site_unknown" if named else "row_without_site", ("site", 1), site=named)
    identifier = identifier_from(typed)
    if not typed:
        notes.refuse("row_without_identifier", ("identifier", 1))
    elif not any(map(str.isalnum, identifier)) or _SCIENTIFIC.fullmatch(typed) or is_formula_error(typed):
        notes.refuse("row_identifier_unreadable", ("identifier", 1), identifier=typed)
    return None if notes.refuses else AccountRef(site, identifier)


def _check_cells(row: Row, notes: RowNotes) -> None:
    for column, cell in row.cells.items():
        if len(cell) > _LONGEST.get(column[0], _LONGEST_NAME):
            notes.refuse("row_too_long", column, length=str(len(cell)))
        elif has_control(cell, allowed="\n" if column[0] in _LONGEST else ""):
            notes.refuse("row_control", column)
        elif is_formula_error(cell) and column[0] not in {"site", "identifier"}:
            notes.refuse("row_formula_error", column, cell=cell)
        elif is_garbled(cell):
            notes.warn("row_garbled", column, cell=cell)


def _family(row: Row, ref: AccountRef, addresses: Addresses, notes: RowNotes, today: date) -> ListedFamily:
    guardians = guardians_of(row, addresses, notes)
    address = _address(row)
    pupils = pupils_of(row, notes, today)
    if row.numbers("address") and not address and not addresses.all:
        notes.warn("row_unreachable", ("address", row.numbers("address")[0]))
    if is_too_long(address):
        notes.warn("row_address_too_long", ("address", 1))
    present = {word for word, _ in row.cells}
    listed_fields = {what for what, words in _COLUMNS.items() if not present.isdisjoint(words)} - notes.doubted
    return ListedFamily(
        ref=ref,
        line=row.line,
        display_identifier=row.cell("identifier"),
        name=row.cell("name"),
        guardians=guardians,
        emails=addresses.all,
        address=address,
        pupils=pupils,
        payer=row.cell("payer"),
        listed_fields=frozenset(listed_fields),
    )


def _address(row: Row) -> tuple[str, ...]:
    """List the lines of the postal address."""
    streets = [line for number in row.numbers("address") for line in row.cell("address", number).split("\n")]
    return lines_of_cells(streets, row.cell("postcode"), row.cell("town"), row.cell("country"))
