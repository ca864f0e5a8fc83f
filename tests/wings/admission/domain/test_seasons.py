"""The season of applications: that of the period that opened last, else of the next one."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.wings.admission.domain.applications import current_season, is_open_at

NOW = datetime(2027, 6, 10, 7, 0, tzinfo=UTC)
JUNE = EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15))
LAST_YEAR = EnrolmentPeriod(date(2026, 6, 1), date(2026, 6, 15))
NEXT_YEAR = EnrolmentPeriod(date(2028, 1, 10), date(2028, 2, 1))
NEW_YEAR = EnrolmentPeriod(date(2026, 12, 1), date(2027, 6, 30))


@pytest.mark.parametrize(
    ("periods", "season"),
    [
        (Periods(), "2027"),
        (Periods(JUNE), "2027"),
        (Periods(LAST_YEAR), "2026"),
        (Periods(NEXT_YEAR), "2028"),
        (Periods(LAST_YEAR, (("a", JUNE),)), "2027"),
        (Periods(NEXT_YEAR, (("a", JUNE),)), "2027"),
        (Periods(NEW_YEAR), "2026"),
        (Periods(NEXT_YEAR, (("nowhere", JUNE),)), "2028"),
    ],
)
def test_a_day_has_one_season(periods: Periods, season: str) -> None:
    assert current_season(periods, ("a", "b"), NOW) == season


def test_a_site_takes_applications_of_its_own_period_s_season_while_it_lasts() -> None:
    periods = Periods(JUNE, (("a", NEW_YEAR), ("b", NEXT_YEAR)))

    assert is_open_at(periods, "c", "2027", NOW)
    assert not is_open_at(periods, "a", "2027", NOW)
    assert is_open_at(periods, "a", "2026", NOW)
    assert not is_open_at(periods, "b", "2028", NOW)
    assert not is_open_at(Periods(), "c", "2027", NOW)
