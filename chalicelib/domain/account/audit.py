"""The audit trail: what the office did to an account, who and why; and erasures, which say of nobody that they were."""

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import field, replace
from datetime import datetime
from typing import Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.values import frozen

AuditAction = Literal[
    "unlocked", "disabled", "enabled", "email_changed", "resent", "unsuppressed", "exported",
    "login_invited", "separated", "reunited",
    "invoice_removed",
    "documents_read", "letter_printed",
    "pupil_accepted", "pupil_declined", "pupil_asked",
    "request_waiting", "request_asked", "request_declined", "request_accepted", "request_joined",
    "place_offered", "place_given",
    "absence_excused",
    "period_set", "new_period_set", "campaign_asked", "campaign_stopped",
]  # fmt: skip
# « documents », « requests »: not of accounts, but of files and of new requests that were kept long enough.
ErasureReason = Literal["asked", "duplicate", "mistake", "purged", "documents", "requests"]
Counts = tuple[tuple[str, int], ...]  # of each site's code, how many accounts


@frozen
class Author:
    """Who acts for the office, and the reason given."""

    who: str = field(repr=False)
    why: str = field(repr=False)


@frozen
class AuditEntry:
    """One act on one account, named by its pseudonym; written before it is done, so that none goes unwritten."""

    kind: AuditAction
    site: str
    account: str
    author: Author
    at: datetime


@frozen
class Erasure:
    """That accounts were erased, how many at each site, by whom and for which of four reasons; never which ones.

    It is written before anything is erased, and again when all is: `erased` is None for one that was interrupted.
    """

    name: str  # random: it only tells two apart
    at: datetime
    who: str = field(repr=False)
    reason: ErasureReason
    asked: Counts
    erased: Counts | None = None

    @classmethod
    def of(cls, refs: Iterable[AccountRef], who: str, reason: ErasureReason, now: datetime) -> "Erasure":
        """Begin an erasure of these accounts."""
        return cls(secrets.token_hex(4), now, who, reason, _counts(ref.site for ref in refs))

    @classmethod
    def of_documents(cls, sites: Iterable[str], who: str, now: datetime) -> "Erasure":
        """Begin an erasure of files: the site of each."""
        return cls(secrets.token_hex(4), now, who, "documents", _counts(sites))

    @classmethod
    def of_requests(cls, sites: Iterable[str], who: str, reason: ErasureReason, now: datetime) -> "Erasure":
        """Begin an erasure of new requests: the site of the first wish of each."""
        return cls(secrets.token_hex(4), now, who, reason, _counts(sites))

    def with_erased(self, refs: Iterable[AccountRef]) -> "Erasure":
        """Count the accounts that it has erased; only their number is kept."""
        return self.with_erased_at(ref.site for ref in refs)

    def with_erased_at(self, sites: Iterable[str]) -> "Erasure":
        """Count what it has erased by the site of each."""
        return replace(self, erased=_counts(sites))

    def complete(self) -> "Erasure":
        """Count all that was asked for as erased."""
        return replace(self, erased=self.asked)


def _counts(sites: Iterable[str]) -> Counts:
    return tuple(sorted(Counter(sites).items()))
