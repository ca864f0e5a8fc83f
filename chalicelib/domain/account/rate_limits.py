"""Rate limits: how many tries in a time window, and the wait after each further one."""

from datetime import datetime, timedelta

from chalicelib.values import frozen


@frozen
class RateLimit:
    """`free` tries without a wait, then `waits` (the last one repeats), and at most `ceiling` in one `window`."""

    free: int
    ceiling: int
    window: timedelta
    waits: tuple[timedelta, ...] = ()

    def recent(self, tries: tuple[datetime, ...], now: datetime) -> tuple[datetime, ...]:
        """List the tries that still count, oldest first."""
        return tuple(sorted(moment for moment in tries if moment > now - self.window))

    def waits_until(self, tries: tuple[datetime, ...], now: datetime) -> datetime | None:
        """Return the time of the next allowed try. None if it is allowed now."""
        recent = self.recent(tries, now)
        until = now
        if len(recent) >= self.ceiling:
            until = recent[-self.ceiling] + self.window
        if self.waits and len(recent) >= self.free:
            until = max(until, recent[-1] + self.waits[min(len(recent) - self.free, len(self.waits) - 1)])
        return until if until > now else None


def _minutes(*counts: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=count) for count in counts)


# Design §5. OWASP ASVS 5.0 6.3.1: guessing is slowed, yet a family can never be locked out for good.
LOGIN_OF_ACCOUNT = RateLimit(free=5, ceiling=25, window=timedelta(hours=24), waits=_minutes(1, 2, 4, 8, 15))
LOGIN_OF_ADDRESS = RateLimit(free=100, ceiling=100, window=timedelta(minutes=10))
LOST_OF_ADDRESS = RateLimit(free=30, ceiling=30, window=timedelta(minutes=10))
# Codes to an unproven address, which may be a stranger's.
CODES_OF_ACCOUNT = RateLimit(free=3, ceiling=10, window=timedelta(hours=24), waits=_minutes(20))
# Each receipt is mailed to every guardian. The receipts themselves are counted, in the write that adds one.
SENDINGS_OF_FAMILY = RateLimit(free=8, ceiling=16, window=timedelta(hours=24), waits=_minutes(5, 10, 20, 40, 60))
# Links that make a browser known. No wait is as long as a link's lifetime, and there is no daily ceiling in practice: a
# stranger who asks for links cannot leave the member without a valid one.
LINKS_OF_MEMBER = RateLimit(free=1, ceiling=1_000, window=timedelta(hours=24), waits=_minutes(2, 2, 2, 2, 2, 10))
BROWSERS_OF_MEMBER = RateLimit(free=6, ceiling=6, window=timedelta(hours=24))  # each has tries of its own
MAIL_OF_ACCOUNT = RateLimit(free=1, ceiling=6, window=timedelta(hours=24), waits=_minutes(2))
# Changes that a family makes by itself, limited so that its trail cannot be flooded (docs/decisions/0036).
CORRECTIONS_OF_ACCOUNT = RateLimit(free=10, ceiling=40, window=timedelta(hours=24), waits=_minutes(1, 2, 4, 8, 15))
ADDRESSES_OF_ACCOUNT = RateLimit(free=12, ceiling=12, window=timedelta(hours=24))
