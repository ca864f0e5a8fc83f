"""The model of a year: its parts add up, and a month without visitors stays near a quarter of a dollar."""

import pytest

from tools import year


def test_a_month_without_visitors_polls_two_queues_and_pays_one_alarm_and_the_canary() -> None:
    assert year.POLLS == 2 * 648_000
    assert year.idle_month() == pytest.approx(0.12 + 0.10 + 0.036 + year.CANARY.dollars(1), abs=0.005)
    assert year.idle_month() <= 0.30


def test_a_year_is_the_sum_of_its_parts() -> None:
    rows = [row.split("|")[1:-2] for row in year.year()][2:]
    *parts, whole, _free = [[float(cell.replace(",", "")) for cell in cells] for _, *cells in rows]

    assert whole == pytest.approx([sum(column) for column in zip(*parts, strict=True)], abs=0.05)


def test_calendars_cost_less_than_half_of_what_they_did_and_a_fifth_within_the_free_units() -> None:
    before, _, _, selection, hourly, rest = [row.split("|")[3].split("(") for row in year.calendars()][2:]

    assert float(selection[0]) < float(before[0]) / 2
    assert float(selection[1].strip(") ")) < float(before[1].strip(") ")) / 5
    assert float(hourly[0]) == pytest.approx(4 * float(selection[0]), abs=0.05)
    assert float(rest[0]) < 2 * float(hourly[0])
