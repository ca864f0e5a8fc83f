"""Proof of an address: the code mailed to it, its stored digest, and the tries at it."""

import hmac
import secrets
import string
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.values import frozen

CODE_LIFETIME: Final = timedelta(minutes=30)
TRIES_AT_MOST: Final = 5
DIGITS: Final = 6
_MAILS_AT_MOST: Final = 3  # for one job, which the queue may redeliver
_DOUBLE_CLICK: Final = timedelta(minutes=1)


@frozen
class MailedCode:
    """A mailed code: its digest (`digest`), and the request that its letter answers."""

    digest: str = field(repr=False)
    request: str


@frozen
class PendingEmail:
    """An unproven address, with the address it replaces or its guardian, the author of the request and its time.

    `name` is random: it ties a code, a letter and a form to this change.
    """

    name: str
    email: str = field(repr=False)
    by: str = field(repr=False)
    asked_at: datetime
    replaced: str = field(default="", repr=False)
    guardian: str = field(default="", repr=False)
    mailed: tuple[MailedCode, ...] = ()
    tries: tuple[str, ...] = ()  # random names, so that two simultaneous tries count as two

    @property
    def expires_at(self) -> datetime:
        """When its code expires."""
        return self.asked_at + CODE_LIFETIME

    def is_open(self, now: datetime) -> bool:
        """Whether its code may still be given: neither expired nor tried too often."""
        return now < self.expires_at and len(self.tries) < TRIES_AT_MOST

    def is_same(self, other: "PendingEmail") -> bool:
        """Whether the same was asked for a moment ago: a form sent twice."""
        words = ((pending.email, pending.by, pending.replaced, pending.guardian) for pending in (self, other))
        return len(set(words)) == 1 and abs(self.asked_at - other.asked_at) < _DOUBLE_CLICK

    def with_code(self, digest: str, request: str) -> "PendingEmail":
        """Add the digest of a code about to be mailed, beside the others of the request."""
        return replace(self, mailed=(*self.mailed, MailedCode(digest, request))[-_MAILS_AT_MOST:])

    def with_wrong_try(self) -> "PendingEmail":
        """Count a wrong code."""
        return replace(self, tries=(*self.tries, secrets.token_hex(4)))

    def is_proven_by(self, digest: str) -> bool:
        """Whether the digest is that of a mailed code, in constant time per code."""
        return any(hmac.compare_digest(code.digest.encode(), digest.encode()) for code in self.mailed)


def new_code() -> str:
    """Make a six-digit code from the system's randomness (OWASP ASVS 5.0, 6.5.4: about 20 bits)."""
    return "".join(secrets.choice(string.digits) for _ in range(DIGITS))


def code_from(text: str) -> str:
    """Normalise a typed or pasted code. Empty if it is invalid."""
    bare = "".join(character for character in text if not character.isspace() and character not in "-.")
    return bare if len(bare) == DIGITS and bare.isascii() and bare.isdigit() else ""


def digest(pseudonyms: Pseudonyms, site: str, identifier: str, email: str, code: str) -> str:
    """Hash a code under the deployment's key, bound to its account and address. Only this digest is kept."""
    return pseudonyms.of("code of an address", site, identifier, email, code)
