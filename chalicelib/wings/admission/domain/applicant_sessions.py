"""An applicant's session: a proven mailbox, and its application of a season, in one browser."""

from dataclasses import field
from datetime import datetime

from chalicelib.domain.account.sessions import IDLE, LIFETIME, Token, UsedSession
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import ApplicationRef

_IN_COOKIES = "demande"  # in the place of the site in a family's token


def new_token() -> Token:
    """Make a token."""
    return Token.new(_IN_COOKIES)


def token_from(cookie: str) -> Token | None:
    """Parse a cookie's value. None if it is no applicant's token."""
    token = Token.parse(cookie)
    return token if token and token.site == _IN_COOKIES else None


@frozen
class ApplicantSession(UsedSession):
    """One proof of a mailbox. It ends 60 minutes after its last use, 12 hours after it was opened."""

    fingerprint: str = field(repr=False)
    ref: ApplicationRef
    opened_at: datetime
    seen_at: datetime

    @property
    def expires_at(self) -> datetime:
        """When it ends."""
        return min(self.seen_at + IDLE, self.opened_at + LIFETIME)

    def is_open(self, now: datetime) -> bool:
        """Whether it is still valid."""
        return now < self.expires_at
