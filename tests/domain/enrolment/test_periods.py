"""The re-enrolment period: both days included, in Paris time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.enrolment.periods import (
    EnrolmentPeriod,
    Periods,
    PeriodState,
    easter,
    forgotten_at,
    is_day_off,
    period_of,
    season_of,
    seasons_at,
    seasons_kept,
)

NEW_YEARS_EVE = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # 0 h 30 in Paris, the next year


@pytest.mark.parametrize(
    ("period", "season"),
    [
        (EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15)), "2027"),
        (EnrolmentPeriod(date(2026, 12, 28), date(2027, 1, 5)), "2026"),
        (None, "2027"),
    ],
)
def test_a_season_is_the_year_in_which_its_period_opens(period: EnrolmentPeriod | None, season: str) -> None:
    assert season_of(period, NEW_YEARS_EVE) == season


def test_a_page_tells_of_this_year_and_the_last_one_as_paris_counts() -> None:
    assert seasons_at(NEW_YEARS_EVE) == ("2027", "2026")


@pytest.mark.parametrize("month", [1, 9, 12])
def test_every_season_that_is_not_forgotten_is_among_those_kept(month: int) -> None:
    now = datetime(2030, month, 15, tzinfo=UTC)

    not_forgotten = {str(year) for year in range(2015, 2032) if forgotten_at(str(year)) > now}

    assert not_forgotten <= set(seasons_kept(now))
    assert "2026" in seasons_kept(now)  # TTL deletes late
    assert max(seasons_kept(now)) == "2031"


def test_a_season_is_forgotten_two_years_after_the_school_year_that_it_prepared() -> None:
    assert forgotten_at("2027").isoformat() == "2030-09-01T00:00:00+02:00"


@pytest.mark.parametrize("day", [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28)])
def test_easter_is_when_calendars_say(day: date) -> None:
    assert easter(day.year) == day


@pytest.mark.parametrize(
    ("day", "is_off"),
    [
        (date(2026, 11, 11), True),
        (date(2027, 5, 6), True),  # Ascension
        (date(2027, 5, 17), True),  # Whit Monday
        (date(2026, 11, 15), True),  # a Sunday
        (date(2026, 11, 14), False),
        (date(2027, 3, 26), False),  # Good Friday: in Alsace and Moselle alone
    ],
)
def test_sundays_and_public_holidays_are_days_off(day: date, is_off: bool) -> None:
    assert is_day_off(day) is is_off


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
    period = EnrolmentPeriod(date(2027, 7, 1), date(2027, 7, 2))
    periods = Periods(JUNE, (("evry-xenakis", period),))

    assert periods.of("evry-xenakis") == period
    assert periods.of("evry-magnard") == JUNE
    assert Periods(None, periods.of_sites).of("evry-magnard") is None


def test_a_fictitious_family_has_a_period_of_two_days_whatever_is_announced() -> None:
    family = Account(
        AccountRef("evry-magnard", "rep1"), "Famille Répétition", (), "stamp", rehearsed_on=date(2027, 5, 1)
    )
    periods = Periods(EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15)))

    assert period_of(family, periods) == EnrolmentPeriod(date(2027, 5, 1), date(2027, 5, 2))
    assert period_of(replace(family, rehearsed_on=None), periods) == periods.of_all
    assert period_of(replace(family, rehearsed_on=None, application="P27-K4TN-8WCB"), periods) is None
