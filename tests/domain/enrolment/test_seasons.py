"""Seasons: named by the year in Paris in which the period opens, and their retention."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.domain.enrolment.seasons import forgotten_at, season_of, seasons_at, seasons_kept

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
