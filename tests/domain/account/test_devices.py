"""Devices: the cookie by which accounts recognise a browser that logged in before."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account.accounts import Account, AccountRef, Password
from chalicelib.domain.account.devices import ACCOUNTS, LIFETIME, Devices
from tests.support.keys import key_ring
from tests.support.world import OPENING_MORNING, ROSSIGNOL

NOW = OPENING_MORNING
KEYS = key_ring("devices", 1)
MERLE = AccountRef("evry-magnard", "mag1")
TWIN = AccountRef("evry-magnard", "xen1")


def test_a_browser_is_known_to_the_account_that_logged_in_and_to_no_other() -> None:
    cookie = Devices(KEYS).remember(ROSSIGNOL, NOW)

    device = Devices(KEYS, cookie).find(ROSSIGNOL, NOW)

    assert device
    assert device.since == NOW
    assert [Devices(KEYS, cookie).find(ref, NOW) for ref in (MERLE, TWIN, AccountRef("evry-xenakis", "xen11"))] == [
        None
    ] * 3
    assert Devices(key_ring("staff-devices", 1), cookie).find(ROSSIGNOL, NOW) is None


def test_a_cookie_says_nothing_of_whose_it_is_and_no_two_are_the_same() -> None:
    cookies = [Devices(KEYS).remember(ROSSIGNOL, NOW) for _ in range(50)]

    assert len(set(cookies)) == 50
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{12}\.\d{10}\.1\.[A-Za-z0-9_-]{24}", cookie) for cookie in cookies)
    assert not any(word in cookie for cookie in cookies for word in ("xen1", "evry", "Rossignol"))


def test_several_accounts_share_a_browser_the_last_ones_that_logged_in() -> None:
    families = [AccountRef("evry-xenakis", f"xen{number}") for number in range(ACCOUNTS + 1)]
    cookie = ""
    for family in families:
        cookie = Devices(KEYS, cookie).remember(family, NOW)

    assert [Devices(KEYS, cookie).find(family, NOW) is not None for family in families] == [False] + [True] * ACCOUNTS
    assert len(cookie) < 500


def test_who_logs_in_again_keeps_its_name_and_takes_one_place() -> None:
    first = Devices(KEYS, Devices(KEYS).remember(MERLE, NOW)).remember(ROSSIGNOL, NOW)
    before = Devices(KEYS, first).find(ROSSIGNOL, NOW)

    later = Devices(KEYS, first).remember(ROSSIGNOL, NOW + timedelta(days=300))

    last_device = Devices(KEYS, later).find(ROSSIGNOL, NOW + timedelta(days=600))
    assert before
    assert last_device == replace(before, since=NOW + timedelta(days=300))
    assert later.count("~") == 1
    assert Devices(KEYS, later).find(MERLE, NOW)


def test_a_browser_is_forgotten_after_thirteen_months() -> None:
    cookie = Devices(KEYS).remember(ROSSIGNOL, NOW)

    assert Devices(KEYS, cookie).find(ROSSIGNOL, NOW + LIFETIME - timedelta(seconds=1))
    assert Devices(KEYS, cookie).find(ROSSIGNOL, NOW + LIFETIME) is None
    assert Devices(KEYS, cookie).remember(MERLE, NOW + LIFETIME).count("~") == 0


def test_any_character_changed_makes_a_stranger() -> None:
    cookie = Devices(KEYS).remember(ROSSIGNOL, NOW)
    cookies = {cookie[:at] + other + cookie[at + 1 :] for at in range(len(cookie)) for other in "A9.~" + cookie[at]}

    assert [other for other in cookies - {cookie} if Devices(KEYS, other).find(ROSSIGNOL, NOW)] == []


@given(st.text(max_size=300) | st.text("Aa9._~-", max_size=1200))
def test_whatever_a_browser_shows_is_no_error(cookie: str) -> None:
    assert Devices(KEYS, cookie).find(ROSSIGNOL, NOW) is None
    assert Devices(KEYS, Devices(KEYS, cookie).remember(ROSSIGNOL, NOW)).find(ROSSIGNOL, NOW)


@pytest.mark.parametrize("hours", [1, 0, -1])
def test_a_browser_of_before_a_change_of_password_is_a_former_one(hours: int) -> None:
    password = Password("a hash", NOW + timedelta(hours=hours), "chosen")
    account = Account(ROSSIGNOL, "Famille Rossignol", (), "stamp", password=password)
    device = Devices(KEYS, Devices(KEYS).remember(ROSSIGNOL, NOW)).find(ROSSIGNOL, NOW)

    assert device
    assert device.is_former(account) is (hours > 0)
    assert device.is_former(None)
    assert device.is_former(replace(account, password=None))


def test_who_came_on_a_period_s_first_day_is_known_on_the_last_one_of_next_year() -> None:
    cookie = Devices(KEYS).remember(ROSSIGNOL, datetime(2026, 9, 1, tzinfo=UTC))

    assert Devices(KEYS, cookie).find(ROSSIGNOL, datetime(2027, 9, 30, tzinfo=UTC))


def test_a_browser_is_known_after_a_rotation_until_its_key_is_retired_or_it_logs_in_again() -> None:
    former = Devices(KEYS).remember(ROSSIGNOL, NOW)
    ring, old_ring = key_ring("devices", 2, 1), key_ring("devices", 2)

    rotated_cookie = Devices(ring, former).remember(ROSSIGNOL, NOW)

    assert Devices(ring, former).find(ROSSIGNOL, NOW)
    assert Devices(old_ring, former).find(ROSSIGNOL, NOW) is None
    assert Devices(old_ring, rotated_cookie).find(ROSSIGNOL, NOW)
