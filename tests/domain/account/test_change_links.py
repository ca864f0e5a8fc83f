"""The link of a notice: it can be read, names no account, and cannot be forged."""

import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.change_links import LIFETIME, ChangeLink, ChangeLinks, Kind
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.corrections import Actor, Correction
from tests.support.keys import key_ring

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
PSEUDONYMS = Pseudonyms("a key long enough for pseudonyms in tests")
LINKS = ChangeLinks(key_ring("change-links", 2, 1), PSEUDONYMS)
REF = AccountRef("evry-xenakis", "xen1")
CHANGE = Correction("emails", ("a@example.org",), ("b@example.org",), Actor("family"), NOW, "0123456789ab-cdef")
LINK = ChangeLink.of(PSEUDONYMS.of("evry-xenakis", "xen1"), CHANGE, PSEUDONYMS.of_mailbox("a@example.org"))


def test_a_link_is_of_its_change_and_of_no_other() -> None:
    assert LINK.is_of(CHANGE)
    assert not LINK.is_of(replace(CHANGE, decision="another"))
    assert not LINK.is_of(replace(CHANGE, what="password"))


@pytest.mark.parametrize("kind", ["emails", "password"])
def test_a_link_comes_back_as_it_was_and_fits_into_one_part_of_an_address(kind: Kind) -> None:
    link = replace(LINK, what=kind)

    text = LINKS.sign(link)

    assert LINKS.open(text, NOW) == link
    assert set(text) <= {*string.ascii_letters, *string.digits, "-", "_"}
    assert len(text) <= 128


def test_the_letter_s_facts_open_to_the_same_link() -> None:
    facts = LINKS.facts(REF, CHANGE, "A@Example.org")

    assert LINKS.open(facts["not_me"], NOW) == LINK
    assert facts["not_me_until"] == NOW + timedelta(days=7)


def test_a_link_is_good_for_seven_days_from_the_change() -> None:
    text = LINKS.sign(LINK)

    assert LINKS.open(text, NOW + LIFETIME - timedelta(seconds=1)) == LINK
    assert LINKS.open(text, NOW + LIFETIME) is None


def test_a_link_names_nobody() -> None:
    text = LINKS.sign(LINK)

    assert not any(word in text for word in ("xen", "evry", "example", "@"))


def test_a_link_opens_after_two_rotations_until_its_key_is_retired() -> None:
    text = ChangeLinks(key_ring("change-links", 1), PSEUDONYMS).sign(LINK)

    assert ChangeLinks(key_ring("change-links", 3, 2, 1), PSEUDONYMS).open(text, NOW) == LINK
    assert ChangeLinks(key_ring("change-links", 3, 2), PSEUDONYMS).open(text, NOW) is None


@pytest.mark.parametrize("place", range(0, 101, 5))
def test_a_link_that_somebody_changed_is_none(place: int) -> None:
    text = LINKS.sign(LINK)
    forgery = text[:place] + ("B" if text[place] == "A" else "A") + text[place + 1 :]

    assert LINKS.open(forgery, NOW) is None


@pytest.mark.parametrize("text", ["", "A", "AAAA", "=", "é", "a b", "a\r\nSet-Cookie: x", "-" * 5000, "AAAA" * 40])
def test_what_is_no_link_is_none(text: str) -> None:
    assert LINKS.open(text, NOW) is None


def test_nothing_may_stand_around_a_link() -> None:
    assert [LINKS.open(typed, NOW) for typed in (f"{LINKS.sign(LINK)}\r\n", f" {LINKS.sign(LINK)}")] == [None, None]


def test_the_link_of_another_deployment_is_none() -> None:
    assert LINKS.open(ChangeLinks(key_ring("devices", 2, 1), PSEUDONYMS).sign(LINK), NOW) is None
