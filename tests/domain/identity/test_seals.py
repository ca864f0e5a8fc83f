"""Seals of the office: AES-SIV and HKDF with their RFCs' vectors, versions of keys, and invalid seals."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account.keys import Key, KeyRing, KeyUnknown
from chalicelib.domain.identity.seals import Seal
from tests.support.keys import key_ring

SEAL = Seal(key_ring("jobs", 2, 1), "test")
WORDS = st.text(st.characters(exclude_categories=["C"]), max_size=64)


@pytest.mark.parametrize(
    ("key", "data", "plain", "text"),
    [
        pytest.param(
            "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
            ["101112131415161718191a1b1c1d1e1f2021222324252627"],
            "112233445566778899aabbccddee",
            "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c",
            id="RFC 5297, A.1",
        ),
        pytest.param(
            "7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f",
            [
                "00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100",
                "102030405060708090a0",
                "09f911029d74e35bd84156c5635688c0",
            ],
            "7468697320697320736f6d6520706c61696e7465787420746f20656e6372797074207573696e67205349562d414553",
            "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17"
            "dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d",
            id="RFC 5297, A.2",
        ),
    ],
)
def test_the_cipher_is_aes_siv(key: str, data: list[str], plain: str, text: str) -> None:
    content = AESSIV(bytes.fromhex(key)).encrypt(bytes.fromhex(plain), [bytes.fromhex(word) for word in data])

    assert content.hex() == text


def test_the_key_of_the_cipher_is_expanded_by_hkdf() -> None:
    content = HKDFExpand(SHA256(), 42, bytes.fromhex("f0f1f2f3f4f5f6f7f8f9")).derive(
        bytes.fromhex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
    )

    assert content.hex() == ("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"), (
        "RFC 5869, A.1"
    )


def test_a_seal_of_this_version_opens_in_the_next_ones() -> None:
    seal = Seal(KeyRing((Key(7, bytes(range(32))),)), "key of an application")

    assert seal.seal("troglodyte@example.org", "JBSWY3DPEHPK3PXP").hex() == (
        "07ec36612dafccc8af70590b61d91fefec43ecdd3b8d0dd9b7ea5e65f541fcc3"
        "6d7be166cf305eda832db0060f008e234f4688b0fc70b728"
    )


@given(WORDS, WORDS)
def test_what_is_sealed_opens_again_and_always_reads_the_same(word: str, other: str) -> None:
    content = SEAL.seal(word, other)

    assert (SEAL.open(content), SEAL.open_text(SEAL.seal_text(word, other))) == ((word, other), (word, other))
    assert SEAL.seal(word, other) == content


@given(st.integers(1, 10_000), st.integers(1, 255))
def test_what_was_changed_or_is_of_another_use_or_kind_does_not_open(place: int, change: int) -> None:
    token = bytearray(SEAL.seal("evry-magnard", "un7005"))

    assert Seal(key_ring("staff-links", 2, 1), "test").open(bytes(token)) is None
    assert Seal(key_ring("jobs", 2, 1), "another kind").open(bytes(token)) is None
    token[1 + place % (len(token) - 1)] ^= change
    assert SEAL.open(bytes(token)) is None


def test_a_former_key_opens_until_it_is_retired() -> None:
    before = Seal(key_ring("jobs", 1), "test").seal_text("word")

    assert SEAL.open_text(before) == ("word",)
    assert SEAL.seal_text("word") != before
    after = Seal(key_ring("jobs", 3, 2), "test")
    assert SEAL.open_sent(before, 1) == ("word",)
    assert SEAL.open_sent(before, 2) is None, "sealed by another version"
    assert after.open_sent(before, 1) is None
    with pytest.raises(KeyUnknown, match="version 1"):
        after.open_text(before)


@pytest.mark.parametrize("content", [b"", b"\x02", b"\x02" * 16, b"\x02" * 40])
def test_what_is_no_seal_does_not_open(content: bytes) -> None:
    assert SEAL.open(content) is None


@pytest.mark.parametrize("text", ["é", "a b", "A", "AA\r\n"])
def test_what_is_no_sealed_text_does_not_open(text: str) -> None:
    assert SEAL.open_text(text) is None
