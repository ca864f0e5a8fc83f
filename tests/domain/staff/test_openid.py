"""What an identity provider says, read strictly; `tests/flows/staff/test_proconnect.py` has the hostile answers."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest

from chalicelib.domain.staff.openid import AnswerRefused, Question, key_named_by, keys_from, object_from

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
# RFC 7515, appendix A.3.
KEY = {
    "kty": "EC",
    "crv": "P-256",
    "kid": "a",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}


def test_no_two_questions_are_alike_and_each_shows_only_a_digest_of_its_verifier() -> None:
    one, other = Question.new(NOW), Question.new(NOW)

    assert len({one.state, one.nonce, one.verifier, other.state, other.nonce, other.verifier}) == 6
    digest = hashlib.sha256(one.verifier.encode()).digest()
    assert one.challenge == urlsafe_b64encode(digest).decode().rstrip("=")
    assert one.state not in repr(one)


def test_the_keys_that_sign_are_taken_and_the_others_left() -> None:
    others = [{"kty": "RSA", "kid": "r"}, KEY | {"kid": "e", "use": "enc"}, KEY | {"kid": "c", "crv": "P-384"}, "x", {}]

    keys = keys_from({"keys": [KEY, *others]})

    assert list(keys) == ["a"]
    assert len(keys["a"]) == 64


def test_two_keys_of_one_name_are_refused() -> None:
    with pytest.raises(AnswerRefused, match="key_twice"):
        keys_from({"keys": [KEY, KEY]})


@pytest.mark.parametrize(
    "text", [b"[]", b'"x"', b'{"a": 1, "a": 2}', b'{"a": NaN}', b"\xff", b"[" * 100_000, b""], ids=range(7)
)
def test_what_is_no_plain_object_is_refused(text: bytes) -> None:
    with pytest.raises(AnswerRefused, match="claims"):
        object_from(text, "claims")


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "=.=.=", "eyJ9.x.y", "e30.e30.e30", "x" * 20_000])
def test_what_is_no_token_names_no_key(token: str) -> None:
    with pytest.raises(AnswerRefused):
        key_named_by(token)
