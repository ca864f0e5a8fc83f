"""Devices: the cookie by which accounts know a browser that logged in before, and no other."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account.accounts import Account, AccountRef, Password
from chalicelib.domain.account.devices import ACCOUNTS, LIFETIME, Devices
from tests.support.world import OPENING_MORNING, ROSSIGNOL

NOW = OPENING_MORNING
DEVICES = Devices("the key of the tests' pseudonyms, long enough")
MERLE = AccountRef("evry-magnard", "mag1")
TWIN = AccountRef("evry-magnard", "xen1")


def test_a_browser_is_known_to_the_account_that_logged_in_and_to_no_other() -> None:
    cookie = DEVICES.remember("", ROSSIGNOL, NOW)

    known = DEVICES.find(cookie, ROSSIGNOL, NOW)

    assert known
    assert known.since == NOW
    assert [DEVICES.find(cookie, ref, NOW) for ref in (MERLE, TWIN, AccountRef("evry-xenakis", "xen11"))] == [None] * 3
    assert Devices("another key of another deployment").find(cookie, ROSSIGNOL, NOW) is None


def test_a_cookie_says_nothing_of_whose_it_is_and_no_two_are_the_same() -> None:
    made = [DEVICES.remember("", ROSSIGNOL, NOW) for _ in range(50)]

    assert len(set(made)) == 50
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{12}\.\d{10}\.[A-Za-z0-9_-]{24}", cookie) for cookie in made)
    assert not any(word in cookie for cookie in made for word in ("xen1", "evry", "Rossignol"))


def test_several_accounts_share_a_browser_the_last_ones_that_logged_in() -> None:
    families = [AccountRef("evry-xenakis", f"xen{number}") for number in range(ACCOUNTS + 1)]
    cookie = ""
    for family in families:
        cookie = DEVICES.remember(cookie, family, NOW)

    assert [DEVICES.find(cookie, family, NOW) is not None for family in families] == [False] + [True] * ACCOUNTS
    assert len(cookie) < 500


def test_who_logs_in_again_keeps_its_name_and_takes_one_place() -> None:
    first = DEVICES.remember(DEVICES.remember("", MERLE, NOW), ROSSIGNOL, NOW)
    before = DEVICES.find(first, ROSSIGNOL, NOW)

    later = DEVICES.remember(first, ROSSIGNOL, NOW + timedelta(days=300))

    again = DEVICES.find(later, ROSSIGNOL, NOW + timedelta(days=600))
    assert before
    assert again == replace(before, since=NOW + timedelta(days=300))
    assert later.count("~") == 1
    assert DEVICES.find(later, MERLE, NOW)


def test_a_browser_is_forgotten_after_thirteen_months() -> None:
    cookie = DEVICES.remember("", ROSSIGNOL, NOW)

    assert DEVICES.find(cookie, ROSSIGNOL, NOW + LIFETIME - timedelta(seconds=1))
    assert DEVICES.find(cookie, ROSSIGNOL, NOW + LIFETIME) is None
    assert DEVICES.remember(cookie, MERLE, NOW + LIFETIME).count("~") == 0


def test_any_character_changed_makes_a_stranger() -> None:
    cookie = DEVICES.remember("", ROSSIGNOL, NOW)
    others = {cookie[:at] + other + cookie[at + 1 :] for at in range(len(cookie)) for other in "A9.~" + cookie[at]}

    assert [other for other in others - {cookie} if DEVICES.find(other, ROSSIGNOL, NOW)] == []


@given(st.text(max_size=300) | st.text("Aa9._~-", max_size=1200))
def test_whatever_a_browser_shows_is_no_error(cookie: str) -> None:
    assert DEVICES.find(cookie, ROSSIGNOL, NOW) is None
    assert DEVICES.find(DEVICES.remember(cookie, ROSSIGNOL, NOW), ROSSIGNOL, NOW)


@pytest.mark.parametrize("hours", [1, 0, -1])
def test_a_browser_of_before_a_change_of_password_is_a_former_one(hours: int) -> None:
    password = Password("a hash", NOW + timedelta(hours=hours), "chosen")
    account = Account(ROSSIGNOL, "Famille Rossignol", (), "stamp", password=password)
    device = DEVICES.find(DEVICES.remember("", ROSSIGNOL, NOW), ROSSIGNOL, NOW)

    assert device
    assert device.is_former(account) is (hours > 0)
    assert device.is_former(None)
    assert device.is_former(replace(account, password=None))


def test_who_came_on_a_period_s_first_day_is_known_on_the_last_one_of_next_year() -> None:
    cookie = DEVICES.remember("", ROSSIGNOL, datetime(2026, 9, 1, tzinfo=UTC))

    assert DEVICES.find(cookie, ROSSIGNOL, datetime(2027, 9, 30, tzinfo=UTC))
