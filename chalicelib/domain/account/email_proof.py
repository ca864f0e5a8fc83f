"""An address that counts only once proven: the code mailed to it, what is kept of that, and the tries at it."""

import hashlib
import hmac
import secrets
import string
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

CODE_LIFETIME: Final = timedelta(minutes=30)
TRIES_AT_MOST: Final = 5
DIGITS: Final = 6
_MAILS_AT_MOST: Final = 3  # of one job, which the queue may deliver again
_DOUBLE_CLICK: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Mailed:
    """A code that was mailed: its digest (`digest`), and the request that its letter answers."""

    digest: str = field(repr=False)
    request: str


@dataclass(frozen=True)
class Unproven:
    """An address that waits for its code: in the place of which other, or for which guardian; who asked, and when.

    `name` is random: a code, a letter and a form are about this very wish, or about none.
    """

    name: str
    email: str = field(repr=False)
    by: str = field(repr=False)
    asked_at: datetime
    replaced: str = field(default="", repr=False)
    guardian: str = field(default="", repr=False)
    mailed: tuple[Mailed, ...] = ()
    tries: tuple[str, ...] = ()  # each has a random name: two at once are two

    @property
    def expires_at(self) -> datetime:
        """Until when its code is good."""
        return self.asked_at + CODE_LIFETIME

    def is_open(self, now: datetime) -> bool:
        """Tell whether a code may still prove it."""
        return now < self.expires_at and len(self.tries) < TRIES_AT_MOST

    def is_same(self, other: "Unproven") -> bool:
        """Tell whether another was asked for a moment ago, in the same words: a form sent twice."""
        words = ((each.email, each.by, each.replaced, each.guardian) for each in (self, other))
        return len(set(words)) == 1 and abs(self.asked_at - other.asked_at) < _DOUBLE_CLICK

    def with_code(self, digest: str, request: str) -> "Unproven":
        """Keep the digest of a code about to be mailed, beside those of the same request."""
        return replace(self, mailed=(*self.mailed, Mailed(digest, request))[-_MAILS_AT_MOST:])

    def tried(self) -> "Unproven":
        """Count a wrong code."""
        return replace(self, tries=(*self.tries, secrets.token_hex(4)))

    def is_proven_by(self, digest: str) -> bool:
        """Tell whether this is a code's digest, in constant time per code."""
        return any(hmac.compare_digest(each.digest.encode(), digest.encode()) for each in self.mailed)


def new_code() -> str:
    """Make a code: six digits, from the system's own randomness (OWASP ASVS 5.0, 6.5.4: 20 bits or so)."""
    return "".join(secrets.choice(string.digits) for _ in range(DIGITS))


def code_from(typed: str) -> str:
    """Give the one spelling of a code, however it was copied; empty where it is none."""
    bare = "".join(each for each in typed if not each.isspace() and each not in "-.")
    return bare if len(bare) == DIGITS and bare.isascii() and bare.isdigit() else ""


def digest(site: str, identifier: str, email: str, code: str) -> str:
    """Give all that is kept of a code: a SHA-256 bound to its account and address."""
    return hashlib.sha256(f"{site}\0{identifier}\0{email}\0{code}".encode()).hexdigest()
