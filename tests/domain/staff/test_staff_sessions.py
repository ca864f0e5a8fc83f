"""A session of the desk: its stages, its lifetime, and the token derived from a code."""

from datetime import UTC, datetime, timedelta

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.staff.members import Member
from chalicelib.domain.staff.staff_sessions import StaffSession, new_token, token_after, token_from
from tests.support.keys import key_ring

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
MEMBER = Member("troglodyte@example.org", "Basile Troglodyte", "secretary", (), "stamp", NOW)
KEYS = key_ring("staff-tokens", 1)


def test_a_cookie_is_read_as_it_was_written_and_a_family_s_is_none() -> None:
    token = new_token()

    assert token_from(token.cookie) == token
    assert token_from("") is None
    assert token_from(Token.new("evry-xenakis").cookie) is None


def test_the_token_after_a_code_is_the_same_for_the_same_form_only() -> None:
    half = new_token()
    after = token_after(KEYS, half, "123456")

    assert after == token_after(KEYS, half, " 123 456") == token_from(after.cookie)
    tokens = (
        token_after(KEYS, half, "123457"),
        token_after(KEYS, new_token(), "123456"),
        token_after(key_ring("staff-tokens", 2), half, "123456"),
    )
    assert len({after, half, *tokens}) == 5


def test_it_goes_on_under_another_token_as_long_as_it_would_have() -> None:
    session = StaffSession.open(new_token(), MEMBER, "open", NOW)
    later, token = NOW + timedelta(hours=9, minutes=50), new_token()

    went_on = session.go_on(token, "another stamp", later)

    assert (went_on.fingerprint, went_on.stamp) == (token.fingerprint, "another stamp")
    assert went_on.expires_at == NOW + timedelta(hours=10)
