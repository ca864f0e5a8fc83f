"""The notice of an incident: one line, and an end."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.service_notice import LASTS_AT_MOST, LONGEST, ServiceNotice

NOW = datetime(2027, 6, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "lasts"),
    [
        *(("", HOUR), ("x" * (LONGEST + 1), HOUR), ("Deux\nlignes", HOUR), (" Un blanc", HOUR)),
        *(("Panne.", -HOUR), ("Panne.", timedelta()), ("Panne.", LASTS_AT_MOST + HOUR)),
    ],
)
def test_it_has_one_line_and_ends_within_a_week(text: str, lasts: timedelta) -> None:
    assert ServiceNotice("x" * LONGEST, NOW, NOW + LASTS_AT_MOST)
    with pytest.raises(ValueError, match=r"the (text|end)"):
        ServiceNotice(text, NOW, NOW + lasts)
