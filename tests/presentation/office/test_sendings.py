"""The curve of a season's sendings against the last one, by the days of the year."""

from datetime import date

from chalicelib.presentation.office.sendings import sending_curve, sum_days


def test_a_curve_grows_to_its_sum_and_last_season_s_stands_on_the_same_days() -> None:
    days = {date(2027, 6, 1): 1, date(2027, 6, 6): 2}
    before = {date(2026, 6, 1): 2, date(2026, 6, 11): 4}

    curve = sending_curve("Xénakis", days, before, date(2027, 6, 6))

    assert (curve.total, curve.by_now, curve.before) == (3, 2, 6)
    assert curve.points == "0,150 300,90"
    assert curve.points_before == "0,120 600,0"


def test_a_first_season_and_a_leap_day_are_drawn() -> None:
    leap = sending_curve("Xénakis", {}, {date(2024, 2, 29): 1}, date(2025, 3, 1))

    assert (leap.total, leap.by_now, leap.points_before) == (0, 1, "0,0 600,0")
    assert sending_curve("Xénakis", {date(2027, 6, 1): 1}, {}, date(2027, 6, 1)).points_before == ""


def test_days_of_several_sites_are_added() -> None:
    assert sum_days([{date(2027, 6, 1): 1}, {date(2027, 6, 1): 2}]) == {date(2027, 6, 1): 3}
