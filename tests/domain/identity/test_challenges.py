"""Challenges that are signed, not stored: for one purpose, and fifteen minutes."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.identity.base64url import encode
from chalicelib.domain.identity.challenges import LASTS, ChallengeExpired, Challenges
from chalicelib.domain.identity.webauthn import PasskeyRefused
from tests.support.keys import key_ring

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
SHOWN = Challenges(key_ring("sign-in", 1), ("use",))


def client_data(challenge: Any) -> bytes:
    return json.dumps({"challenge": challenge}).encode()


def test_a_challenge_is_read_back_for_a_quarter_of_an_hour() -> None:
    text = SHOWN.new(NOW)

    challenge = SHOWN.check(client_data(text), NOW + LASTS - timedelta(seconds=1))

    assert challenge.text == text
    with pytest.raises(ChallengeExpired):
        SHOWN.check(client_data(text), NOW + LASTS)


def test_a_challenge_is_used_once_and_forgotten_with_its_page() -> None:
    first, second = (SHOWN.check(client_data(SHOWN.new(at)), NOW) for at in (NOW - LASTS / 2, NOW))

    used = first.use((), NOW)

    with pytest.raises(PasskeyRefused, match="replayed"):
        first.use(used, NOW)
    assert first.use((), NOW) != used
    assert [len(second.use(used, NOW + after)) for after in (timedelta(0), LASTS / 2)] == [2, 1]


def test_a_challenge_outlives_a_rotation_of_the_key() -> None:
    text = SHOWN.new(NOW)

    assert Challenges(key_ring("sign-in", 2, 1), ("use",)).check(client_data(text), NOW).text == text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        client_data(None),
        client_data("pas du base64 !"),
        client_data(encode(b"\xff\xfe")),
        client_data(encode(b"1~2")),
        client_data(encode(b"1~2~3~4")),
        client_data(encode("1788246000~nonce~1.{}".format("A" * 24).encode())),
        client_data(Challenges(key_ring("sign-in", 1), ("make", "evry-xenakis", "xen1", "stamp")).new(NOW)),
        client_data(Challenges(key_ring("questions", 1), ("use",)).new(NOW)),
    ],
    ids=[
        *("empty", "list", "no challenge", "null", "not base64", "not text", "two parts", "four parts", "forged"),
        *("another purpose", "another key"),
    ],
)
def test_a_challenge_that_is_not_ours_or_for_another_purpose_is_refused(data: bytes) -> None:
    with pytest.raises(PasskeyRefused, match="challenge"):
        SHOWN.check(data, NOW)
