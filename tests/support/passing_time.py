"""Time during the sending of a campaign: while the command waits, the post function works and SES publishes events."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.wings.campaign.office.mail_run import MailRun
from tests.support.campaigns import work
from tests.support.world import World


@dataclass
class Meanwhile:
    """A clock that only waiting advances. `act` runs during each wait."""

    world: World
    act: Callable[[World], None] = work
    seconds: float = 1000.0
    waits: list[float] = field(default_factory=list)

    def hold(self, seconds: float) -> None:
        """Wait."""
        if seconds:
            self.waits.append(seconds)
            self.seconds += seconds
            count = len(self.world.aws.table_requests)
            try:
                self.act(self.world)
            finally:
                del self.world.aws.table_requests[count:]  # the post's own, not the command's

    def clock(self) -> float:
        """Read the time."""
        return self.seconds

    def run(self, *arguments: Any) -> MailRun:
        """Make a command's run with this clock."""
        return replace(MailRun(*arguments), hold=self.hold, clock=self.clock)
