"""An applicant's session: a mailbox was proven, and its application of a season is open in this browser."""

from dataclasses import field, replace
from datetime import datetime

from chalicelib.domain.account.sessions import IDLE, LIFETIME, SEEN_EVERY, Token
from chalicelib.domain.admission.applications import ApplicationRef
from chalicelib.values import frozen

_IN_COOKIES = "demande"  # what stands where a family's token has its site


def new_token() -> Token:
    """Make a token."""
    return Token.new(_IN_COOKIES)


def token_from(cookie: str) -> Token | None:
    """Read a cookie's value; None when it is no applicant's token."""
    token = Token.parse(cookie)
    return token if token and token.site == _IN_COOKIES else None


@frozen
class ApplicantSession:
    """One proof of a mailbox: 60 minutes after it was last seen, 12 hours after it was opened, it is over."""

    fingerprint: str = field(repr=False)
    ref: ApplicationRef
    opened_at: datetime
    seen_at: datetime

    @property
    def expires_at(self) -> datetime:
        """When it ends."""
        return min(self.seen_at + IDLE, self.opened_at + LIFETIME)

    def is_open(self, now: datetime) -> bool:
        """Whether it still opens its application."""
        return now < self.expires_at

    def needs_touch(self, now: datetime) -> bool:
        """Whether it is time to write that it was seen: at most every 5 minutes."""
        return now - self.seen_at >= SEEN_EVERY

    def touch(self, now: datetime) -> "ApplicantSession":
        """Move it on: somebody was seen."""
        return replace(self, seen_at=now)
