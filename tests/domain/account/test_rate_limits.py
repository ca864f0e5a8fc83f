"""Rate limits: five tries are free, then waits grow. Compared with a slow, literal model of design §5."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.account.rate_limits import (
    LOGIN_OF_ACCOUNT,
    LOGIN_OF_ADDRESS,
    LOST_OF_ADDRESS,
    MAIL_OF_ACCOUNT,
    RateLimit,
)

MORNING = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(hours=24)
PAUSES = st.lists(
    st.sampled_from([0, 1, 30, 59, 60, 61, 120, 240, 480, 899, 900, 901, 3600, 6 * 3600, 24 * 3600 - 1, 24 * 3600]),
    max_size=60,
)


class PlainReading:
    """A literal model of design §5: the counted failures, and whether a try is accepted now."""

    def __init__(self) -> None:
        self.failures: list[datetime] = []

    def is_looked_at(self, now: datetime) -> bool:
        today = [failure for failure in self.failures if now - failure < DAY]
        if len(today) >= 25:
            return False
        if len(today) < 5:
            return True
        return now >= today[-1] + {5: 1, 6: 2, 7: 4, 8: 8}.get(len(today), 15) * MINUTE

    def try_at(self, now: datetime) -> bool:
        looked_at = self.is_looked_at(now)
        if looked_at:  # a try during a wait is not counted
            self.failures.append(now)
        return looked_at


def fail(tries: tuple[datetime, ...], now: datetime, limit: RateLimit = LOGIN_OF_ACCOUNT) -> tuple[datetime, ...]:
    """Make a failing try, as the store does: counted if it is accepted."""
    return tries if limit.waits_until(tries, now) else (*tries, now)


def test_five_tries_are_free_then_waits_are_1_2_4_8_and_15_minutes() -> None:
    tries: tuple[datetime, ...] = ()
    now, waits = MORNING, []
    for _ in range(12):
        until = LOGIN_OF_ACCOUNT.waits_until(tries, now)
        waits.append(0 if until is None else (until - now) // MINUTE)
        now = until or now
        tries = (*tries, now)

    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15]


def test_after_25_failures_in_a_day_one_waits_until_the_first_is_a_day_old() -> None:
    tries = tuple(MORNING + number * 15 * MINUTE for number in range(25))
    evening = tries[-1] + timedelta(hours=3)

    until = LOGIN_OF_ACCOUNT.waits_until(tries, evening)

    assert until == MORNING + DAY
    assert LOGIN_OF_ACCOUNT.waits_until(tries, until) is None
    assert LOGIN_OF_ACCOUNT.waits_until(fail(tries, until), until + 15 * MINUTE) is None
    assert LOGIN_OF_ACCOUNT.waits_until(fail(tries, until), until + 15 * MINUTE - SECOND) is not None


def test_the_longest_wait_counts_when_two_do() -> None:
    tries = tuple(MORNING + number * SECOND for number in range(25))
    almost = MORNING + DAY - MINUTE
    assert LOGIN_OF_ACCOUNT.waits_until((*tries[1:], almost), almost) == almost + 15 * MINUTE


def test_one_counted_too_many_makes_one_wait_until_25_are_left() -> None:
    tries = tuple(MORNING + number * 15 * MINUTE for number in range(27))
    evening = tries[-1] + timedelta(hours=3)

    assert LOGIN_OF_ACCOUNT.waits_until(tries, evening) == tries[2] + DAY


def test_the_order_in_which_tries_were_written_does_not_matter() -> None:
    tries = tuple(MORNING + number * MINUTE for number in range(7))
    now = tries[-1]

    assert (
        LOGIN_OF_ACCOUNT.waits_until(tries[::-1], now) == LOGIN_OF_ACCOUNT.waits_until(tries, now) == now + 4 * MINUTE
    )


@pytest.mark.parametrize(
    ("limit", "free", "window"),
    [
        pytest.param(LOGIN_OF_ADDRESS, 100, 10 * MINUTE, id="100 failed logins of one address in 10 minutes"),
        pytest.param(LOST_OF_ADDRESS, 30, 10 * MINUTE, id="30 lost passwords of one address in 10 minutes"),
    ],
)
def test_an_address_is_stopped_until_the_window_slides(limit: RateLimit, free: int, window: timedelta) -> None:
    tries = tuple(MORNING + number * SECOND for number in range(free))
    now = tries[-1]

    assert limit.waits_until(tries[:-1], now) is None
    assert limit.waits_until(tries, now) == MORNING + window
    assert limit.waits_until(tries, MORNING + window) is None


def test_one_letter_each_2_minutes_and_6_a_day() -> None:
    tries: tuple[datetime, ...] = ()
    now, times = MORNING, []
    while now < MORNING + DAY + 10 * MINUTE:
        if MAIL_OF_ACCOUNT.waits_until(tries, now) is None:
            tries = (*tries, now)
            times.append((now - MORNING) // MINUTE)
        now += MINUTE

    assert times == [0, 2, 4, 6, 8, 10, 24 * 60, 24 * 60 + 2, 24 * 60 + 4, 24 * 60 + 6, 24 * 60 + 8]


@settings(max_examples=200)
@given(PAUSES)
def test_slowing_down_is_what_the_design_says(pauses: list[int]) -> None:
    plain, now = PlainReading(), MORNING
    tries: tuple[datetime, ...] = ()
    for seconds in pauses:
        now += seconds * SECOND

        until = LOGIN_OF_ACCOUNT.waits_until(tries, now)

        assert (until is None) is plain.try_at(now)
        tries = fail(tries, now)
        assert tries == tuple(plain.failures)


@settings(max_examples=200)
@given(PAUSES)
def test_who_comes_back_when_told_is_looked_at_and_never_waits_a_day_for_nothing(pauses: list[int]) -> None:
    plain, now = PlainReading(), MORNING
    tries: tuple[datetime, ...] = ()
    for seconds in pauses:
        now += seconds * SECOND
        plain.try_at(now)
        tries = fail(tries, now)

    until = LOGIN_OF_ACCOUNT.waits_until(tries, now)

    if until is not None:
        assert now < until <= now + DAY
        assert LOGIN_OF_ACCOUNT.waits_until(tries, until) is None
        assert plain.is_looked_at(until)


@settings(max_examples=200)
@given(PAUSES, st.integers(1, 24 * 3600))
def test_what_no_longer_counts_may_be_forgotten(pauses: list[int], later: int) -> None:
    now, tries = MORNING, list[datetime]()
    for seconds in pauses:
        now += seconds * SECOND
        tries.append(now)
    now += later * SECOND

    recent = LOGIN_OF_ACCOUNT.recent(tuple(tries), now)

    assert LOGIN_OF_ACCOUNT.waits_until(recent, now) == LOGIN_OF_ACCOUNT.waits_until(tuple(tries), now)
    assert list(recent) == [moment for moment in tries if now - moment < DAY]
