"""How many requests run concurrently when a re-enrolment opens: the model behind the deployment and the documents.

Two measured figures and their consequences. A test compares docs/scale.md and the comments of `stages.toml` with it.
"""

import math
from typing import Final

# Measured by `make scale` (docs/scale.md), which reports a difference. Seconds of a Lambda.
JOURNEY: Final = 1.179  # one family's whole journey
LOGIN: Final = 0.123  # of which its login
MINUTE: Final = 60
# One new family from « Pré-inscription » to its receipt, 15 requests. With one child `make scale` measures 0.48.
APPLICATION: Final = 0.6

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
