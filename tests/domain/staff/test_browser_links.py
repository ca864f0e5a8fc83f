"""Links that make a browser known: a stranger who asks for them too cannot lock the member out."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.staff.browser_links import (
    LINK_LASTS,
    BrowserLinkGone,
    BrowserLinks,
    BrowsersSlowedDown,
    invitation_link,
    invitation_path,
    read_link,
)
from chalicelib.domain.staff.members import new_link_secret
from chalicelib.domain.staff.recent_logins import SENT_AGAIN_WITHIN
from tests.support.keys import key_ring

KEYS = key_ring("staff-links", 1)
EMAIL = "troglodyte@example.org"


def test_a_link_is_read_as_it_was_made_and_fits_into_an_address() -> None:
    secret = new_link_secret()

    link = invitation_link(KEYS, EMAIL, secret)

    assert read_link(KEYS, link) == (EMAIL, secret)
    assert len(invitation_link(KEYS, "m" * 242 + "@example.org", secret)) <= 512
    assert invitation_path(link) == f"/extranet/bureau/invitation/{link}"
    assert EMAIL not in link


def test_what_is_no_link_of_ours_is_none() -> None:
    link = invitation_link(KEYS, EMAIL, "secret")

    for text in ("", "a", "a" * 64, link[:-1], link[:-4], f"B{link[1:]}", link + "AAAA"):
        assert read_link(KEYS, text) is None
    assert read_link(key_ring("staff-links", 2), link) is None


NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LINKS = BrowserLinks().with_mailed("digest", "request", NOW)


def opens(links: BrowserLinks, digest: str, now: datetime, browser: str = "browser") -> bool:
    try:
        links.find(digest, browser, now)
    except BrowserLinkGone:
        return False
    return True


def test_a_link_opens_for_a_quarter_of_an_hour_to_its_own_secret() -> None:
    assert opens(LINKS, "digest", NOW + LINK_LASTS - SECOND)
    assert not opens(LINKS, "digest", NOW + LINK_LASTS)
    assert not opens(LINKS, "another", NOW)


def test_a_link_serves_once_and_the_same_form_again_for_a_minute() -> None:
    used = LINKS.with_used("digest", "browser", NOW)

    assert used.with_used("digest", "browser", NOW + SENT_AGAIN_WITHIN - SECOND) is used
    for browser, later in (("browser", SENT_AGAIN_WITHIN), ("another", SECOND)):
        with pytest.raises(BrowserLinkGone):
            used.with_used("digest", browser, NOW + later)


def test_whoever_asks_all_day_a_member_has_a_link_that_works_for_five_minutes_more() -> None:
    links, mails = BrowserLinks(), 0
    for minute in range(24 * 60):
        now = NOW + timedelta(minutes=minute)
        if links.may_be_mailed(f"request {minute}", now):
            links, mails = links.with_mailed(f"digest {minute}", f"request {minute}", now), mails + 1
        assert any(opens(links, link.digest, now + timedelta(minutes=5)) for link in links.links), now

    assert mails <= 6 + 6 * 24
    assert len(links.links) == 6


def test_a_request_that_the_queue_delivers_again_is_mailed_again_three_times_at_most() -> None:
    twice = LINKS.with_mailed("again", "request", NOW + SECOND)

    assert LINKS.may_be_mailed("request", NOW + SECOND)
    assert opens(twice, "digest", NOW + SECOND)
    assert not LINKS.may_be_mailed("another", NOW + SECOND)
    assert not twice.with_mailed("third", "request", NOW + SECOND).may_be_mailed("request", NOW + SECOND)


def test_six_browsers_are_made_known_in_a_day_however_many_links_are_mailed() -> None:
    """Each browser has its own tries at the password, so access to the mailbox must not give more."""
    links, now = BrowserLinks(), NOW
    for number in range(7):
        now = NOW + number * timedelta(minutes=10)
        links = links.with_mailed(str(number), str(number), now)
        if number < 6:
            links = links.with_used(str(number), "browser", now)
    for number in range(7, 17):
        now = NOW + number * timedelta(minutes=10)
        links = links.with_mailed(str(number), str(number), now)

    with pytest.raises(BrowsersSlowedDown) as error:
        links.with_used("16", "browser", now)
    assert error.value.until == NOW + timedelta(days=1)
    tomorrow = NOW + timedelta(days=1)
    assert len(links.with_mailed("17", "17", tomorrow).with_used("17", "browser", tomorrow).links) == 11
