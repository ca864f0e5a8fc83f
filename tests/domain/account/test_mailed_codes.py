"""A mailed code works once, and few are mailed to one mailbox."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.account.mailed_codes import Code, MailedCodes, digest, name_of_mailed
from chalicelib.domain.account.pseudonyms import Pseudonyms

NOW = datetime(2027, 6, 1, 7, 0, tzinfo=UTC)
KEY = "a key of the tests, long enough"
PSEUDONYMS = Pseudonyms(KEY)
CODE = Code("question", "0123456789abcdef0123", "2027", NOW)


def test_a_digest_is_of_one_question_owner_scope_and_code() -> None:
    whole = digest(PSEUDONYMS, CODE, "123456")

    codes = {
        digest(PSEUDONYMS, replace(CODE, question="another"), "123456"),
        digest(PSEUDONYMS, replace(CODE, owner="f" * 20), "123456"),
        digest(PSEUDONYMS, replace(CODE, scope="2028"), "123456"),
        digest(PSEUDONYMS, CODE, "123457"),
        digest(Pseudonyms(f"{KEY}!"), CODE, "123456"),
    }

    assert whole not in codes
    assert len(codes) == 5


@pytest.mark.parametrize(
    ("after", "used", "opens"),
    [
        (timedelta(minutes=29, seconds=59), None, True),
        (timedelta(minutes=30), None, False),
        (timedelta(minutes=5, seconds=59), timedelta(minutes=5), True),
        (timedelta(minutes=6), timedelta(minutes=5), False),
        (timedelta(minutes=30), timedelta(minutes=29, seconds=59), False),
    ],
)
def test_a_code_is_good_half_an_hour_and_once(after: timedelta, used: timedelta | None, *, opens: bool) -> None:
    code = replace(CODE, digests=("one", "two"), used_at=NOW + used if used else None)

    assert code.opens("two", NOW + after) is opens
    assert not code.opens("three", NOW + after)


def test_when_a_code_was_used_is_when_it_was_first() -> None:
    used = CODE.use(NOW)

    assert used.use(NOW + timedelta(seconds=3)).used_at == NOW


def test_a_request_delivered_again_goes_on_and_is_counted_once() -> None:
    three = MailedCodes("x", {"a": NOW, "b": NOW, "c": NOW})

    assert three.may_mail("c", NOW)
    assert not three.may_mail("d", NOW)
    assert three.with_mail("c", NOW + timedelta(minutes=1)) == three


def test_after_a_day_nothing_is_counted_any_more() -> None:
    six = MailedCodes("x", {str(number): NOW + timedelta(hours=number) for number in range(6)})
    later = NOW + timedelta(hours=6)

    assert not six.may_mail("new", later)
    assert six.may_mail("new", NOW + timedelta(hours=24))
    assert "0" not in six.with_mail("new", NOW + timedelta(hours=24)).mailed


def test_of_three_an_hour_and_six_a_day_a_number_has_two_and_three() -> None:
    two = MailedCodes("x").with_mail("a", NOW, "number").with_mail("b", NOW, "number")

    assert two.may_mail("b", NOW, "number")
    assert not two.may_mail("c", NOW, "number")
    assert two.may_mail("c", NOW, "sender")
    assert two.may_mail("c", NOW + timedelta(hours=1), "number")
    three = two.with_mail("c", NOW + timedelta(hours=1), "number")
    assert not three.may_mail("d", NOW + timedelta(hours=3), "number")
    assert three.may_mail("d", NOW + timedelta(hours=3), "email")


@pytest.mark.parametrize(
    ("email", "other", "same"),
    [
        ("merle@example.org", "merle+1@example.org", True),
        ("mer.le+a+b@gmail.com", "merle@gmail.com", True),
        ("mer.le@example.org", "merle@example.org", False),
        ("merle@example.org", "merle@example.com", False),
        ("+a@example.org", "+b@example.org", False),
    ],
)
def test_mails_are_counted_by_the_mailbox_that_reads_them(email: str, other: str, *, same: bool) -> None:
    assert (name_of_mailed(PSEUDONYMS, email, "codes") == name_of_mailed(PSEUDONYMS, other, "codes")) is same
