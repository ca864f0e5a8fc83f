"""A signed question, its code that works once, and the limit on mails."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.account.keys import Key, KeyRing
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.admission.applications import ApplicationRef
from chalicelib.domain.admission.email_codes import (
    Code,
    CodeRequest,
    MailedCodes,
    PageStamps,
    digest,
    name_of_mailed,
    read_code_request,
    sign_code_request,
)
from tests.support.keys import key_ring

NOW = datetime(2027, 6, 1, 7, 0, tzinfo=UTC)
STAMPS = PageStamps(key_ring("page-stamps", 1))


@pytest.mark.parametrize(
    ("seconds", "is_ripe"), [(-1, False), (0, False), (2, False), (3, True), (7200, True), (7201, False)]
)
def test_a_page_is_ripe_from_three_seconds_to_two_hours(seconds: int, *, is_ripe: bool) -> None:
    assert STAMPS.is_ripe(STAMPS.stamp(NOW), NOW + timedelta(seconds=seconds)) is is_ripe


def test_a_moment_of_one_s_own_or_of_another_key_is_no_stamp() -> None:
    moment, _, signature = STAMPS.stamp(NOW).partition(".")
    later = NOW + timedelta(seconds=10)

    made_up = [f"{int(moment) + 5}.{signature}", f"{moment}.", moment, "", f" {moment}.{signature}", "9" * 40]

    assert not any(STAMPS.is_ripe(stamp, later) for stamp in made_up)
    assert not PageStamps(key_ring("questions", 1)).is_ripe(f"{moment}.{signature}", later)


KEY = "a key of the tests, long enough"
QUESTION = CodeRequest("email", "merle@example.org", "2027", NOW)
REF = ApplicationRef("0123456789abcdef0123", "2027")
PSEUDONYMS = Pseudonyms(KEY)
OLD, BOTH = KeyRing((Key(1, b"1" * 32),)), KeyRing((Key(2, b"2" * 32), Key(1, b"1" * 32)))
OTHER = KeyRing((Key(1, b"0" * 32),))


def test_a_signed_question_is_read_under_former_keys_and_by_no_other_deployment() -> None:
    carried = sign_code_request(OLD, QUESTION)

    assert read_code_request(OLD, carried) == QUESTION
    assert read_code_request(BOTH, carried) == QUESTION
    assert read_code_request(OTHER, carried) is None
    assert read_code_request(OLD, f"{carried[:-3]}AAA") is None
    assert read_code_request(OLD, f"A{carried[1:]}") is None


@pytest.mark.parametrize(
    "words", ["email\0merle@example.org\x002027\x001\0n\0more", "telephone\x0006\x002027\x001\0n", "x"]
)
def test_a_question_in_the_form_of_a_newer_version_is_none(words: str) -> None:
    written = base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")

    assert read_code_request(OLD, f"{written}.{OLD.sign(written)}") is None


@pytest.mark.parametrize("carried", ["", "=", "A", "AAAA", "é", "A" * 100, "A" * 1601, "%%%%", ".1.A", "é.1.A"])
def test_what_we_never_signed_is_no_question(carried: str) -> None:
    assert read_code_request(OLD, carried) is None


def test_two_questions_in_the_same_words_are_two() -> None:
    again = CodeRequest("email", "merle@example.org", "2027", NOW)

    assert again.name != QUESTION.name
    assert len(sign_code_request(OLD, again)) < 400


def test_a_question_shows_no_address_where_it_is_printed() -> None:
    assert "merle" not in repr(QUESTION)


def test_a_digest_is_of_one_question_mailbox_season_and_code() -> None:
    whole = digest(PSEUDONYMS, QUESTION.name, REF, "123456")

    others = {
        digest(PSEUDONYMS, "another", REF, "123456"),
        digest(PSEUDONYMS, QUESTION.name, replace(REF, mailbox="f" * 20), "123456"),
        digest(PSEUDONYMS, QUESTION.name, replace(REF, season="2028"), "123456"),
        digest(PSEUDONYMS, QUESTION.name, REF, "123457"),
        digest(Pseudonyms(f"{KEY}!"), QUESTION.name, REF, "123456"),
    }

    assert whole not in others
    assert len(others) == 5


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
    code = Code(QUESTION.name, REF, NOW, ("one", "two"), NOW + used if used else None)

    assert code.opens("two", NOW + after) is opens
    assert not code.opens("three", NOW + after)


def test_when_a_code_was_used_is_when_it_was_first() -> None:
    used = Code(QUESTION.name, REF, NOW).use(NOW)

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
    assert (name_of_mailed(PSEUDONYMS, email) == name_of_mailed(PSEUDONYMS, other)) is same
