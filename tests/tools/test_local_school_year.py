"""`make run`: the school year follows the day, so that a teacher has lessons and a roll to take on any day."""

from datetime import date, timedelta

from chalicelib.domain.enrolment.periods import is_day_off
from chalicelib.settings.environment import load_network
from chalicelib.wings.teaching.services.lessons import school_years
from tools.local.school_year import with_lessons_around

DAY = timedelta(days=1)
YEARS = 365 * 3


def test_on_any_day_each_day_of_the_week_has_lessons_and_the_last_seven_a_roll() -> None:
    network = load_network()
    (year,) = network.teaching.years
    wrong = []
    for day in (year.starts_on + number * DAY for number in range(-100, YEARS)):
        years = school_years(with_lessons_around(network, day))
        monday = day - day.weekday() * DAY
        week = [monday + number * DAY for number in range(6)]
        before = [day - number * DAY for number in range(1, 8)]
        wrong += [(day, on) for on in (*week, *before) if years.of(on).has_lessons_on(on) == is_day_off(on)]

    assert wrong == []


def test_a_day_amid_lessons_leaves_the_year_as_it_is() -> None:
    network = load_network()

    assert with_lessons_around(network, date(2026, 12, 1)) == network
