"""The e-mail addresses of a row: normalised, with warnings for likely typing errors, without unusable ones."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Final

from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.roster.yearly_file import EMAILS_AT_MOST, Column, Row, RowNotes
from chalicelib.values import frozen

KNOWN: Final = frozenset(
    {
        *("gmail.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "laposte.net", "bbox.fr", "numericable.fr"),
        *("neuf.fr", "club-internet.fr", "hotmail.fr", "hotmail.com", "outlook.fr", "outlook.com", "live.fr"),
        *("yahoo.fr", "yahoo.com", "icloud.com", "protonmail.com", "proton.me", "aliceadsl.fr", "cegetel.net"),
    }
)
# One slip from a known domain, yet real providers.
_OTHERS: Final = frozenset({"live.com", "ymail.com", "email.com", "mail.com", "free.com", "neuf.com", "orange.com"})
_ENDINGS: Final = {"gmail.fr": "gmail.com", "laposte.fr": "laposte.net", "icloud.fr": "icloud.com"}
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz0123456789-."


def _slips(word: str) -> set[str]:
    """List all results of one slip: a letter omitted, doubled, added or replaced, or two swapped."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return {
        *(start + end[1:] for start, end in cuts if end),
        *(start + end[1] + end[0] + end[2:] for start, end in cuts if len(end) > 1),
        *(start + letter + end[1:] for start, end in cuts if end for letter in _ALPHABET),
        *(start + letter + end for start, end in cuts for letter in _ALPHABET),
    }


_MEANT: Final = {slip: known for known in sorted(KNOWN) for slip in _slips(known)} | _ENDINGS


def likely_meant(email: str) -> str | None:
    """Guess the intended address. None if nothing looks wrong."""
    mailbox, _, domain = email.rpartition("@")
    if domain in KNOWN or domain in _OTHERS or domain not in _MEANT:
        return None
    return f"{mailbox}@{_MEANT[domain]}"


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
    for part in _parts(cell):
        email = email_from(part)
        if not email:
            notes.warn("row_email_unreadable", column, doubts="emails", email=part)
        elif not email.isascii():
            notes.warn("row_email_accented", column, doubts="emails", email=email)
        else:
            if correction := likely_meant(email):
                notes.warn("row_email_typing", column, email=email, meant=correction)
            yield email


def _parts(cell: str) -> list[str]:
    """Split a cell with several addresses.

    « jean dupont@example.org » is not split: the part after a blank, or after a comma typed for a point, may be another
    person's mailbox.
    """
    parts = [part for part in _APART.split(cell) if part]
    return parts if all("@" in part for part in parts) else [cell]
