"""Notices on the accounts: claimed, released, and told what became of their mail, which is counted once."""

from collections.abc import Callable, Iterable
from contextlib import suppress

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.campaign.audience import DeliveryOutcome
from chalicelib.domain.campaign.campaigns import counters_for
from chalicelib.domain.refusals import Unavailable
from chalicelib.stores.accounts import Accounts
from chalicelib.stores.campaigns import Campaigns
from chalicelib.values import frozen


@frozen
class NoticeUpdate:
    """What some news has changed: whether the campaign counted it, and whether it stopped the campaign."""

    is_counted: bool = False
    is_stopped: bool = False


class Notices:
    """Every state of a notice is one conditional write on its account."""

    def __init__(self, accounts: Accounts, campaigns: Campaigns, pseudonyms: Pseudonyms) -> None:
        self._accounts = accounts
        self._campaigns = campaigns
        self._pseudonyms = pseudonyms

    def claim(
        self, account: Account, notice: Notice, is_due: Callable[[Account], bool]
    ) -> tuple[Account, Account] | None:
        """Write a notice on an account that still is due; give it before and after, the same where it is not."""
        return self._accounts.revise(
            account.ref, lambda found: found.with_notice(notice) if is_due(found) else found, account
        )

    def release(self, former: Account, notice: Notice) -> None:
        """Take a claim back, if it was written; what cannot be taken back stays in doubt."""
        known = former.notice_at(notice.campaign, notice.mailbox)

        def restore(found: Account) -> Account:
            claimed = found.notice_at(notice.campaign, notice.mailbox)
            if claimed is None or claimed.writer != notice.writer:
                return found
            return found.with_notice(known) if known else found.without_notice(notice.campaign, notice.mailbox)

        with suppress(Unavailable):
            self._accounts.revise(former.ref, restore)

    def update(
        self, first: AccountRef, others: Iterable[AccountRef], outcome: DeliveryOutcome, known: Account | None = None
    ) -> NoticeUpdate:
        """Record on all the accounts of a mail what became of it: the first, on which the mail is counted, last.

        `known` is the first account as read before. Recorded twice, it counts once. Raises `Unavailable`.
        """

        def apply(found: Account) -> Account:
            return outcome.apply_to(found, self._pseudonyms)

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
