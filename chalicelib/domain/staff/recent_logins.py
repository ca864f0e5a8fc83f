"""The last logins of a member: each used up what its form was sent with, and answers that form again for a minute."""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.values import frozen

HALF_OPEN: Final = timedelta(minutes=10)  # between the password and the second factor
SENT_AGAIN_WITHIN: Final = timedelta(minutes=1)  # a double click, or a form sent again because its answer was lost


@frozen
class RecentLogin:
    """A login that is younger than half-open sessions may be.

    `used`: the fingerprint of the half-open session, or the digest of the invitation's link, that opens nothing since.
    `opened`: the fingerprint of the session. `client`: the pseudonym of the network address that sent the form.
    """

    used: str
    opened: str
    client: str
    at: datetime

    def answers(self, client: str, now: datetime) -> bool:
        """Whether a form that comes again is still answered: within a minute, from the same address."""
        return client == self.client and now - self.at < SENT_AGAIN_WITHIN
