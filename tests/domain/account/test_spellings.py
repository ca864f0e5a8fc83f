"""Spellings of an identifier: equal ones, different ones, and the account meant."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account.accounts import Account, AccountRef, new_stamp
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.account.spellings import AT_MOST, matching_account, plain_spelling, spellings

SIGNS = st.text("unUN70é-–−‐ .", max_size=12)


def account(identifier: str) -> Account:
    return Account(AccountRef("evry-magnard", identifier), "Famille Merle", (), new_stamp())


def test_a_dash_between_letters_and_digits_says_nothing_however_it_is_typed() -> None:
    texts = ("UN-7005", "un7005", "UN – 7005", "un\N{NON-BREAKING HYPHEN}7005", "UN −7005", "-UN7005", "un--7005")

    assert {plain_spelling(identifier_from(spelling)) for spelling in texts} == {"un7005"}
    for spelling in texts:
        assert {"un7005", "un-7005"} <= set(spellings(identifier_from(spelling)))


def test_a_dash_between_digits_is_of_the_identifier() -> None:
    """« 12-3 » and « 1-23 » are two families. If counted as one, the first could reset the tries at the second."""
    assert [plain_spelling(one) for one in ("12-3", "1-23", "123")] == ["12-3", "1-23", "123"]
    assert spellings("123") == ("123",)


def test_other_signs_stay() -> None:
    assert [plain_spelling(one) for one in ("un.7005", "un/7005", "un_7005", "-")] == [
        "un.7005",
        "un/7005",
        "un_7005",
        "-",
    ]


@given(SIGNS)
def test_what_is_looked_up_is_counted_together_and_bounded(text: str) -> None:
    """So that a variant does not give further guesses at the same account."""
    identifier = identifier_from(text)
    if not identifier:
        return

    refs = spellings(identifier)

    assert refs[0] == identifier
    assert len(set(refs)) == len(refs) <= AT_MOST
    assert {plain_spelling(spelling) for spelling in refs} == {plain_spelling(identifier)}
    assert all(refs)


def test_the_exact_account_is_meant_else_the_only_one_else_none() -> None:
    with_dash, without = account("un-7005"), account("un7005")

    assert matching_account("un7005", (with_dash, without)) is without
    assert matching_account("un7005", (with_dash, None)) is with_dash
    assert matching_account("un–7005", (with_dash, without)) is None
    assert matching_account("un7005", (None, None)) is None
