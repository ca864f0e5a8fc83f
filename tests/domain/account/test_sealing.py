"""Seals: the same account reads the same, opens under its key alone, and shows nothing of what it hides."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.sealing import Seal

KEY = "a key of some deployment, long enough"
SITES = st.sampled_from(["evry-magnard", "villabe-yves-henry"])
IDENTIFIERS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=64)


@given(SITES, IDENTIFIERS)
def test_what_is_sealed_opens_again_and_always_reads_the_same(site: str, identifier: str) -> None:
    ref = AccountRef(site, identifier)

    sealed = Seal(KEY).seal(ref)

    assert Seal(KEY).open(sealed) == ref
    assert Seal(KEY).seal(ref) == sealed


def test_a_seal_shows_nothing_and_differs_for_each_account() -> None:
    refs = [AccountRef(site, f"un700{number}") for site in ("evry-magnard", "evry-xenakis") for number in range(50)]

    sealed = [Seal(KEY).seal(ref) for ref in refs]

    assert len({one[:32] for one in sealed}) == len(refs)
    shared = [place for place in range(32, len(sealed[0])) if len({one[place : place + 1] for one in sealed}) == 1]
    assert shared == [], "what accounts share is hidden anew for each"
    assert not any(bytes.fromhex(one).count(word) for one in sealed for word in (b"evry", b"un7", b"magnard"))


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_what_was_changed_or_is_of_another_key_does_not_open(place: int, change: int) -> None:
    sealed = bytearray.fromhex(Seal(KEY).seal(AccountRef("evry-magnard", "un7005")))

    assert Seal("another key of some deployment").open(sealed.hex()) is None
    sealed[place % len(sealed)] ^= change
    assert Seal(KEY).open(sealed.hex()) is None


def test_what_is_no_seal_does_not_open() -> None:
    assert [Seal(KEY).open(text) for text in ("", "@letters", "00", "é", "ff" * 40)] == [None] * 5
