"""The guardians of a row, each with its numbered address and telephone."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.family.households import Guardian
from chalicelib.domain.family.postal import lines_of_cells
from chalicelib.domain.family.telephones import telephone_from
from chalicelib.domain.roster.row_emails import Addresses
from chalicelib.domain.roster.yearly_file import GUARDIANS_AT_MOST, Row, RowNotes, join_cells

TELEPHONE_WORDS: Final = ("mobile", "telephone")
ADDRESS_WORDS: Final = ("guardian_address", "guardian_postcode", "guardian_town", "guardian_country")
_NAMES: Final = ("guardian", "guardian_first")


def guardians_of(row: Row, addresses: Addresses, notes: RowNotes) -> tuple[Guardian, ...]:
    """Parse the guardians of a row."""
    return tuple(_guardians(row, addresses, notes))


def _guardians(row: Row, addresses: Addresses, notes: RowNotes) -> Iterator[Guardian]:
    for number in row.numbers(*_NAMES, *TELEPHONE_WORDS):
        name, telephone = _name(row, number), _telephone(row, number, notes)
        if name and number > GUARDIANS_AT_MOST:
            notes.warn("row_guardians_too_many", ("guardian", number), name=name)
        elif name:
            yield Guardian(name, addresses.of(number), telephone, _address(row, number))
        elif telephone:
            notes.warn("row_telephone_nameless", ("telephone", number), doubts="telephones")


def _name(row: Row, number: int) -> str:
    """Return a guardian's name. Without guardian columns, the first telephone is the family's."""
    if number == 1 and not row.numbers(*_NAMES):
        return row.cell("name")
    return join_cells(row, number, "guardian_title", "guardian_first", "guardian")


def _address(row: Row, number: int) -> tuple[str, ...]:
    """List the lines of a guardian's own postal address."""
    street, postcode, town, country = (row.cell(word, number) for word in ADDRESS_WORDS)
    return lines_of_cells(street.split("\n"), postcode, town, country)


def _telephone(row: Row, number: int, notes: RowNotes) -> str:
    telephones = []
    for word in TELEPHONE_WORDS:
        typed = row.cell(word, number)
        telephones.append(telephone_from(typed))
        if typed and not telephones[-1]:
            notes.warn("row_telephone_unreadable", (word, number), doubts="telephones", telephone=typed)
    return telephone_from("\n".join(filter(None, telephones)))
