"""How many requests run concurrently when a re-enrolment opens: the model behind the deployment and the documents.

Two measured figures and their consequences. A test compares docs/scale.md and the comments of `stages.toml` with it.
"""

import math
from dataclasses import dataclass
from typing import Final

from operations import prices

# Measured by `make scale` (docs/scale.md), which reports a difference. Seconds of a Lambda.
JOURNEY: Final = 1.179  # one family's whole journey
LOGIN: Final = 0.123  # of which its login
MINUTE: Final = 60
# One new family from « Pré-inscription » to its receipt, 15 requests. With one child `make scale` measures 0.48.
APPLICATION: Final = 0.6
# One login by FranceConnect, whose provider answers twice within some 0.2 s (assumed). A passkey's is shorter. What the
# function reserves is its cap too: a slow provider takes no capacity of the desk's or the post's.
FRANCECONNECT_LOGIN: Final = 0.5
CALENDARS: Final = 10  # reserved for the polls of calendars, of some 50 ms each: 200 a second

GATEWAY_REQUESTS: Final = 800  # a second that .chalice/resources.yaml lets through, of all kinds
# Logins a second that .chalice/resources.yaml lets through: a separate cap, whatever the functions can do.
GATEWAY_LOGINS: Final = 150
# Forms a second that it lets through, of each kind that has a mail sent to a stranger: a lost password, a lost
# identifier, an applicant's code.
GATEWAY_MAILS: Final = 100
MAILS: Final = 14  # a second that one queue's two consumers send, and that SES allows a new account

_EXACT: Final = 6  # decimals: absorbs the rounding error of floats on a whole number


def at_once(families: float, journey: float = JOURNEY) -> int:
    """Count the concurrent Lambdas if so many families come within one minute and do everything (Little's law)."""
    return math.ceil(round(families / MINUTE * journey, _EXACT))


def minutes_to_mail(mails: float) -> float:
    """Return the time until the last of so many mails has left, if they are asked for within a moment."""
    return mails / MAILS / MINUTE


def logins_a_second(concurrency: int) -> int:
    """Count the logins a second that so many Lambdas serve if they do nothing else."""
    return int(concurrency / LOGIN)


@dataclass(frozen=True)
class VisitCost:
    """The billed units of one family, or of several. `seconds`: of Lambda, at a gigabyte."""

    requests: float
    reads: float
    writes: float
    mails: float
    seconds: float

    @property
    def dollars(self) -> float:
        """The price, at list price (docs/deploy.md, « Costs »)."""
        tariffs = (
            (prices.API_REQUEST, self.requests),
            (prices.LAMBDA_CALL, self.requests + self.mails),
            (prices.LAMBDA_GB_SECOND, self.seconds),
            (prices.READ_UNIT, self.reads),
            (prices.WRITE_UNIT, self.writes),
            (prices.MAIL, self.mails),
            (prices.SQS_REQUEST, 3 * self.mails),  # sent, received, deleted
        )
        return sum(price.cost(units) for price, units in tariffs)


# Of each kind, as `make scale` counts it (docs/scale.md).
FAMILY_VISIT: Final = VisitCost(requests=15, reads=75, writes=14, mails=2, seconds=JOURNEY)
LOST_PASSWORD: Final = VisitCost(requests=1, reads=3, writes=3, mails=1, seconds=0.094)


@dataclass(frozen=True)
class Opening:
    """A network's opening: its families, and the share of them that comes in the first minute (docs/scale.md)."""

    families: int
    share: float

    @property
    def in_minute(self) -> float:
        """The families of that minute."""
        return self.families * self.share


OPENINGS: Final = (Opening(6_000, 1), Opening(60_000, 0.5), Opening(1_000_000, 0.1))
