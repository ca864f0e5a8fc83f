"""Notices on accounts: claimed, released, and updated with the delivery of their mail, which is counted once."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.notices import DeliveryOutcome, Notice, NoticeState, NoticeUpdate
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.infra.dynamo.values import Item, moment
from chalicelib.stores.accounts import Accounts
from chalicelib.values import frozen

CLAIMED_FOR: Final = timedelta(minutes=5)  # longer than a consumer's maximal run
_KEPT: Final = timedelta(days=60)
_PREFIX: Final = "@once/"  # no site has this prefix


class AlreadyMailed(Exception):
    """The mail of this claim was sent already."""


class BeingMailed(Exception):
    """Another worker is sending it: retry later."""


class Deliveries:
    """Claims a mail, confirms that it was sent, or releases it. `about`: its unique words at a site.

    `former`: the table where an earlier version claimed, for `_KEPT`, if there is one.
    """

    def __init__(self, database: Database, table: str, former: str | None) -> None:
        self._database = database
        self._table = table
        self._former = former

    def claim(self, site: str, *about: str, now: datetime) -> None:
        """Claim a mail. Raises `AlreadyMailed` or `BeingMailed`."""
        key = _key(site, about)
        if self._former:
            former = {"site": site, "identifier": f"mailed#{key['identifier']}"}
            _check(self._database.read(Lookup(self._former, former, lambda item: item)), now)
        try:
            self._database.update(
                self._table,
                key,
                "SET #state = :sending, #at = :now, #expires = :expires",
                "attribute_not_exists(#state) OR (#state = :sending AND #at <= :stale)",
                sending="sending",
                now=now,
                stale=now - CLAIMED_FOR,
                expires=now + _KEPT,
            )
        except WriteConflict as clash:
            _check(clash.item, now)
            raise AlreadyMailed from None

    def is_claimed(self, site: str, *about: str) -> bool:
        """Whether it was sent, or is being sent."""
        return self._database.read(Lookup(self._table, _key(site, about), lambda item: bool(item and "state" in item)))

    def confirm(self, site: str, *about: str) -> None:
        """Record that it was sent."""
        key = _key(site, about)
        states = {"sent": "sent", "sending": "sending"}
        self._database.update(self._table, key, "SET #state = :sent", "#state = :sending", **states)

    def release(self, site: str, *about: str) -> None:
        """Release it: it was certainly not sent, and will be retried."""
        self._database.update(self._table, _key(site, about), "REMOVE #state", "#state = :sending", sending="sending")


def _key(site: str, about: tuple[str, ...]) -> dict[str, str]:
    return {"site": f"{_PREFIX}{site}", "identifier": hashlib.sha256("\0".join(about).encode()).hexdigest()[:32]}


def _check(claim: Item | None, now: datetime) -> None:
    """Refuse a mail that was sent, or that another worker claimed a moment ago."""
    state = claim.get("state") if claim else None
    if claim and state == "sending" and moment(claim["at"]) > now - CLAIMED_FOR:
        raise BeingMailed
    if state == "sent":
        raise AlreadyMailed


Count: TypeAlias = Callable[[str, NoticeState, NoticeState], NoticeUpdate]  # of a campaign: the state before and after


@frozen
class NoticeCounter:
    """The part of a wing that counts, in a table, a notice of its campaign."""

    of: Callable[[Database, str], Count]


class Notices:
    """Changes notices, each by one conditional write on its account."""

    def __init__(self, accounts: Accounts, pseudonyms: Pseudonyms, counts: Sequence[Count]) -> None:
        self._accounts = accounts
        self._pseudonyms = pseudonyms
        self._counts = counts

    def claim(
        self, account: Account, notice: Notice, is_due: Callable[[Account], bool]
    ) -> tuple[Account, Account] | None:
        """Write a notice on an account that is still due. Return it before and after, equal if it is not due."""
        return self._accounts.revise(
            account.ref, lambda current: current.with_notice(notice) if is_due(current) else current, account
        )

    def release(self, former: Account, notice: Notice) -> None:
        """Take back a claim if it was written. On failure it stays uncertain."""
        before = former.notice_at(notice.campaign, notice.mailbox)

        def restore(current: Account) -> Account:
            claim = current.notice_at(notice.campaign, notice.mailbox)
            if claim is None or claim.writer != notice.writer:
                return current
            return current.with_notice(before) if before else current.without_notice(notice.campaign, notice.mailbox)

        with suppress(Unavailable):
            self._accounts.revise(former.ref, restore)

    def update(
        self, first: AccountRef, refs: Iterable[AccountRef], outcome: DeliveryOutcome, former: Account | None = None
    ) -> NoticeUpdate:
        """Record a mail's delivery state on all its accounts, last on the first one, on which it is counted.

        `former`: the first account as read before. Idempotent. Raises `Unavailable`.
        """

        def apply(current: Account) -> Account:
            return outcome.apply_to(current, self._pseudonyms)

        for ref in refs:
            self._accounts.revise(ref, apply)
        pair = self._accounts.revise(first, apply, former) or ()
        notices = (account.notice_at(outcome.campaign, outcome.mailbox) for account in pair)
        states = [notice.state for notice in notices if notice]
        counts = self._counts if states else ()
        return next((count(outcome.campaign, *states) for count in counts), NoticeUpdate())
