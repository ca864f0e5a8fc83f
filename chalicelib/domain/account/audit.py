"""The audit trail: the office's acts on accounts, with author and reason, and erasures, which name no account."""

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.values import frozen

AuditAction = Literal[
    "unlocked", "disabled", "enabled", "email_changed", "telephone_changed", "resent", "unsuppressed", "exported",
    "address_changed", "payer_changed", "emergency_changed", "pupil_changed",
    "name_changed", "identifier_changed", "merged", "guardians_changed", "pupils_changed", "correction_undone",
    "noted", "called", "restored", "note_removed",
    "file_taken", "file_given", "file_returned", "call_planned", "call_done",
    "document_received", "document_accepted", "document_refused",
    "login_invited", "separated", "reunited", "sign_in_changed",
    "invoice_removed", "payment_checked",
    "documents_read", "letter_printed",
    "enrolment_entered", "enrolment_extended",
    "pupil_accepted", "pupil_declined", "pupil_asked", "pupil_undone",
    "request_waiting", "request_asked", "request_declined", "request_accepted", "request_joined", "request_undone",
    "place_offered", "place_given",
    "absence_excused",
    "period_set", "new_period_set", "campaign_asked", "campaign_stopped",
    "draw_prepared", "draw_run", "draw_cancelled", "invoices_imported", "places_imported", "places_offered",
    "stage_imported",
]  # fmt: skip
# « documents », « requests »: not accounts, but files and applications past their retention.
ErasureReason = Literal["asked", "duplicate", "mistake", "purged", "documents", "requests"]
# As long as a table can be restored to a second: an erased account must stay away.
TOMBSTONE_LASTS: Final = timedelta(days=35)
Counts = tuple[tuple[str, int], ...]  # for each site's code, its number of accounts


@frozen
class Author:
    """The person who acts for the office, and the reason given."""

    who: str = field(repr=False)
    why: str = field(repr=False)


@frozen
class AuditEntry:
    """One act on one account, named by their pseudonym. Written before the act, so that no act goes unrecorded.

    `name`: of a stored entry, among those of its moment.
    """

    kind: AuditAction
    site: str
    account: str
    author: Author
    at: datetime
    name: str = field(default="", compare=False)


@frozen
class Tombstone:
    """The trace of one erased account or application, for a restore. `name`: its pseudonym (`Pseudonyms.of_erased`)."""

    name: str
    at: datetime

    @property
    def expires_at(self) -> datetime:
        """When no table can be restored to a second before the erasure any more."""
        return self.at + TOMBSTONE_LASTS


@frozen
class Erasure:
    """An erasure of accounts: how many at each site, its author and reason. It names no account.

    It is written before anything is erased, and again afterwards: `erased` is None for an interrupted one.
    """

    name: str  # random: it only distinguishes two erasures
    at: datetime
    who: str = field(repr=False)
    reason: ErasureReason
    asked: Counts
    erased: Counts | None = None
    has_tombstones: bool = False

    @classmethod
    def of(cls, refs: Iterable[AccountRef], author: str, reason: ErasureReason, now: datetime) -> "Erasure":
        """Begin an erasure of these accounts."""
        return cls(secrets.token_hex(4), now, author, reason, _counts(ref.site for ref in refs), has_tombstones=True)

    @classmethod
    def of_documents(cls, sites: Iterable[str], author: str, now: datetime) -> "Erasure":
        """Begin an erasure of files. `sites`: the site of each file."""
        return cls(secrets.token_hex(4), now, author, "documents", _counts(sites))

    @classmethod
    def of_applications(cls, sites: Iterable[str], author: str, reason: ErasureReason, now: datetime) -> "Erasure":
        """Begin an erasure of applications. `sites`: the site of each one's first wish."""
        return cls(secrets.token_hex(4), now, author, reason, _counts(sites), has_tombstones=True)

    def with_erased(self, refs: Iterable[AccountRef]) -> "Erasure":
        """Set the number of erased accounts. Only their number is kept."""
        return self.with_erased_at(ref.site for ref in refs)

    def with_erased_at(self, sites: Iterable[str]) -> "Erasure":
        """Set the number of erased objects from the site of each."""
        return replace(self, erased=_counts(sites))

    def complete(self) -> "Erasure":
        """Count everything asked for as erased."""
        return replace(self, erased=self.asked)


def _counts(sites: Iterable[str]) -> Counts:
    return tuple(sorted(Counter(sites).items()))
