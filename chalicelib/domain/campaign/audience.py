"""Whom a campaign writes to, and at which of its addresses: each family once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.notices import Notice, NoticeState
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.campaign.campaigns import Campaign
from chalicelib.domain.campaign.funnel import apart, standing
from chalicelib.domain.enrolment.enrolments import Enrolment

Guardians = Literal["first", "every"]

# How an account stands towards a campaign: it may not be written to, was, maybe was, stands at another step than the
# one that is reminded, has no address that works, or is to be written to.
Turn = Literal["apart", "told", "uncertain", "elsewhere", "unreachable", "due"]

# Claimed for less long, a notice may still be at work: the consumer lives half a minute.
IN_DOUBT_AFTER: Final = timedelta(minutes=5)

_REACHED: Final[frozenset[NoticeState]] = frozenset({"sent", "delivered", "complained"})


@dataclass(frozen=True)
class Audience:
    """The families of a campaign. Mails in doubt since before `doubts_before` are written again: the office decided."""

    campaign: Campaign
    guardians: Guardians
    pseudonyms: Pseudonyms
    doubts_before: datetime | None = None

    def turn(self, account: Account, enrolment: Enrolment | None = None) -> tuple[Turn, tuple[str, ...]]:
        """Tell how an account stands, and at which mailboxes (pseudonyms) it is to be written to now.

        A reminder looks at its re-enrolment too.
        """
        if apart(account):
            return "apart", ()
        reachable = tuple(dict.fromkeys(map(self.pseudonyms.of_mailbox, account.reachable(self.pseudonyms))))
        choose = self._first if self.guardians == "first" else self._every
        turn, mailboxes = choose(account, reachable)
        if turn in {"due", "unreachable"} and not self._stands_at_its_step(account, enrolment):
            return "elsewhere", ()
        return turn, mailboxes

    def _first(self, account: Account, reachable: tuple[str, ...]) -> tuple[Turn, tuple[str, ...]]:
        """One mailbox, wherever the family may have been reached before."""
        turn = self._after(account.notices_of(self.campaign.name))
        if turn != "due":
            return turn, ()
        return ("due", reachable[:1]) if reachable else ("unreachable", ())

    def _every(self, account: Account, reachable: tuple[str, ...]) -> tuple[Turn, tuple[str, ...]]:
        """Each mailbox for itself."""
        known = account.notices_of(self.campaign.name)
        turns = {mailbox: self._after(each for each in known if each.mailbox == mailbox) for mailbox in reachable}
        due = tuple(mailbox for mailbox, turn in turns.items() if turn == "due")
        if due:
            return "due", due
        turn = self._after(known)
        return ("unreachable" if turn == "due" else turn), ()

    def _after(self, notices: Iterable[Notice]) -> Turn:
        """Tell what is to be done after some notices: a mail that came back counts as none."""
        known = tuple(notices)
        if any(each.state in _REACHED for each in known):
            return "told"
        doubtful = [each for each in known if each.state == "sending"]
        if any(self.doubts_before is None or each.at >= self.doubts_before for each in doubtful):
            return "uncertain"
        return "due"

    def _stands_at_its_step(self, account: Account, enrolment: Enrolment | None) -> bool:
        """Tell whether a reminder is for this account; what itself has told is left out."""
        campaign = self.campaign
        if campaign.step is None or campaign.about is None or campaign.since is None:
            return True
        others = tuple(each for each in account.notices if each.campaign != campaign.name)
        return standing(replace(account, notices=others), campaign.about, campaign.since, enrolment) == campaign.step


@dataclass(frozen=True)
class Fate:
    """What became of a campaign's mail to a mailbox."""

    campaign: str
    mailbox: str
    state: NoticeState
    at: datetime

    def on(self, account: Account, pseudonyms: Pseudonyms) -> Account:
        """Move its notice forward, and mark as failing a mailbox on file that did not want it."""
        notice = account.notice_at(self.campaign, self.mailbox)
        if notice:
            account = account.with_notice(notice.moved(self.state, self.at))
        if self.state in {"bounced", "complained"} and account.mailbox(self.mailbox, pseudonyms):
            account = account.with_failing(self.mailbox, self.state, pseudonyms, self.at)
        return account
