"""Seals: the same words read the same, open under their key alone, and show nothing of what they hide."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account.sealing import Seal

SEAL = Seal("a key of some deployment, long enough", "test")
WORDS = st.text(st.characters(exclude_categories=["C"]), max_size=64)


@given(WORDS, WORDS)
def test_what_is_sealed_opens_again_and_always_reads_the_same(one: str, other: str) -> None:
    sealed = SEAL.seal(one, other)

    assert SEAL.open(sealed) == (one, other)
    assert SEAL.seal(one, other) == sealed


def test_a_seal_shows_nothing_and_differs_for_each_account() -> None:
    accounts = [(site, f"un700{number}") for site in ("evry-magnard", "evry-xenakis") for number in range(50)]

    sealed = [SEAL.seal(*account) for account in accounts]

    assert len({one[:16] for one in sealed}) == len(accounts)
    assert [place for place in range(len(sealed[0])) if len({one[place] for one in sealed}) == 1] == []
    assert not any(word in one for one in sealed for word in (b"evry", b"un7", b"magnard"))


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_what_was_changed_or_is_of_another_key_or_use_does_not_open(place: int, change: int) -> None:
    sealed = bytearray(SEAL.seal("evry-magnard", "un7005"))

    assert Seal("another key of some deployment", "test").open(bytes(sealed)) is None
    assert Seal("a key of some deployment, long enough", "another use").open(bytes(sealed)) is None
    sealed[place % len(sealed)] ^= change
    assert SEAL.open(bytes(sealed)) is None


def test_what_is_no_seal_does_not_open() -> None:
    assert [SEAL.open(sealed) for sealed in (b"", b"0", b"x" * 16, b"x" * 40)] == [None] * 4
