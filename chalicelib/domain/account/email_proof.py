"""An address that counts only once proven: the code mailed to it, what is kept of that, and the tries at it."""

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
_MAILS_AT_MOST: Final = 3  # of one job, which the queue may deliver again
_DOUBLE_CLICK: Final = timedelta(minutes=1)


@frozen
class MailedCode:
    """A code that was mailed: its digest (`digest`), and the request that its letter answers."""

    digest: str = field(repr=False)
    request: str


@frozen
class PendingEmail:
    """An address that waits for its code: in the place of which other, or for which guardian; who asked, and when.

    `name` is random: a code, a letter and a form are about this very change, or about none.
    """

    name: str
    email: str = field(repr=False)
    by: str = field(repr=False)
    asked_at: datetime
    replaced: str = field(default="", repr=False)
    guardian: str = field(default="", repr=False)
    mailed: tuple[MailedCode, ...] = ()
    tries: tuple[str, ...] = ()  # each has a random name: two at once are two

    @property
    def expires_at(self) -> datetime:
        """Until when its code is good."""
        return self.asked_at + CODE_LIFETIME

    def is_open(self, now: datetime) -> bool:
        """Whether a code may still prove it."""
        return now < self.expires_at and len(self.tries) < TRIES_AT_MOST

    def is_same(self, other: "PendingEmail") -> bool:
        """Whether another was asked for a moment ago, in the same words: a form sent twice."""
        words = ((pending.email, pending.by, pending.replaced, pending.guardian) for pending in (self, other))
        return len(set(words)) == 1 and abs(self.asked_at - other.asked_at) < _DOUBLE_CLICK

    def with_code(self, digest: str, request: str) -> "PendingEmail":
        """Keep the digest of a code about to be mailed, beside those of the same request."""
        return replace(self, mailed=(*self.mailed, MailedCode(digest, request))[-_MAILS_AT_MOST:])

    def with_wrong_try(self) -> "PendingEmail":
        """Count a wrong code."""
        return replace(self, tries=(*self.tries, secrets.token_hex(4)))

    def is_proven_by(self, digest: str) -> bool:
        """Whether this is a code's digest, in constant time per code."""
        return any(hmac.compare_digest(code.digest.encode(), digest.encode()) for code in self.mailed)


def new_code() -> str:
    """Make a code: six digits, from the system's own randomness (OWASP ASVS 5.0, 6.5.4: 20 bits or so)."""
    return "".join(secrets.choice(string.digits) for _ in range(DIGITS))


def code_from(typed: str) -> str:
    """Normalise a code, however it was copied; empty where it is none."""
    bare = "".join(character for character in typed if not character.isspace() and character not in "-.")
    return bare if len(bare) == DIGITS and bare.isascii() and bare.isdigit() else ""


def digest(pseudonyms: Pseudonyms, site: str, identifier: str, email: str, code: str) -> str:
    """Hash a code under the deployment's key, bound to its account and address. Nothing else is kept of it."""
    return pseudonyms.of("code of an address", site, identifier, email, code)
