"""Proofs of an address: six digits, thirty minutes, five tries, and a digest that does not reveal the code."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.email_proof import PendingEmail, code_from, digest, new_code
from chalicelib.domain.account.pseudonyms import Pseudonyms

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
PENDING = PendingEmail("name", "nouvelle@example.org", "Aimée Rossignol", NOW)
CODE = "482913"
KEY = "the key of these tests, long enough"
ROSSIGNOL = AccountRef("evry-xenakis", "xen1")


def digest_of(code: str, ref: AccountRef = ROSSIGNOL, email: str = PENDING.email, key: str = KEY) -> str:
    return digest(Pseudonyms(key), ref.site, ref.identifier, email, code)


def test_a_code_is_six_digits_and_another_each_time() -> None:
    codes = {new_code() for _ in range(50)}

    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(codes) > 40


@pytest.mark.parametrize("text", ["482913", " 482 913 ", "482-913", "482.913", "482\u00a0913", "4 8 2 9 1 3\n"])
def test_a_code_is_read_however_it_was_copied(text: str) -> None:
    assert code_from(text) == CODE


@pytest.mark.parametrize("text", ["", "48291", "4829133", "48291a", "\u0664\u0668\u0662\u0669\u0661\u0663", "²82913"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert code_from(text) == ""


@pytest.mark.parametrize(
    ("after", "tries", "is_open"),
    [
        (timedelta(0), 0, True),
        (timedelta(minutes=29, seconds=59), 4, True),
        (timedelta(minutes=30), 0, False),
        (timedelta(0), 5, False),
    ],
)
def test_it_is_open_for_thirty_minutes_and_five_tries(after: timedelta, tries: int, *, is_open: bool) -> None:
    pending = PENDING
    for _ in range(tries):
        pending = pending.with_wrong_try()

    assert pending.is_open(NOW + after) is is_open


def test_two_tries_at_once_are_two() -> None:
    assert PENDING.with_wrong_try() != PENDING.with_wrong_try()


def test_a_code_proves_its_address_and_account_only_and_is_not_found_without_the_key() -> None:
    pending = PENDING.with_code(digest_of(CODE), "request-1")

    assert pending.is_proven_by(digest_of(CODE))
    assert not PENDING.is_proven_by(digest_of(CODE))
    for text in (
        digest_of("482914"),
        digest_of(CODE, AccountRef("evry-magnard", "xen1")),
        digest_of(CODE, AccountRef("evry-xenakis", "xen2")),
        digest_of(CODE, email="autre@example.org"),
        digest_of(CODE, key="the key of another stage"),
    ):
        assert not pending.is_proven_by(text)


def test_each_code_of_a_request_delivered_again_works_three_at_most() -> None:
    pending = PENDING
    for code in ("000001", "000002", "000003", "000004"):
        pending = pending.with_code(digest_of(code), "request-1")

    assert [pending.is_proven_by(digest_of(f"00000{number}")) for number in (1, 2, 3, 4)] == [False, True, True, True]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"name": "other", "asked_at": NOW + timedelta(seconds=59)}, True),
        ({"asked_at": NOW + timedelta(minutes=1)}, False),
        ({"email": "autre@example.org"}, False),
        ({"by": "Côme Rossignol"}, False),
        ({"replaced": "rossignol@example.org"}, False),
        ({"guardian": "Côme Rossignol"}, False),
    ],
)
def test_a_form_sent_twice_is_known_by_its_words_within_a_minute(other: dict[str, Any], *, same: bool) -> None:
    assert PENDING.is_same(replace(PENDING, **other)) is same


def test_neither_address_nor_digest_shows_where_it_is_printed() -> None:
    text = repr(PENDING.with_code(digest_of(CODE), "request-1"))

    assert not any(word in text for word in ("nouvelle", "Aimée", digest_of(CODE)))
