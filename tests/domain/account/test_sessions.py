"""Sessions: the token in the cookie, the lifetime, and the account that it opens."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.sessions import Session, Token

MORNING = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
ROSSIGNOL = Account(AccountRef("evry-xenakis", "xen1"), "Famille Rossignol", ("rossignol@example.org",), "stamp-1")
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def new_session(token: Token | None = None) -> Session:
    return Session.open(token or Token.new("evry-xenakis"), ROSSIGNOL, MORNING, by="login", previous_login=None)


def test_a_token_is_the_site_and_256_random_bits_whatever_the_account() -> None:
    tokens = [Token.new("evry-xenakis") for _ in range(200)]

    assert all(re.fullmatch(r"evry-xenakis\.[A-Za-z0-9_-]{43}", token.cookie) for token in tokens)
    assert len({token.cookie for token in tokens}) == 200


def test_a_cookie_gives_its_token_back() -> None:
    token = Token.new("evry-xenakis")

    assert Token.parse(token.cookie) == token


@pytest.mark.parametrize(
    "cookie",
    [
        pytest.param("", id="nothing"),
        pytest.param("evry-xenakis", id="no dot"),
        pytest.param(".secret", id="no site"),
        pytest.param("evry-xenakis.", id="no secret"),
        pytest.param("évry.secret", id="not ASCII"),
        pytest.param("evry." + "s" * 196, id="too long"),
    ],
)
def test_what_is_no_cookie_of_ours_gives_no_token(cookie: str) -> None:
    assert Token.parse(cookie) is None


@given(st.text(st.characters(exclude_categories=())))
def test_any_cookie_gives_a_token_or_none_and_never_an_error(cookie: str) -> None:
    token = Token.parse(cookie)

    assert token is None or (token.cookie == cookie and len(token.fingerprint) == 64)


def test_only_the_fingerprint_is_kept() -> None:
    token = Token.new("evry-xenakis")

    session = new_session(token)

    assert session.fingerprint == token.fingerprint
    assert token.secret not in str(vars(session))


def test_two_tokens_share_neither_fingerprint_nor_proof() -> None:
    token, second = Token.new("evry-xenakis"), Token.new("evry-xenakis")

    assert len({token.fingerprint, second.fingerprint, token.form_proof, second.form_proof}) == 4
    assert token.form_proof == Token("evry-xenakis", token.secret).form_proof


def test_the_proof_in_a_form_tells_nothing_of_the_token() -> None:
    token = Token.new("evry-xenakis")

    assert re.fullmatch("[0-9a-f]{64}", token.form_proof)
    assert token.form_proof != token.fingerprint


@pytest.mark.parametrize(
    ("seen_after", "asked_after", "valid"),
    [
        pytest.param(0 * MINUTE, 0 * MINUTE, True, id="at once"),
        pytest.param(0 * MINUTE, HOUR - SECOND, True, id="idle for almost an hour"),
        pytest.param(0 * MINUTE, HOUR, False, id="idle for an hour"),
        pytest.param(30 * MINUTE, HOUR + 29 * MINUTE, True, id="seen meanwhile"),
        pytest.param(30 * MINUTE, HOUR + 30 * MINUTE, False, id="idle for an hour since it was seen"),
        pytest.param(11 * HOUR + 50 * MINUTE, 12 * HOUR - SECOND, True, id="for almost 12 hours"),
        pytest.param(11 * HOUR + 50 * MINUTE, 12 * HOUR, False, id="for 12 hours"),
    ],
)
def test_a_session_lasts_an_idle_hour_12_in_all(seen_after: timedelta, asked_after: timedelta, *, valid: bool) -> None:
    session = new_session().touch(MORNING + seen_after)

    assert session.is_of(ROSSIGNOL, MORNING + asked_after) is valid


@pytest.mark.parametrize(
    ("account", "why"),
    [
        pytest.param(replace(ROSSIGNOL, stamp="stamp-2"), "password_replaced", id="another stamp"),
        pytest.param(replace(ROSSIGNOL, disabled=True), "account_closed", id="disabled"),
        pytest.param(None, "account_closed", id="gone"),
    ],
)
def test_a_session_ends_with_what_it_was_opened_for(account: Account | None, why: str) -> None:
    session = new_session()

    assert not session.is_of(account, MORNING)
    assert session.end_reason(account) == why


def test_a_session_that_was_idle_is_over_for_that() -> None:
    assert new_session().end_reason(ROSSIGNOL) == "expired"


@given(st.lists(st.integers(1, 90), max_size=30))
def test_nobody_keeps_a_session_open_for_longer_than_12_hours(pauses: list[int]) -> None:
    session, now, lasts = new_session(), MORNING, True
    for minutes in pauses:
        now += minutes * MINUTE
        lasts = lasts and minutes < 60 and now < MORNING + 12 * HOUR

        assert session.is_of(ROSSIGNOL, now) is lasts

        session = session.touch(now) if lasts else session


@pytest.mark.parametrize(("after", "writes"), [(5 * MINUTE - SECOND, False), (5 * MINUTE, True)])
def test_that_it_was_seen_is_written_every_5_minutes_at_most(after: timedelta, *, writes: bool) -> None:
    assert new_session().needs_touch(MORNING + after) is writes


@pytest.mark.parametrize(("after", "says"), [(0 * MINUTE, True), (2 * MINUTE - SECOND, True), (2 * MINUTE, False)])
def test_2_7_a_page_says_for_two_minutes_that_the_password_was_changed(after: timedelta, *, says: bool) -> None:
    session_after = Session.open(Token.new("evry-xenakis"), ROSSIGNOL, MORNING, by="change", previous_login=None)

    assert session_after.just_changed(MORNING + after) is says
    assert not new_session().just_changed(MORNING + after)


def test_a_session_says_whose_it_is_and_recalls_the_login_before() -> None:
    before = MORNING - timedelta(days=3)

    session = Session.open(Token.new("evry-xenakis"), ROSSIGNOL, MORNING, by="login", previous_login=before)

    assert session.account == ROSSIGNOL.ref
    assert session.previous_login == before
