"""Campaigns: telling families by mail, each of them once; what became of the mails, counted, and when to stop."""

from dataclasses import field
from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.account.notices import NoticeState
from chalicelib.values import frozen

CampaignState = Literal["running", "stopped"]
CampaignCounter = Literal["sent", "delivered", "bounced", "uncertain"]

BOUNCES_AT_MOST: Final = 0.02  # of the mails sent; AWS reviews a sender at 5 % and suspends one at 10 %
CANARY: Final = 50  # the first mails: nothing is judged before they left
UNCERTAIN_AT_MOST: Final = 20  # mails of which SES did not say whether it took them: it is not well


def counters_for(before: NoticeState, after: NoticeState) -> tuple[CampaignCounter, ...]:
    """Name what a campaign counts when a notice moves on; a complaint counts as a bounce."""
    if after == before:
        return ()
    left: tuple[CampaignCounter, ...] = ("sent",) if before == "sending" else ()
    match after:
        case "delivered":
            return (*left, "delivered")
        case "bounced" | "complained":
            return (*left, "bounced")
        case _:
            return left


@frozen
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
