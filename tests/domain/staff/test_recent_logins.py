"""A login answers its repeated form for a minute, from the same address."""

from datetime import UTC, datetime, timedelta

from chalicelib.domain.staff.recent_logins import SENT_AGAIN_WITHIN, RecentLogin

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)


def test_a_form_that_comes_again_is_answered_for_a_minute_from_its_own_address() -> None:
    login = RecentLogin("half", "open", "client", NOW)

    assert login.answers("client", NOW + SENT_AGAIN_WITHIN - timedelta(seconds=1))
    assert not login.answers("client", NOW + SENT_AGAIN_WITHIN)
    assert not login.answers("another", NOW)
