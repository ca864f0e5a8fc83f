"""Campaigns by mail to families: the counts of their mails, and the limits that stop them."""

from dataclasses import field
from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.account.notices import NoticeState
from chalicelib.values import frozen

CampaignState = Literal["running", "stopped"]
CampaignCounter = Literal["sent", "delivered", "bounced", "uncertain"]

BOUNCES_AT_MOST: Final = 0.02  # of the sent mails. AWS reviews a sender at 5 % and suspends one at 10 %
CANARY: Final = 50  # the first mails, before bounces are judged
UNCERTAIN_AT_MOST: Final = 20  # mails without a clear answer from SES: above this, SES is considered unavailable


def counters_for(before: NoticeState, after: NoticeState) -> tuple[CampaignCounter, ...]:
    """List the counters to increase when a notice changes state. A complaint counts as a bounce."""
    if after == before:
        return ()
    counters_left: tuple[CampaignCounter, ...] = ("sent",) if before == "sending" else ()
    match after:
        case "delivered":
            return (*counters_left, "delivered")
        case "bounced" | "complained":
            return (*counters_left, "bounced")
        case _:
            return counters_left


@frozen
class Campaign:
    """A campaign, and its counts of mails since it was last started.

    A reminder has the funnel step that it addresses, and the campaign of that step with its start.
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
    bounced: int = 0  # with complaints
    uncertain: int = 0

    @property
    def must_stop(self) -> bool:
        """Whether to stop: too many bounces after the canary, or SES seems unavailable."""
        came_back = self.sent >= CANARY and self.bounced > BOUNCES_AT_MOST * self.sent
        return came_back or self.uncertain > UNCERTAIN_AT_MOST
