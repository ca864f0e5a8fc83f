"""One password attempt, counted."""

from datetime import datetime

from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT, RateLimit
from chalicelib.domain.refusals import SlowedDown
from chalicelib.stores.attempts import Attempts, AttemptTimes
from tests.support.world import ROSSIGNOL

MINE = AttemptTimes.on_account(ROSSIGNOL)


def passes(attempts: Attempts, tries: AttemptTimes, now: datetime, limit: RateLimit = LOGIN_OF_ACCOUNT) -> bool:
    try:
        attempts.reserve(tries, limit, now)
    except SlowedDown:
        return False
    return True
