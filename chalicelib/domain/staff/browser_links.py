"""Mailed links that make a browser known to a member's login: no factor, valid once, for fifteen minutes."""

import hmac
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.account.keys import KeyRing
from chalicelib.domain.account.rate_limits import BROWSERS_OF_MEMBER, LINKS_OF_MEMBER
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.refusals import FormRefusal, SlowedDown
from chalicelib.domain.staff.recent_logins import SENT_AGAIN_WITHIN
from chalicelib.values import frozen

_PATH: Final = "/extranet/bureau/invitation/"
_KIND: Final = "invitation"


class BrowserLinkGone(FormRefusal):
    """The link of a browser is unknown, over fifteen minutes old, or used. The answer never shows which."""

    code = "staff_link_gone"


class BrowsersSlowedDown(SlowedDown):
    """The day's limit of browsers made known by links is reached. `until`: when the next one may be."""

    code = "staff_browsers_slowed_down"


def invitation_link(keys: KeyRing, email: str, secret: str) -> str:
    """Make the sealed part of an invitation's URL: `{lien}` of `invitation_path`.

    `keys`: of `staff-links`. `secret`: `members.new_link_secret()`, of which the member has the digest.
    """
    return Seal(keys, _KIND).seal_text(email, secret)


def invitation_path(lien: str) -> str:
    """Build the path of an invitation below the public URL, for mails, pages and redirects."""
    return _PATH + lien


def read_link(keys: KeyRing, lien: str) -> tuple[str, str] | None:
    """Read the address and secret of a link. None if it is invalid, or its key was retired."""
    words = Seal(keys, _KIND).open_sent(lien, len(("email", "secret")))
    return (words[0], words[1]) if words else None


LINK_LASTS: Final = timedelta(minutes=15)
_KEPT: Final = 6  # unused links: as many as there are waits in the rate limit
_MAILS_AT_MOST: Final = 3  # for one request, which the queue may redeliver


@frozen
class BrowserLink:
    """A mailed link: the digest of its secret, the request that it answers, and its use.

    `browser`: the random name of the browser that opened and used it.
    """

    digest: str = field(repr=False)
    request: str
    mailed_at: datetime
    used_at: datetime | None = None
    browser: str = ""

    def is_open(self, browser: str, now: datetime) -> bool:
        """Whether it may be used: for fifteen minutes, and again by the same browser within a minute."""
        if self.used_at:
            return self.browser == browser and now - self.used_at < SENT_AGAIN_WITHIN
        return now - self.mailed_at < LINK_LASTS


@frozen
class BrowserLinks:
    """The links mailed to one member, oldest first: the newest, and those used within a day.

    A stranger may ask for them too. So a new link never ends another, and the wait between two is shorter than a link's
    lifetime: a member who asks and receives none already has a valid one.
    """

    links: tuple[BrowserLink, ...] = ()

    def may_be_mailed(self, request: str, now: datetime) -> bool:
        """Whether another link may be mailed. A request that the queue delivers twice counts once."""
        before = tuple(link.mailed_at for link in self.links if link.request != request)
        again = sum(link.request == request for link in self.links)
        return again < _MAILS_AT_MOST and LINKS_OF_MEMBER.waits_until(before, now) is None

    def with_mailed(self, digest: str, request: str, now: datetime) -> "BrowserLinks":
        """Add a link about to be mailed."""
        links = (*self.links, BrowserLink(digest, request, now))
        used = {link.digest for link in links if link.used_at and now - link.used_at < BROWSERS_OF_MEMBER.window}
        newest = {link.digest for link in [link for link in links if not link.used_at][-_KEPT:]}
        return BrowserLinks(tuple(link for link in links if link.digest in used | newest))

    def find(self, digest: str, browser: str, now: datetime) -> BrowserLink:
        """Find a secret's link that may be used now. Raises `BrowserLinkGone`."""
        for link in self.links:
            if hmac.compare_digest(link.digest, digest) and link.is_open(browser, now):
                return link
        raise BrowserLinkGone

    def with_used(self, digest: str, browser: str, now: datetime) -> "BrowserLinks":
        """Use a link. Idempotent for the same form. Raises `BrowserLinkGone` or `BrowsersSlowedDown`."""
        current = self.find(digest, browser, now)
        if current.used_at:
            return self
        uses = tuple(link.used_at for link in self.links if link.used_at)
        if until := BROWSERS_OF_MEMBER.waits_until(uses, now):
            raise BrowsersSlowedDown(until)
        used = replace(current, used_at=now, browser=browser)
        return BrowserLinks(tuple(used if link is current else link for link in self.links))
