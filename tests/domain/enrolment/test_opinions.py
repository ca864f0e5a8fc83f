"""Opinions: their window and their season."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.enrolment.opinions import OpinionRef, OpinionWindow, is_kept, opinion_season
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod
from chalicelib.domain.family.households import PupilRef

SPRING = OpinionWindow("03-01", "07-31")
WINTER = OpinionWindow("11-15", "02-29")


@pytest.mark.parametrize(
    ("window", "day", "is_open"),
    [
        (SPRING, date(2027, 2, 28), False),
        (SPRING, date(2027, 3, 1), True),
        (SPRING, date(2027, 7, 31), True),
        (SPRING, date(2027, 8, 1), False),
        (WINTER, date(2026, 11, 14), False),
        (WINTER, date(2026, 11, 15), True),
        (WINTER, date(2026, 12, 31), True),
        (WINTER, date(2027, 1, 1), True),
        (WINTER, date(2027, 2, 28), True),
        (WINTER, date(2028, 2, 29), True),
        (WINTER, date(2027, 3, 1), False),
    ],
)
def test_a_window_has_both_days_and_may_cross_the_new_year(window: OpinionWindow, day: date, *, is_open: bool) -> None:
    assert window.has(day) is is_open


@pytest.mark.parametrize(
    ("period", "day", "season"),
    [
        (None, date(2027, 3, 3), "2027"),
        (EnrolmentPeriod(date(2026, 6, 1), date(2026, 6, 15)), date(2027, 3, 3), "2027"),  # last year's, over
        (EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15)), date(2026, 11, 20), "2027"),
        (EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15)), date(2027, 6, 10), "2027"),
        (EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15)), date(2027, 7, 20), "2027"),
        (EnrolmentPeriod(date(2027, 8, 25), date(2027, 9, 10)), date(2027, 9, 5), "2027"),  # open still
        (EnrolmentPeriod(date(2027, 8, 25), date(2027, 9, 10)), date(2027, 9, 20), "2028"),
    ],
)
def test_an_opinion_is_of_the_return_that_comes(period: EnrolmentPeriod | None, day: date, season: str) -> None:
    assert opinion_season(period, datetime(day.year, day.month, day.day, 12, tzinfo=UTC)) == season


def test_it_is_forgotten_a_year_after_the_return() -> None:
    ref = OpinionRef("evry-xenakis", "2027", PupilRef("xen1", "a1"), "c1")

    assert ref.expires_at == datetime(2028, 9, 1, tzinfo=PARIS)
    assert is_kept("2027", datetime(2028, 8, 31, 12, tzinfo=UTC))
    assert not is_kept("2027", datetime(2028, 9, 1, 12, tzinfo=UTC))
