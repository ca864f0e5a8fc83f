"""Codes of an authenticator, with the vectors of RFC 6238 and a real authenticator's format."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from chalicelib.domain.staff.totp import DIGITS, PERIOD, code_at, matching_step, new_key, otpauth, step_at

RFC = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
HERE = step_at(NOW)
STEP = timedelta(seconds=PERIOD)


@pytest.mark.parametrize(
    ("seconds", "eight_digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238_appendix_b(seconds: int, eight_digits: str) -> None:
    """Its vectors have eight digits, of which six-digit codes are the last six (RFC 4226, 5.3)."""
    assert code_at(RFC, seconds // PERIOD) == eight_digits[-DIGITS:]


@pytest.mark.parametrize(("drift", "match"), [(-2, None), (-1, HERE - 1), (0, HERE), (1, HERE + 1), (2, None)], ids=str)
def test_a_clock_may_be_one_step_off(drift: int, match: int | None) -> None:
    assert matching_step(RFC, code_at(RFC, HERE + drift), NOW, 0) == match


def test_a_code_that_was_taken_is_not_taken_again_nor_is_one_before_it() -> None:
    code, earlier = code_at(RFC, HERE), code_at(RFC, HERE - 1)

    assert matching_step(RFC, code, NOW, HERE) is None
    assert matching_step(RFC, earlier, NOW, HERE) is None
    assert matching_step(RFC, code_at(RFC, HERE + 1), NOW + STEP, HERE) == HERE + 1


@pytest.mark.parametrize("text", ["", "12345", "1234567", "abcdef", "é", "١٢٣٤٥٦"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert matching_step(RFC, text, NOW, 0) is None


def test_a_key_has_160_random_bits_in_base32_without_padding() -> None:
    first, second = new_key(), new_key()

    assert first != second
    assert len(base64.b32decode(first)) == 20
    assert first.isalnum()


def test_an_application_reads_whose_key_it_is() -> None:
    parts = urlsplit(otpauth(RFC, "Réseau d'Évry", "troglodyte@example.org"))

    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/Réseau d'Évry:troglodyte@example.org"
    assert parse_qs(parts.query) == {
        "secret": [RFC],
        "issuer": ["Réseau d'Évry"],
        "algorithm": ["SHA1"],
        "digits": ["6"],
        "period": ["30"],
    }
