"""A signed request for a code of a login: read as it was signed, and never as an applicant's question."""

from datetime import UTC, datetime, timedelta

from chalicelib.domain.account.login_codes import LoginCodeRequest
from chalicelib.wings.admission.domain.email_codes import CodeRequest, read_code_request, sign_code_request
from tests.support.keys import key_ring

NOW = datetime(2027, 6, 1, 7, 0, tzinfo=UTC)
KEYS = key_ring("questions", 1)
REQUEST = LoginCodeRequest("link", "evry-xenakis", "xen1", "0123456789abcdef0123", "a subject", NOW)


def test_a_request_is_read_as_it_was_signed_by_this_deployment_only() -> None:
    cookie = REQUEST.sign(KEYS)

    assert LoginCodeRequest.read(KEYS, cookie) == REQUEST
    assert REQUEST.expires_at == NOW + timedelta(minutes=10)
    rest = (
        "",
        "x",
        f"A{cookie[1:]}",
        f"{cookie[:-3]}AAA",
        KEYS.sign_text("sign-in", "other", "a", "b", "c", "d", "1", "n"),
    )
    assert [LoginCodeRequest.read(KEYS, text) for text in rest] == [None] * 5
    assert LoginCodeRequest.read(key_ring("sign-in", 1), cookie) is None


def test_neither_kind_of_request_is_read_as_the_other_under_the_same_keys() -> None:
    question = sign_code_request(KEYS, CodeRequest("email", "merle@example.org", "2027", NOW))

    assert LoginCodeRequest.read(KEYS, question) is None
    assert read_code_request(KEYS, REQUEST.sign(KEYS)) is None
