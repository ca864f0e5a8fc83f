"""The stamp of a page, and a signed question."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.account.keys import Key, KeyRing
from chalicelib.wings.admission.domain.email_codes import CodeRequest, PageStamps, read_code_request, sign_code_request
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


QUESTION = CodeRequest("email", "merle@example.org", "2027", NOW)
OLD, BOTH = KeyRing((Key(1, b"1" * 32),)), KeyRing((Key(2, b"2" * 32), Key(1, b"1" * 32)))
OTHER = KeyRing((Key(1, b"0" * 32),))


def test_a_signed_question_is_read_under_former_keys_and_by_no_other_deployment() -> None:
    text = sign_code_request(OLD, QUESTION)

    assert read_code_request(OLD, text) == QUESTION
    assert read_code_request(BOTH, text) == QUESTION
    assert read_code_request(OTHER, text) is None
    assert read_code_request(OLD, f"{text[:-3]}AAA") is None
    assert read_code_request(OLD, f"A{text[1:]}") is None


@pytest.mark.parametrize(
    "words", ["email\0merle@example.org\x002027\x001\0n\0more", "telephone\x0006\x002027\x001\0n", "x"]
)
def test_a_question_in_the_form_of_a_newer_version_is_none(words: str) -> None:
    text = base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")

    assert read_code_request(OLD, f"{text}.{OLD.sign(text)}") is None


@pytest.mark.parametrize("text", ["", "=", "A", "AAAA", "é", "A" * 100, "A" * 1601, "%%%%", ".1.A", "é.1.A"])
def test_what_we_never_signed_is_no_question(text: str) -> None:
    assert read_code_request(OLD, text) is None


def test_two_questions_in_the_same_words_are_two() -> None:
    again = CodeRequest("email", "merle@example.org", "2027", NOW)

    assert again.name != QUESTION.name
    assert len(sign_code_request(OLD, again)) < 400


def test_a_question_shows_no_address_where_it_is_printed() -> None:
    assert "merle" not in repr(QUESTION)
