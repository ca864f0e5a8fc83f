"""Slots: the weekday and hours in the yearly file."""

from datetime import date, time

import pytest

from chalicelib.domain.teaching.slots import Slot


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("mercredi 14 h 30 - 15 h 15", Slot(2, time(14, 30), time(15, 15))),
        ("Samedi 9 h", Slot(5, time(9))),
        ("vendredi", Slot(4)),
        ("18 h - 17 h", Slot(None, time(18))),
        ("lundi 25 h 10", Slot(0)),
        ("", Slot()),
    ],
)
def test_what_a_slot_says(text: str, slot: Slot) -> None:
    assert Slot.parse(text) == slot


def test_a_lesson_without_an_end_lasts_an_hour() -> None:
    hours = Slot.parse("samedi 9 h 30").on(date(2026, 11, 7))

    assert hours is not None
    assert [moment.isoformat() for moment in hours] == ["2026-11-07T09:30:00+01:00", "2026-11-07T10:30:00+01:00"]
