"""Notices on accounts: claimed, released, and updated with the delivery of their mail, which is counted once."""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.notices import DeliveryOutcome, Notice
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.campaign.campaigns import counters_for
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.infra.dynamo.database import Database
from chalicelib.infra.dynamo.values import moment
from chalicelib.stores.accounts import Accounts
from chalicelib.stores.campaigns import Campaigns
from chalicelib.values import frozen

CLAIMED_FOR: Final = timedelta(minutes=5)  # longer than a consumer's maximal run
_KEPT: Final = timedelta(days=60)
_PREFIX: Final = "mailed#"


class AlreadyMailed(Exception):
    """This mail was sent."""


class BeingMailed(Exception):
    """Another worker is sending it: retry later."""


class Deliveries:
    """Claims a mail, confirms that it was sent, or releases it. `about`: its unique words at a site."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def claim(self, site: str, *about: str, now: datetime) -> None:
        """Claim a mail. Raises `AlreadyMailed` or `BeingMailed`."""
        try:
            self._database.update(
                self._table,
                _key(site, about),
                "SET #state = :sending, #at = :now, #expires = :expires",
                "attribute_not_exists(#state) OR (#state = :sending AND #at <= :stale)",
                sending="sending",
                now=now,
                stale=now - CLAIMED_FOR,
                expires=now + _KEPT,
            )
        except WriteConflict as lost:
            item = lost.item or {}
            if item.get("state") == "sending" and moment(item["at"]) > now - CLAIMED_FOR:
                raise BeingMailed from None
            raise AlreadyMailed from None

    def confirm(self, site: str, *about: str) -> None:
        """Record that it was sent."""
        key = _key(site, about)
        states = {"sent": "sent", "sending": "sending"}
        self._database.update(self._table, key, "SET #state = :sent", "#state = :sending", **states)

    def release(self, site: str, *about: str) -> None:
        """Release it: it was certainly not sent, and will be retried."""
        self._database.update(self._table, _key(site, about), "REMOVE #state", "#state = :sending", sending="sending")


def _key(site: str, about: tuple[str, ...]) -> dict[str, str]:
    return {"site": site, "identifier": _PREFIX + hashlib.sha256("\0".join(about).encode()).hexdigest()[:32]}


@frozen
class NoticeUpdate:
    """The effects of a delivery event: whether the campaign counted it, and whether it stopped the campaign."""

    is_counted: bool = False
    is_stopped: bool = False


class Notices:
    """Changes notices, each by one conditional write on its account."""

    def __init__(self, accounts: Accounts, campaigns: Campaigns, pseudonyms: Pseudonyms) -> None:
        self._accounts = accounts
        self._campaigns = campaigns
        self._pseudonyms = pseudonyms

    def claim(
        self, account: Account, notice: Notice, is_due: Callable[[Account], bool]
    ) -> tuple[Account, Account] | None:
        """Write a notice on an account that is still due. Return it before and after, equal if it is not due."""
        return self._accounts.revise(
            account.ref, lambda current: current.with_notice(notice) if is_due(current) else current, account
        )

    def release(self, former: Account, notice: Notice) -> None:
        """Take back a claim if it was written. On failure it stays uncertain."""
        known = former.notice_at(notice.campaign, notice.mailbox)

        def restore(current: Account) -> Account:
            claimed = current.notice_at(notice.campaign, notice.mailbox)
            if claimed is None or claimed.writer != notice.writer:
                return current
            return current.with_notice(known) if known else current.without_notice(notice.campaign, notice.mailbox)

        with suppress(Unavailable):
            self._accounts.revise(former.ref, restore)

    def update(
        self, first: AccountRef, others: Iterable[AccountRef], outcome: DeliveryOutcome, known: Account | None = None
    ) -> NoticeUpdate:
        """Record a mail's delivery state on all its accounts, last on the first one, on which it is counted.

        `known`: the first account as read before. Idempotent. Raises `Unavailable`.
        """

        def apply(current: Account) -> Account:
            return outcome.apply_to(current, self._pseudonyms)

        for ref in others:
            self._accounts.revise(ref, apply)
        written = self._accounts.revise(first, apply, known)
        return self._count(*written, outcome) if written else NoticeUpdate()

    def _count(self, before: Account, after: Account, outcome: DeliveryOutcome) -> NoticeUpdate:
        old, new = (account.notice_at(outcome.campaign, outcome.mailbox) for account in (before, after))
        moved = counters_for(old.state, new.state) if old and new else ()
        if moved:
            self._campaigns.count(outcome.campaign, *moved)
        stopped = "bounced" in moved and self._campaigns.stop_if_it_must(outcome.campaign)
        return NoticeUpdate(is_counted=bool(moved), is_stopped=stopped)
