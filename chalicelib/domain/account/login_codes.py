"""Requests for a mailed code that proves a login: its first use, a link with FranceConnect, or a sensitive change."""

import secrets
from dataclasses import field
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.account.keys import KeyRing
from chalicelib.values import frozen

Purpose = Literal["first", "link", "prove"]
LIFETIME: Final = timedelta(minutes=10)  # OWASP ASVS 5.0, 6.5.5: an address alone is proven for longer


@frozen
class LoginCodeRequest:
    """A request for a code, and its time. `name` is random: a code belongs to one request only.

    Its logins are those of an identifier at a site that have a mailbox (a pseudonym), or of either alone. `subject`:
    the identity to link, a pseudonym. Empty for another purpose.
    """

    purpose: Purpose
    site: str
    identifier: str
    mailbox: str
    subject: str
    asked_at: datetime
    name: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)

    @property
    def expires_at(self) -> datetime:
        """When its code expires."""
        return self.asked_at + LIFETIME

    def sign(self, key_ring: KeyRing) -> str:
        """Sign it, to be carried by a browser and the queue."""
        moment = str(int(self.asked_at.timestamp()))
        words = (self.purpose, self.site, self.identifier, self.mailbox, self.subject, moment, self.name)
        return key_ring.sign_text("sign-in", *words)  # unlike an applicant's question, under the same keys

    @classmethod
    def read(cls, key_ring: KeyRing, text: str) -> "LoginCodeRequest | None":
        """Read a request. None if we did not sign it, or if a newer version did, in another form."""
        match key_ring.read_text(text):
            case "sign-in", ("first" | "link" | "prove") as purpose, site, identifier, mailbox, subject, moment, name:
                asked_at = datetime.fromtimestamp(int(moment), UTC)
                return cls(purpose, site, identifier, mailbox, subject, asked_at, name)
            case _:
                return None
