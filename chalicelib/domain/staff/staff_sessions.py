"""A session of the desk: half open after the password, open after the second factor."""

from base64 import urlsafe_b64encode
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.account.keys import KeyRing
from chalicelib.domain.account.sessions import Token, UsedSession
from chalicelib.domain.staff.members import Member
from chalicelib.domain.staff.recent_logins import HALF_OPEN
from chalicelib.values import frozen

IDLE: Final = timedelta(minutes=30)
LIFETIME: Final = timedelta(hours=10)
PROVEN_FOR: Final = timedelta(minutes=5)  # how long a repeated password or passkey counts for sensitive acts
FORM_PROVEN_FOR: Final = timedelta(minutes=10)  # how long for a form that was opened within those minutes
CHECKED_FOR: Final = timedelta(minutes=30)  # how long a verified identity is that of the same visit

Stage = Literal["password", "open"]  # the proofs given: only the password, or both
RECENT: Final = 8  # files
_LONGEST: Final = 200  # characters of a remembered sentence, as every request reads it. A longer one is typed again
_IN_COOKIES: Final = "bureau"  # in the place of the site in a family's token


def new_token() -> Token:
    """Make a token."""
    return Token.new(_IN_COOKIES)


def token_after(keys: KeyRing, half_open: Token, code: str) -> Token:
    """Make the token that follows from a half-open session and a code: the same form sent twice opens one session.

    It also needs the newest key of `staff-tokens`, so that those two alone make no token (OWASP ASVS 5.0, 7.2.3,
    7.2.4).
    """
    plain = "".join(character for character in code.casefold() if character.isalnum())
    mac = keys.newest.mac(half_open.secret, plain)
    return Token(_IN_COOKIES, urlsafe_b64encode(mac).decode().rstrip("="))


def token_from(cookie: str) -> Token | None:
    """Parse a cookie's value. None if it is no token of the desk."""
    token = Token.parse(cookie)
    return token if token and token.site == _IN_COOKIES else None


def file_key(first: str, second: str) -> str:
    """Write the key of a file in a session, from its parts."""
    return f"{first} {second}"


@frozen
class IdentityCheck:
    """How a member verified the identity of the person who asks for acts on a file, by the parts of its key."""

    file: str
    words: str
    at: datetime

    @property
    def expires_at(self) -> datetime:
        """When the identity has to be verified again: another person may have called."""
        return self.at + CHECKED_FOR


@frozen
class StaffSession(UsedSession):
    """One login of one member, valid only while its stamp equals the member's.

    `challenge`: the next challenge for a passkey, in base64url, used once. `recent`: the keys of the files that it
    opened, latest first, deleted with it. `checks`: the identities verified, latest first.
    """

    fingerprint: str = field(repr=False)
    email: str = field(repr=False)
    stamp: str = field(repr=False)
    stage: Stage
    opened_at: datetime
    seen_at: datetime
    proven_at: datetime | None = None  # the last repeated password or passkey
    challenge: str = field(default="", repr=False)
    timetables: tuple[str, ...] = ()  # a teacher's, as last used, to prefetch. Never trusted
    recent: tuple[str, ...] = field(default=(), repr=False)
    checks: tuple[IdentityCheck, ...] = field(default=(), repr=False)
    browser: str = ""  # its kind, as `browser_of` names it

    @classmethod
    def open(cls, token: Token, member: Member, stage: Stage, now: datetime, browser: str = "") -> "StaffSession":
        """Open a session of the current member."""
        return cls(token.fingerprint, member.email, member.stamp, stage, now, now, browser=browser)

    def go_on(self, token: Token, stamp: str, now: datetime) -> "StaffSession":
        """Continue under another token and stamp, with the same end: it is the same person."""
        return replace(self, fingerprint=token.fingerprint, stamp=stamp, seen_at=now, challenge="")

    @property
    def expires_at(self) -> datetime:
        """When it ends: 30 minutes after its last use, 10 hours after it was opened (OWASP ASVS 5.0, 7.3)."""
        if self.stage != "open":
            return self.opened_at + HALF_OPEN
        return min(self.seen_at + IDLE, self.opened_at + LIFETIME)

    def is_of(self, member: Member | None, now: datetime) -> bool:
        """Whether it is still valid for this member."""
        return member is not None and member.is_active and self.stamp == member.stamp and now < self.expires_at

    def is_proven(self, now: datetime) -> bool:
        """Whether a password or passkey was recently repeated (OWASP ASVS 5.0, 7.5)."""
        return self.proven_at is not None and now - self.proven_at < PROVEN_FOR

    def is_form_proven(self, now: datetime) -> bool:
        """Whether a form that was opened within a proof still counts as proven."""
        return self.proven_at is not None and now - self.proven_at < FORM_PROVEN_FOR

    def proven_until(self, now: datetime) -> datetime:
        """When the proof ends, or that of a form opened within it. Called with a proof."""
        lasts = PROVEN_FOR if self.is_proven(now) else FORM_PROVEN_FOR
        return (self.proven_at or now) + lasts

    def check_of(self, file: str, now: datetime) -> IdentityCheck | None:
        """Find how the identity was verified for acts on a file, in the last half an hour."""
        return next((check for check in self.checks if check.file == file and now < check.expires_at), None)

    def checks_with(self, new: IdentityCheck) -> tuple[IdentityCheck, ...]:
        """List the verified identities with a new one. The same sentence keeps its time, a long one is left out."""
        former = self.check_of(new.file, new.at)
        if former and former.words == new.words:
            return self.checks
        checks = (check for check in self.checks if check.file != new.file and new.at < check.expires_at)
        return (*((new,) if len(new.words) <= _LONGEST else ()), *checks)[:RECENT]
