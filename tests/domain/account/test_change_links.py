"""The link of a notice: it comes back as it was, says nothing to who reads it, and nobody makes one."""

import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.change_links import LIFETIME, ChangeLink, ChangeLinks
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.corrections import Actor, Correction

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
PSEUDONYMS = Pseudonyms("a key long enough for pseudonyms in tests")
LINKS = ChangeLinks("a key long enough for links in tests", PSEUDONYMS)
REF = AccountRef("evry-xenakis", "xen1")
CHANGE = Correction("emails", ("a@example.org",), ("b@example.org",), Actor("family"), NOW, "0123456789ab-cdef")
LINK = ChangeLink.of(REF, CHANGE, PSEUDONYMS.of_mailbox("a@example.org"))


def test_a_link_is_of_its_change_and_of_no_other() -> None:
    assert LINK.is_of(CHANGE)
    assert not LINK.is_of(replace(CHANGE, decision="another"))
    assert not LINK.is_of(replace(CHANGE, what="password"))


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=64))
def test_a_link_comes_back_as_it_was_and_fits_into_one_part_of_an_address(identifier: str) -> None:
    link = replace(LINK, account=AccountRef("evry-xenakis", identifier), what="password")

    sealed = LINKS.seal(link)

    assert LINKS.open(sealed, NOW) == link
    assert set(sealed) <= {*string.ascii_letters, *string.digits, "-", "_"}
    assert len(sealed) <= 512


def test_the_letter_s_facts_open_to_the_same_link() -> None:
    facts = LINKS.facts(REF, CHANGE, "A@Example.org")

    assert LINKS.open(facts["not_me"], NOW) == LINK
    assert facts["not_me_until"] == NOW + timedelta(days=7)


def test_a_link_is_good_for_seven_days_from_the_change() -> None:
    sealed = LINKS.seal(LINK)

    assert LINKS.open(sealed, NOW + LIFETIME - timedelta(seconds=1)) == LINK
    assert LINKS.open(sealed, NOW + LIFETIME) is None


def test_who_reads_a_link_learns_nothing_and_two_have_nothing_in_common() -> None:
    sealed, other = (LINKS.seal(replace(LINK, mailbox=PSEUDONYMS.of_mailbox(email))) for email in ("a@b.fr", "c@d.fr"))

    assert len([1 for one, two in zip(sealed, other, strict=True) if one == two]) < len(sealed) / 4
    assert b"xen1" not in ChangeLinks("another key, long enough as well", PSEUDONYMS).seal(LINK).encode()


@pytest.mark.parametrize("place", range(0, 116, 5))
def test_a_link_that_somebody_changed_is_none(place: int) -> None:
    sealed = LINKS.seal(LINK)
    forged = sealed[:place] + ("B" if sealed[place] == "A" else "A") + sealed[place + 1 :]

    assert LINKS.open(forged, NOW) is None


@pytest.mark.parametrize("sealed", ["", "A", "AAAA", "=", "é", "a b", "a\r\nSet-Cookie: x", "-" * 5000, "AAAA" * 40])
def test_what_is_no_link_is_none(sealed: str) -> None:
    assert LINKS.open(sealed, NOW) is None


def test_nothing_may_stand_around_a_link() -> None:
    assert [LINKS.open(typed, NOW) for typed in (f"{LINKS.seal(LINK)}\r\n", f" {LINKS.seal(LINK)}")] == [None, None]


def test_the_link_of_another_deployment_is_none() -> None:
    assert LINKS.open(ChangeLinks("another key, long enough as well", PSEUDONYMS).seal(LINK), NOW) is None
