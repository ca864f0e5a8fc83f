"""Keys of a use: the newest signs, former ones still verify."""

import hashlib
import hmac

import pytest

from chalicelib.domain.account.keys import Key, KeyRing, KeyUnknown, read_keys
from tests.support.keys import key_ring, key_rings, key_variables, written

RING = key_ring("devices", 2, 1)
KEY = "A" * 43


def test_a_key_ring_reads_as_it_is_written() -> None:
    assert KeyRing.parse(written(RING)) == RING
    assert KeyRing.parse(written(RING).replace("=", "")) == RING


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            KEY,
            f":{KEY}",
            f"0:{KEY}",
            f"1:{KEY[1:]}",
            f"1:{KEY}A",
            f"01:{KEY}",
            f"256:{KEY}",
            f"1:{KEY} x",
            "1:é" + KEY[1:],
        ),
        pytest.param(f"1:{KEY} 2:{KEY}", id="oldest first"),
        pytest.param(f"1:{KEY} 1:{KEY}", id="one version twice"),
    ],
)
def test_a_value_that_is_no_key_ring_is_refused_and_not_shown(value: str) -> None:
    rings, mistakes = read_keys({"key_devices": value})

    assert (rings, list(mistakes)) == ({}, ["key_devices"])
    assert "AAA" not in str(mistakes)


def test_the_environment_gives_the_uses_it_has() -> None:
    variables = key_variables(key_rings(3, 2, 1), ("staff-totp", "jobs"))

    assert sorted(variables) == ["CLEF_KEY_JOBS", "CLEF_KEY_STAFF_TOTP"]
    assert read_keys({name.removeprefix("CLEF_").lower(): value for name, value in variables.items()}) == (
        {use: key_ring(use, 3, 2, 1) for use in ("staff-totp", "jobs")},
        {},
    )


def test_a_signature_is_an_hmac_of_the_words_with_its_version() -> None:
    version, _, signature = RING.sign("a", "b").partition(".")

    assert (version, len(signature)) == ("2", 24)
    assert RING.newest.mac("a", "b") == hmac.new(RING.newest.secret, b"a\0b", hashlib.sha256).digest()


def test_a_signature_verifies_before_and_after_a_rotation_until_its_key_is_retired() -> None:
    signature = key_ring("devices", 1).sign("a", "b")

    assert key_ring("devices", 1).verify(signature, "a", "b")
    assert key_ring("devices", 3, 2, 1).verify(signature, "a", "b")
    assert not key_ring("devices", 3, 2).verify(signature, "a", "b")


def test_a_signature_of_other_words_another_use_or_another_version_does_not_verify() -> None:
    signature = RING.sign("a", "b")

    assert not RING.verify(signature, "a", "c")
    assert not key_ring("jobs", 2, 1).verify(signature, "a", "b")
    assert not RING.verify(f"1{signature[1:]}", "a", "b")
    assert not any(
        RING.verify(text, "a", "b") for text in ("", "2.", signature[:-1], f"{signature}\n", f"0{signature}")
    )


def test_words_that_would_read_as_others_are_refused() -> None:
    with pytest.raises(ValueError, match="NUL"):
        RING.sign("a\0b")


def test_a_retired_key_is_named_by_its_version() -> None:
    assert RING.find(1).version == 1
    with pytest.raises(KeyUnknown, match="version 3"):
        RING.find(3)


def test_a_key_is_not_shown() -> None:
    assert repr(KeyRing((Key(1, b"secret" * 5),))) == "KeyRing(keys=(Key(version=1),))"
