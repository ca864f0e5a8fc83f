"""Notices: what a campaign has told an account at one mailbox, and what became of the mail."""

import secrets
from dataclasses import field
from datetime import datetime
from typing import Final, Literal

from chalicelib.values import frozen

NoticeState = Literal["sending", "sent", "delivered", "bounced", "complained"]

# What became of a mail only moves forward: told late or twice, a delivery never undoes a bounce.
_FORWARD: Final[dict[NoticeState, int]] = {"sending": 0, "sent": 1, "delivered": 2, "bounced": 3, "complained": 3}
_FARTHEST: Final = max(_FORWARD.values())  # where a state is that this version does not know


def new_writer() -> str:
    """Make a random value: of two that write the same at once, only one finds its own."""
    return secrets.token_urlsafe(9)


@frozen
class Notice:
    """What one campaign has told an account at one mailbox (a pseudonym), and what became of the mail.

    `sending` is written before SES is called: found later, nobody can say whether the mail left. `companions` are the
    site and identifier of the other accounts that the same mail lists.
    """

    campaign: str
    mailbox: str
    state: NoticeState
    at: datetime
    companions: tuple[tuple[str, str], ...] = ()
    writer: str = field(default_factory=new_writer, compare=False)  # who wrote this state

    def advance(self, state: NoticeState, now: datetime) -> "Notice":
        """Go forward to a state; itself where it got as far before."""
        if _FORWARD[state] <= _FORWARD.get(self.state, _FARTHEST):
            return self
        return Notice(self.campaign, self.mailbox, state, now, self.companions)
