"""The term of an offer: never at night, on a Sunday or on a public holiday, across changes of the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.admission.terms import offer_term
from chalicelib.domain.enrolment.periods import PARIS, is_day_off


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2027-07-05 10:00", "2027-07-08 10:00"),  # Monday to Thursday
        ("2027-07-05 10:01", "2027-07-08 11:00"),  # rounded up to the hour
        ("2027-07-05 19:30", "2027-07-08 20:00"),
        ("2027-07-05 20:30", "2027-07-09 12:00"),
        ("2027-07-06 03:00", "2027-07-09 12:00"),
        ("2027-07-08 10:00", "2027-07-12 12:00"),  # Sunday 11 July
        ("2027-07-11 10:00", "2027-07-15 12:00"),  # 14 July
        ("2027-05-13 10:00", "2027-05-18 12:00"),  # Whit Sunday, then Whit Monday
        ("2026-10-23 10:00", "2026-10-26 09:00"),  # 72 hours later, across the end of summer time
        ("2027-03-25 19:30", "2027-03-30 12:00"),  # Easter Sunday and Monday, across the start of summer time
    ],
)
def test_an_offer_ends_by_day_on_a_day_when_the_office_works(now: str, until: str) -> None:
    assert offer_term(paris(now).astimezone(UTC), 72) == paris(until)


def test_no_hour_of_two_years_gives_less_than_its_hours_or_an_end_at_night() -> None:
    start = datetime(2027, 1, 1, tzinfo=UTC)
    wrong = []
    for number in range(0, 2 * 366 * 24, 5):
        now = start + timedelta(hours=number, minutes=number % 60)
        until = offer_term(now, 72)
        local = until.astimezone(PARIS)
        if not 9 <= local.hour <= 20 or is_day_off(local.date()) or not timedelta(hours=72) <= until - now:
            wrong.append((now, until))
        if until - now > timedelta(days=7):
            wrong.append((now, until))

    assert wrong == []
