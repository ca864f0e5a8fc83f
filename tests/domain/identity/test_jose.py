"""Tokens and keys of an identity provider. `tests/infra/test_identity_provider.py` has the hostile answers."""

import json

import pytest

from chalicelib.domain.identity.jose import key_named_by, keys_from, read_signed
from chalicelib.domain.identity.openid import AnswerRefused
from tests.support.provider import Provider, coded

# RFC 7515, appendix A.3.
KEY = {
    "kty": "EC",
    "crv": "P-256",
    "kid": "a",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}


def test_the_keys_that_sign_are_taken_and_the_others_left() -> None:
    rest = [
        {"kty": "RSA", "kid": "r"},
        KEY | {"kid": "e", "use": "enc"},
        KEY | {"kid": "c", "crv": "P-384"},
        KEY | {"kid": "n", "x": 7},
        "x",
        {},
    ]

    keys = keys_from({"keys": [KEY, *rest]}, ("ES256",))

    assert list(keys) == ["a"]
    assert not keys["a"].is_private


def test_two_keys_of_one_name_are_refused() -> None:
    with pytest.raises(AnswerRefused, match="key_twice"):
        keys_from({"keys": [KEY, KEY]}, ("ES256",))


def test_a_token_says_things_of_its_own_in_its_header() -> None:
    """Other header members are ignored (RFC 7515, 4)."""
    provider = Provider(header={"x": [1]})
    keys = keys_from({"keys": [provider.jwk()]}, ("ES256",))

    assert read_signed(provider.token({"sub": "a"}), keys) == {"sub": "a"}


HEADERS = [[], ["alg", "kid"], "alg", {"alg": ["ES256"], "kid": "a"}, {"alg": "ES256", "kid": ["a"]}]
UNENCODED = {"alg": "ES256", "kid": "a", "b64": False, "crit": ["b64"]}  # RFC 7797


@pytest.mark.parametrize(
    "token",
    [
        *("", "a.b", "a.b.c", "=.=.=", "eyJ9.x.y", "e30.e30.e30", "x" * 20_000, "é.e30.e30"),
        *(f"{coded(json.dumps(header).encode())}.e30.e30" for header in (*HEADERS, UNENCODED)),
        f"{coded(b'[' * 9_000)}.e30.e30",
    ],
    ids=range(15),
)
def test_what_is_no_token_names_no_key(token: str) -> None:
    with pytest.raises(AnswerRefused):
        key_named_by(token)
