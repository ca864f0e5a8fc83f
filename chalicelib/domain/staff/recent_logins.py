"""The last logins of a member. The same form sent again within a minute gets the answer of the first."""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.values import frozen

HALF_OPEN: Final = timedelta(minutes=10)  # time between the password and the second factor
SENT_AGAIN_WITHIN: Final = timedelta(minutes=1)  # a double click, or a form sent again after a lost answer


@frozen
class RecentLogin:
    """A login younger than the lifetime of half-open sessions.

    `used`: the fingerprint of the half-open session, or the digest of the invitation's link, now used up. `opened`: the
    fingerprint of the session. `client`: the pseudonym of the form's network address.
    """

    used: str
    opened: str
    client: str
    at: datetime

    def answers(self, client: str, now: datetime) -> bool:
        """Whether a repeated form is still answered: within a minute, from the same address."""
        return client == self.client and now - self.at < SENT_AGAIN_WITHIN
