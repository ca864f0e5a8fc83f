"""Campaigns: telling families by mail, each of them once; what became of each notice, and when to stop."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

NoticeState = Literal["sending", "sent", "delivered", "bounced", "complained"]
CampaignState = Literal["running", "stopped"]
Counted = Literal["sent", "delivered", "bounced", "uncertain"]

BOUNCES_AT_MOST: Final = 0.02  # of the mails sent; AWS reviews a sender at 5 % and suspends one at 10 %
CANARY: Final = 50  # the first mails: nothing is judged before they left
UNCERTAIN_AT_MOST: Final = 20  # mails of which SES did not say whether it took them: it is not well

# What became of a mail only moves forward: told late or twice, a delivery never undoes a bounce.
_FORWARD: Final[dict[NoticeState, int]] = {"sending": 0, "sent": 1, "delivered": 2, "bounced": 3, "complained": 3}


def new_writer() -> str:
    """Make a random value: of two that write the same at once, only one finds its own."""
    return secrets.token_urlsafe(9)


@dataclass(frozen=True)
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

    def moved(self, state: NoticeState, now: datetime) -> "Notice":
        """Go forward to a state; itself where it got as far before."""
        if _FORWARD[state] <= _FORWARD[self.state]:
            return self
        return Notice(self.campaign, self.mailbox, state, now, self.companions)


def counted(before: NoticeState, after: NoticeState) -> tuple[Counted, ...]:
    """Name what a campaign counts when a notice moves on; a complaint counts as a bounce."""
    if after == before:
        return ()
    left: tuple[Counted, ...] = ("sent",) if before == "sending" else ()
    match after:
        case "delivered":
            return (*left, "delivered")
        case "bounced" | "complained":
            return (*left, "bounced")
        case _:
            return left


@dataclass(frozen=True)
class Campaign:
    """A campaign, and how many mails left and came back since it was last set going.

    A reminder has the step of the funnel it is written to, the campaign whose step that is, and when that one began.
    """

    name: str
    started_at: datetime
    started_by: str = field(repr=False)
    step: str | None = None
    about: str | None = None
    since: datetime | None = None
    state: CampaignState = "running"
    sent: int = 0
    delivered: int = 0
    bounced: int = 0  # complaints too
    uncertain: int = 0

    @property
    def must_stop(self) -> bool:
        """Whether too much came back to go on, judged once the canary has left; or SES is not well."""
        came_back = self.sent >= CANARY and self.bounced > BOUNCES_AT_MOST * self.sent
        return came_back or self.uncertain > UNCERTAIN_AT_MOST
