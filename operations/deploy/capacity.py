"""How many requests run at once when a re-enrolment opens: the model's one number, for deployment, documents, comments.

Two measured figures, and what follows from them; a test holds docs/scale.md and the comments of `stages.toml` to it.
"""

import math
from typing import Final

# What `make scale` measured (docs/scale.md); it says so when it measures otherwise. Seconds of a Lambda.
JOURNEY: Final = 1.179  # one family's whole journey
LOGIN: Final = 0.123  # of which its login
MINUTE: Final = 60
# One new family from « Pré-inscription » to its receipt, 15 requests; of one child `make scale` measures 0.48.
APPLICATION: Final = 0.6

# What .chalice/resources.yaml lets through to the login, a second: a cap of its own, whatever runs behind it.
GATEWAY_LOGINS: Final = 150

_EXACT: Final = 6  # decimals: a whole number that floats made a hair larger is that number


def at_once(families: float, journey: float = JOURNEY) -> int:
    """Count the Lambdas at work if so many families come within one minute and do all they do (Little's law)."""
    return math.ceil(round(families / MINUTE * journey, _EXACT))


def logins_a_second(concurrency: int) -> int:
    """Count the logins a second that so many Lambdas serve, if they do nothing else."""
    return int(concurrency / LOGIN)
