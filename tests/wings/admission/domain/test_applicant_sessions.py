"""An applicant's session: an hour idle, twelve in all, and only its own kind of cookie."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.wings.admission.domain.applicant_sessions import ApplicantSession, new_token, token_from
from chalicelib.wings.admission.domain.applications import ApplicationRef

NOW = datetime(2027, 6, 1, 7, 0, tzinfo=UTC)
SESSION = ApplicantSession("fingerprint", ApplicationRef("0123456789abcdef0123", "2027"), NOW, NOW)


def test_it_ends_an_hour_after_it_was_seen_and_twelve_after_it_was_opened() -> None:
    session = SESSION.touch(NOW + timedelta(hours=11, minutes=30))

    assert SESSION.is_open(NOW + timedelta(minutes=59))
    assert not SESSION.is_open(NOW + timedelta(hours=1))
    assert session.is_open(NOW + timedelta(hours=11, minutes=59))
    assert not session.is_open(NOW + timedelta(hours=12))


def test_a_token_is_read_from_the_cookie_that_it_made() -> None:
    token = new_token()

    assert token_from(token.cookie) == token
    assert len(token.secret) == 43


@pytest.mark.parametrize("cookie", ["", "demande", "demande.", "evry-xenakis.a-family-s-secret", "QUJD" * 40])
def test_a_family_s_token_and_a_question_are_none(cookie: str) -> None:
    assert token_from(cookie) is None
