"""The re-enrolment period: both days included, in Paris time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods, PeriodState

JUNE = EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15))
ORDER: list[PeriodState] = ["before", "during", "after"]
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive


@pytest.mark.parametrize(
    ("now", "state"),
    [
        pytest.param("2027-05-31T23:59:59+02:00", "before", id="the last second before"),
        pytest.param("2027-06-01T00:00:00+02:00", "during", id="midnight in Paris"),
        pytest.param("2027-05-31T22:00:00+00:00", "during", id="the same, said in UTC"),
        pytest.param("2027-05-31T18:00:00-04:00", "during", id="the same, said in Fort-de-France"),
        pytest.param("2027-06-15T23:59:59+02:00", "during", id="the last day to its end"),
        pytest.param("2027-06-16T00:00:00+02:00", "after", id="the day after"),
    ],
)
def test_both_days_are_included_and_end_at_midnight_in_paris(now: str, state: str) -> None:
    assert JUNE.state(datetime.fromisoformat(now)) == state


def test_it_ends_at_the_midnight_in_paris_after_its_last_day() -> None:
    assert JUNE.ends_at == datetime(2027, 6, 15, 22, 0, tzinfo=UTC)
    assert JUNE.state(JUNE.ends_at) == "after"
    assert JUNE.state(JUNE.ends_at - timedelta(seconds=1)) == "during"


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        pytest.param(date(2027, 3, 28), "2027-03-27T23:00:00", "2027-03-28T21:59:59", id="summer time begins"),
        pytest.param(date(2027, 10, 31), "2027-10-30T22:00:00", "2027-10-31T22:59:59", id="summer time ends"),
    ],
)
def test_a_day_of_23_or_25_hours_is_one_day(day: date, first: str, last: str) -> None:
    period = EnrolmentPeriod(day, day)
    opens, closes = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (first, last))

    second = timedelta(seconds=1)
    states = [period.state(moment) for moment in (opens - second, opens, closes, closes + second)]

    assert states == ["before", "during", "during", "after"]


@given(st.tuples(DAYS, DAYS).map(sorted), st.lists(MOMENTS, min_size=2, max_size=2).map(sorted))
def test_a_period_never_opens_again(days: list[date], moments: list[datetime]) -> None:
    period = EnrolmentPeriod(*days)

    earlier, later = (ORDER.index(period.state(moment)) for moment in moments)

    assert earlier <= later


def test_a_period_that_ends_before_it_begins_is_none() -> None:
    with pytest.raises(ValueError, match="closes on the day it opens, or later"):
        EnrolmentPeriod(date(2027, 6, 2), date(2027, 6, 1))


def test_a_site_has_its_own_period_or_that_of_all_or_none() -> None:
    own = EnrolmentPeriod(date(2027, 7, 1), date(2027, 7, 2))
    periods = Periods(JUNE, (("evry-xenakis", own),))

    assert periods.of("evry-xenakis") == own
    assert periods.of("evry-magnard") == JUNE
    assert Periods(None, periods.of_sites).of("evry-magnard") is None
