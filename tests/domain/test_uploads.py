"""What families upload: the keys that nobody guesses, the kinds that are taken, and how a document stands by it."""

import re
from dataclasses import replace
from datetime import datetime

import pytest

from chalicelib.domain.enrolments import FOYER, Enrolment, Provided, Saved
from chalicelib.domain.paperwork import Asked, DocumentRule
from chalicelib.domain.uploads import (
    LARGEST,
    Kind,
    Standing,
    StandingState,
    Stored,
    family_folder,
    kind_of,
    new_key,
    slot_of,
)
from tests.support.answers import NOW, REF, SAVED
from tools.local.uploading import JPEG, PDF, PNG, WORD

FOLDER = family_folder("2027", "evry-xenakis", "a1b2c3")
SLOT = ("certificat-danse", "d40a9b64")
ASKED = Asked(DocumentRule(SLOT[0], "Certificat médical"), SLOT[1], "Léo")
BEGUN = Enrolment(REF, NOW)


def stored(name: str = "new", size: int = 100, at: datetime = NOW) -> Stored:
    return Stored(f"{FOLDER}{SLOT[0]}/{SLOT[1]}/{name}", size, at)


def noted(key: str = "") -> Provided:
    return Provided(*SLOT, Saved("Mme Merle", NOW), key)


def test_a_key_says_what_it_is_of_and_ends_in_what_nobody_guesses() -> None:
    keys = {new_key(FOLDER, SLOT) for _ in range(50)}

    assert len(keys) == 50
    for key in keys:
        assert re.fullmatch(r"documents/2027/evry-xenakis/a1b2c3/certificat-danse/d40a9b64/[0-9a-f]{32}", key)
        assert slot_of(key) == SLOT
    assert slot_of(new_key(FOLDER, ("quotient-familial", FOYER))) == ("quotient-familial", FOYER)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (JPEG, "jpeg"),
        (PNG, "png"),
        (WORD, None),
        (b"GIF89a", None),
        (b"%PD", None),
        (b"\n%PDF-1.7", None),
        (b"<html>%PDF-", None),
        (b"", None),
    ],
)
def test_a_kind_is_told_by_the_content(content: bytes, kind: Kind | None) -> None:
    assert kind_of(content, len(content)) == kind


@pytest.mark.parametrize(("size", "kind"), [(0, None), (1, "pdf"), (LARGEST, "pdf"), (LARGEST + 1, None)])
def test_what_is_empty_or_too_large_is_of_no_kind(size: int, kind: Kind | None) -> None:
    assert kind_of(PDF, size) == kind


def test_what_vanished_meanwhile_is_of_no_kind() -> None:
    assert kind_of(None, 100) is None


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (Standing(ASKED), "lacking"),
        (Standing(ASKED, noted()), "promised"),
        (Standing(ASKED, noted("gone")), "lacking"),
        (Standing(ASKED, None, stored(), "pdf"), "received"),
        (Standing(ASKED, noted(), stored(), "pdf"), "received"),
        (Standing(ASKED, None, stored()), "unreadable"),
        (Standing(ASKED, noted("old"), stored(), None, keeps_noted=True), "unreadable"),
    ],
)
def test_where_a_document_stands(standing: Standing, state: StandingState) -> None:
    assert standing.state == state


def test_a_file_is_noted_with_its_key() -> None:
    after = Standing(ASKED, None, stored(), "jpeg").noted_in(BEGUN, [], SAVED)

    assert after.provided == (Provided(*SLOT, SAVED, stored().key),)


def test_a_file_wins_over_a_promise() -> None:
    before = BEGUN.with_document(noted())

    after = Standing(ASKED, noted(), stored(), "png").noted_in(before, [SLOT], SAVED)

    assert after.provided == (Provided(*SLOT, SAVED, stored().key),)


def test_a_promise_is_noted_and_taken_back() -> None:
    promised = Standing(ASKED).noted_in(BEGUN, [SLOT], SAVED)

    assert promised.provided == (Provided(*SLOT, SAVED),)
    assert Standing(ASKED, noted()).noted_in(promised, [], SAVED).provided == ()


def test_what_is_noted_already_stays_as_it_was_noted() -> None:
    for known, standing in (
        (noted(), Standing(ASKED, noted())),
        (noted(stored().key), Standing(ASKED, noted(stored().key), stored(), "pdf")),
    ):
        before = BEGUN.with_document(known)
        assert standing.noted_in(before, [SLOT], SAVED) == before


def test_a_file_that_is_none_takes_nothing_away_from_the_one_before() -> None:
    before = BEGUN.with_document(noted("old"))

    after = Standing(ASKED, noted("old"), stored(), None, keeps_noted=True).noted_in(before, [], SAVED)

    assert after == before


def test_a_file_that_is_no_more_is_noted_no_more() -> None:
    before = BEGUN.with_document(noted("gone"))

    assert Standing(ASKED, noted("gone")).noted_in(before, [], SAVED).provided == ()


def test_the_others_stay(  # the same code of another pupil, another code of the same
) -> None:
    others = tuple(replace(noted("other"), code=code, owner=owner) for code, owner in (("a", SLOT[1]), (SLOT[0], "b")))
    before = replace(BEGUN, provided=others)

    after = Standing(ASKED, None, stored(), "pdf").noted_in(before, [], SAVED)

    assert set(others) < set(after.provided)
