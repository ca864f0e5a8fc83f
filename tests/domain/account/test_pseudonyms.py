"""Pseudonyms: equal for the same person, and irreversible without the key."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account.pseudonyms import Pseudonyms

KEY = "the key of these tests, long enough"
WORDS = st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1, max_size=3)


def test_a_pseudonym_is_twenty_hexadecimal_digits() -> None:
    assert re.fullmatch("[0-9a-f]{20}", Pseudonyms(KEY).of("evry-xenakis", "xen1"))


def test_a_pseudonym_stays_the_same_from_one_release_to_the_next() -> None:
    """Records of a year must be comparable. Expected value from `openssl dgst -sha256 -hmac KEY`."""
    assert Pseudonyms("clef").of("evry-xenakis", "xen1") == "6ad3da4b14f74d69ee9c"


def test_another_key_gives_another_pseudonym() -> None:
    assert Pseudonyms(KEY).of("xen1") != Pseudonyms(KEY + " and more").of("xen1")


@given(WORDS, WORDS)
def test_only_the_same_words_have_the_same_pseudonym(words: list[str], other: list[str]) -> None:
    of = Pseudonyms(KEY).of

    assert (of(*words) == of(*other)) is (words == other)


def test_words_do_not_run_into_each_other() -> None:
    of = Pseudonyms(KEY).of

    assert len({of("evry", "xen1"), of("evryxen1"), of("evryx", "en1"), of("xen1", "evry")}) == 4


@pytest.mark.parametrize("spelling", ["rossignol@example.org", "Rossignol@Example.ORG", " rossignol@example.org\n"])
def test_an_address_has_one_pseudonym_however_it_is_written(spelling: str) -> None:
    pseudonyms = Pseudonyms(KEY)

    pseudonym = pseudonyms.of_mailbox("rossignol@example.org")

    assert pseudonyms.of_mailbox(spelling) == pseudonym
    assert pseudonyms.is_mailbox(pseudonym, spelling)


@pytest.mark.parametrize(
    "other", ["merle@example.org", "rossignol@example.fr", "ross\N{LATIN SMALL LETTER DOTLESS I}gnol@example.org", ""]
)
def test_another_address_has_another_pseudonym(other: str) -> None:
    pseudonyms = Pseudonyms(KEY)

    assert not pseudonyms.is_mailbox(pseudonyms.of_mailbox("rossignol@example.org"), other)


@pytest.mark.parametrize("pseudonym", ["", "é", "rossignol@example.org"])
def test_what_is_no_pseudonym_is_no_address_s(pseudonym: str) -> None:
    assert not Pseudonyms(KEY).is_mailbox(pseudonym, "rossignol@example.org")


def test_the_key_is_not_shown() -> None:
    assert KEY not in repr(Pseudonyms(KEY))
