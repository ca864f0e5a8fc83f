"""The e-mail addresses of a row: normalised, with warnings for likely typing errors, without unusable ones."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Final

from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.roster.typing_errors import likely_meant
from chalicelib.domain.roster.yearly_file import EMAILS_AT_MOST, Column, Row, RowNotes
from chalicelib.values import frozen

_APART: Final = re.compile(r"[;,\s]+")


@frozen
class Addresses:
    """The usable addresses, in order, each with its column number."""

    columns: Mapping[str, int] = field(repr=False)

    @property
    def all(self) -> tuple[str, ...]:
        """The addresses, in order."""
        return tuple(self.columns)

    def of(self, number: int) -> str:
        """Return the first address of a column. Empty if there is none."""
        return next((email for email, column in self.columns.items() if column == number), "")


def addresses_of(row: Row, notes: RowNotes) -> Addresses:
    """Parse the addresses of a row. A cell may hold several."""
    columns: dict[str, int] = {}
    for number in row.numbers("email"):
        for email in _readable(row.cell("email", number), ("email", number), notes):
            if len(columns) < EMAILS_AT_MOST or email in columns:
                columns.setdefault(email, number)
            else:
                notes.warn("row_emails_too_many", ("email", number), email=email)
    if row.numbers("email") and not columns and "emails" not in notes.doubted:
        notes.warn("row_without_email", ("email", row.numbers("email")[0]))
    return Addresses(columns)


def _readable(cell: str, column: Column, notes: RowNotes) -> Iterator[str]:
    for typed in _parts(cell):
        email = email_from(typed)
        if not email:
            notes.warn("row_email_unreadable", column, doubts="emails", email=typed)
        elif not email.isascii():
            notes.warn("row_email_accented", column, doubts="emails", email=email)
        else:
            if meant := likely_meant(email):
                notes.warn("row_email_typing", column, email=email, meant=meant)
            yield email


def _parts(cell: str) -> list[str]:
    """Split a cell with several addresses.

    « jean dupont@example.org » is not split: the part after a blank, or after a comma typed for a point, may be another
    person's mailbox.
    """
    parts = [part for part in _APART.split(cell) if part]
    return parts if all("@" in part for part in parts) else [cell]
