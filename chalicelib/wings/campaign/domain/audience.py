"""The audience of a campaign: families to write to, each once, and their addresses."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.notices import Notice, NoticeState
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.funnel import step_of
from chalicelib.domain.enrolment.periods import today
from chalicelib.values import frozen
from chalicelib.wings.campaign.domain.campaigns import Campaign

Guardians = Literal["first", "every"]

# The status of an account in a campaign: excluded, written to, perhaps written to, at another step than the reminder's,
# without a working address, or due.
MailingStatus = Literal["apart", "told", "uncertain", "elsewhere", "unreachable", "due"]

# A younger notice may still be being sent: the consumer runs half a minute at most.
IN_DOUBT_AFTER: Final = timedelta(minutes=5)

_NOT_REACHED: Final[frozenset[NoticeState]] = frozenset({"sending", "bounced"})  # an unknown state counts as reached


@frozen
class Audience:
    """The families of a campaign. Uncertain mails from before `doubts_before` are sent again, as the office decided."""

    campaign: Campaign
    guardians: Guardians
    pseudonyms: Pseudonyms
    doubts_before: datetime | None = None

    def status(self, account: Account, enrolment: Enrolment | None = None) -> tuple[MailingStatus, tuple[str, ...]]:
        """Return an account's status, and the mailboxes (pseudonyms) to write to now.

        A reminder also needs its re-enrolment.
        """
        if account.exclusion:
            return "apart", ()
        reachable = tuple(dict.fromkeys(map(self.pseudonyms.of_mailbox, account.reachable(self.pseudonyms))))
        choose = self._first if self.guardians == "first" else self._every
        status, mailboxes = choose(account, reachable)
        if status in {"due", "unreachable"} and not self._stands_at_its_step(account, enrolment):
            return "elsewhere", ()
        return status, mailboxes

    def _first(self, account: Account, reachable: tuple[str, ...]) -> tuple[MailingStatus, tuple[str, ...]]:
        """Choose one mailbox, unless any has been written to before."""
        status = self._status_after(account.notices_of(self.campaign.name))
        if status != "due":
            return status, ()
        return ("due", reachable[:1]) if reachable else ("unreachable", ())

    def _every(self, account: Account, reachable: tuple[str, ...]) -> tuple[MailingStatus, tuple[str, ...]]:
        """Choose every mailbox that has not been written to."""
        notices = account.notices_of(self.campaign.name)
        statuses = {
            mailbox: self._status_after(notice for notice in notices if notice.mailbox == mailbox)
            for mailbox in reachable
        }
        due = tuple(mailbox for mailbox, status in statuses.items() if status == "due")
        if due:
            return "due", due
        status = self._status_after(notices)
        return ("unreachable" if status == "due" else status), ()

    def _status_after(self, notices: Iterable[Notice]) -> MailingStatus:
        """Return the status after some notices. A bounced mail counts as none."""
        all_notices = tuple(notices)
        if any(notice.state not in _NOT_REACHED for notice in all_notices):
            return "told"
        doubtful = [notice for notice in all_notices if notice.state == "sending"]
        if any(self.doubts_before is None or notice.at >= self.doubts_before for notice in doubtful):
            return "uncertain"
        return "due"

    def _stands_at_its_step(self, account: Account, enrolment: Enrolment | None) -> bool:
        """Whether a reminder is for this account's step, without the reminder's own notices."""
        campaign = self.campaign
        if campaign.step is None or campaign.about is None or campaign.since is None:
            return True
        if account.extension and account.extension.until >= today(campaign.started_at):
            return False  # a reminder names the last day of its site, and it has more time
        other_notices = tuple(notice for notice in account.notices if notice.campaign != campaign.name)
        return (
            step_of(replace(account, notices=other_notices), campaign.about, campaign.since, enrolment) == campaign.step
        )
