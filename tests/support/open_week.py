"""Periods announced on a running service, whose warm functions learn of them within ten seconds."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from chalicelib.domain.enrolment.periods import PARIS, PERIODS_AGE, EnrolmentPeriod, Periods
from chalicelib.stores.periods import PeriodStore


@contextmanager
def open_week(store: PeriodStore, now: datetime) -> Iterator[None]:
    """Announce a week from today for all sites, then the former periods again."""
    before, today = store.read(), now.astimezone(PARIS).date()
    store.write(before, Periods(EnrolmentPeriod(today, today + timedelta(days=7))))
    time.sleep(PERIODS_AGE.total_seconds())
    yield
    store.write(store.read(), before)
