"""The funnel's tables: a share is never rounded up to 100 % nor down to 0 %."""

import pytest

from chalicelib.wings.campaign.presentation.office.funnel import share, width


@pytest.mark.parametrize(
    ("part", "whole", "words", "bar"),
    [
        (0, 0, "0 %", "0"),
        (0, 7, "0 %", "0.00"),
        (1, 500, "< 1 %", "0.20"),
        (499, 500, "99 %", "99.80"),
        (500, 500, "100 %", "100.00"),
    ],
)
def test_a_share_is_rounded_down(part: int, whole: int, words: str, bar: str) -> None:
    assert share(part, whole).replace("\u00a0", " ") == words
    assert width(part, whole) == bar
