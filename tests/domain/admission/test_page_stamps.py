"""Page stamps: a form sent back in less than three seconds, or after two hours, is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.admission.page_stamps import PageStamps
from tests.support.keys import key_ring

NOW = datetime(2027, 6, 1, 7, 0, tzinfo=UTC)
STAMPS = PageStamps(key_ring("page-stamps", 1))


@pytest.mark.parametrize(
    ("seconds", "is_ripe"), [(-1, False), (0, False), (2, False), (3, True), (7200, True), (7201, False)]
)
def test_a_page_is_ripe_from_three_seconds_to_two_hours(seconds: int, *, is_ripe: bool) -> None:
    assert STAMPS.is_ripe(STAMPS.stamp(NOW), NOW + timedelta(seconds=seconds)) is is_ripe


def test_a_moment_of_one_s_own_or_of_another_key_is_no_stamp() -> None:
    moment, _, signature = STAMPS.stamp(NOW).partition(".")
    later = NOW + timedelta(seconds=10)

    made_up = [f"{int(moment) + 5}.{signature}", f"{moment}.", moment, "", f" {moment}.{signature}", "9" * 40]

    assert not any(STAMPS.is_ripe(stamp, later) for stamp in made_up)
    assert not PageStamps(key_ring("questions", 1)).is_ripe(f"{moment}.{signature}", later)
