"""Notices: the mail of a campaign to an account at one mailbox, and its delivery state."""

import secrets
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.values import frozen

if TYPE_CHECKING:
    from chalicelib.domain.account.accounts import Account

NoticeState = Literal["sending", "sent", "delivered", "bounced", "complained"]

# A state only moves forward: a late or repeated delivery event never undoes a bounce.
_FORWARD: Final[dict[NoticeState, int]] = {"sending": 0, "sent": 1, "delivered": 2, "bounced": 3, "complained": 3}
_FARTHEST: Final = max(_FORWARD.values())  # for a state that this version does not know


def new_writer() -> str:
    """Make a random value, so that of two concurrent writers only one recognises its own."""
    return secrets.token_urlsafe(9)


@frozen
class Notice:
    """The mail of one campaign to an account at one mailbox (a pseudonym), and its delivery state.

    `sending` is written before SES is called: if it stays, it is unknown whether the mail was sent. `companions`: the
    site and identifier of the other accounts listed in the same mail.
    """

    campaign: str
    mailbox: str
    state: NoticeState
    at: datetime
    companions: tuple[tuple[str, str], ...] = ()
    writer: str = field(default_factory=new_writer, compare=False)  # the writer of this state

    def advance(self, state: NoticeState, now: datetime) -> "Notice":
        """Move forward to a state. The same notice if it was already there or further."""
        if _FORWARD[state] <= _FORWARD.get(self.state, _FARTHEST):
            return self
        return Notice(self.campaign, self.mailbox, state, now, self.companions)


@frozen
class NoticeUpdate:
    """The effects of a delivery event: whether the campaign counted it, and whether it stopped the campaign."""

    is_counted: bool = False
    is_stopped: bool = False


@frozen
class DeliveryOutcome:
    """The delivery state of a campaign's mail to a mailbox."""

    campaign: str
    mailbox: str
    state: NoticeState
    at: datetime

    def apply_to(self, account: "Account", pseudonyms: Pseudonyms) -> "Account":
        """Move its notice forward. If it bounced or was unwanted, record that the mailbox fails."""
        notice = account.notice_at(self.campaign, self.mailbox)
        if notice:
            account = account.with_notice(notice.advance(self.state, self.at))
        if self.state in {"bounced", "complained"} and account.mailbox(self.mailbox, pseudonyms):
            account = account.with_failing_mailbox(self.mailbox, self.state, pseudonyms, self.at)
        return account
