"""Sessions: the token in a browser, and its stored form (design §6)."""

import hashlib
import hmac
import secrets
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Literal, Self

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.login_methods import CHOSEN
from chalicelib.domain.account.logins import opening_emails
from chalicelib.values import frozen

IDLE = timedelta(minutes=60)
LIFETIME = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
COOKIE_LENGTH = 200  # characters: far above any token, and short enough for a DynamoDB key
NEWS = timedelta(minutes=2)  # how long a page reports a recent event: a changed password, a wrong site corrected

OpenedBy = Literal["login", "change", "passkey", "franceconnect", "code"]
PROVEN_FOR = timedelta(minutes=10)
_BY_PASSWORD = frozenset({"login", "change", "code"})
ALL = "toutes"  # instead of a session's name, in the form that ends them


@frozen
class Token:
    """Proof of login: the site's code and 256 random bits. Only its fingerprint is stored."""

    site: str
    secret: str = field(repr=False)

    @classmethod
    def new(cls, site: str) -> "Token":
        """Make a token."""
        return cls(site, secrets.token_urlsafe(32))

    @classmethod
    def parse(cls, cookie: str) -> "Token | None":
        """Parse a cookie's value. None if it is not ours."""
        site, _, secret = cookie.partition(".")
        is_ours = site and secret and cookie.isascii() and len(cookie) <= COOKIE_LENGTH
        return cls(site, secret) if is_ours else None

    @property
    def cookie(self) -> str:
        """The cookie's value."""
        return f"{self.site}.{self.secret}"

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the secret."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    @property
    def form_proof(self) -> str:
        """The anti-forgery value of each form behind login, known only to its session (OWASP ASVS 5.0, 3.5.1)."""
        return hmac.new(self.secret.encode(), b"form", hashlib.sha256).hexdigest()


def session_name(fingerprint: str) -> str:
    """Name a session in a form of its owner: unlike that of another, and too short for its key."""
    return fingerprint[:16]


class UsedSession:
    """Base of the sessions of all visitors, which note their last use."""

    seen_at: datetime

    def needs_touch(self, now: datetime) -> bool:
        """Whether its last use should be written again: at most every 5 minutes."""
        return now - self.seen_at >= SEEN_EVERY

    def touch(self, now: datetime) -> Self:
        """Record a use now."""
        return replace(self, seen_at=now)  # type: ignore[type-var] # each kind is a dataclass


@frozen
class Session(UsedSession):
    """One login of one account, valid only while its stamp equals the account's.

    `family`: for a guardian's own login, the identifier of the family's account.
    """

    site: str
    fingerprint: str = field(repr=False)
    identifier: str
    stamp: str
    opened_at: datetime
    seen_at: datetime
    opened_by: OpenedBy = "login"
    previous_login: datetime | None = None
    speaker: str = field(default="", repr=False)  # the speaker's name, as chosen
    family: str = ""
    browser: str = ""  # its kind, as `browser_of` names it
    site_forgiven: bool = False  # the login was tried at another site than the account's
    proven_at: datetime | None = None  # the last repeated password or mailed code
    proof: str = field(default="", repr=False)  # of a mailed code, as a login method's. Empty by a password
    logout: str = field(default="", repr=False)  # FranceConnect's address that ends its own session too

    @classmethod
    def open(
        cls, token: Token, account: Account, now: datetime, *, by: OpenedBy, previous_login: datetime | None
    ) -> "Session":
        """Open a session of the account as it is now."""
        return cls(
            site=token.site,
            fingerprint=token.fingerprint,
            identifier=account.ref.identifier,
            stamp=account.stamp,
            opened_at=now,
            seen_at=now,
            opened_by=by,
            previous_login=previous_login,
            family=account.family,
        )

    @classmethod
    def go_on(cls, token: Token, account: Account, now: datetime, before: "Session", *, by: OpenedBy) -> "Session":
        """Open the session that replaces another of the same person."""
        session = cls.open(token, account, now, by=by, previous_login=before.previous_login)
        return replace(
            session,
            speaker=before.speaker,
            browser=before.browser,
            proven_at=before.proven_at,
            proof=before.proof,
            logout=before.logout,
        )

    @property
    def account(self) -> AccountRef:
        """The account of the login."""
        return AccountRef(self.site, self.identifier)

    @property
    def family_ref(self) -> AccountRef:
        """The family's account."""
        return AccountRef(self.site, self.family or self.identifier)

    @property
    def expires_at(self) -> datetime:
        """When it ends: 60 minutes after its last use, 12 hours after it was opened."""
        return min(self.seen_at + IDLE, self.opened_at + LIFETIME)

    def is_of(self, account: Account | None, now: datetime) -> bool:
        """Whether it is still valid for this account."""
        return account is not None and not account.disabled and self.stamp == account.stamp and now < self.expires_at

    def is_proven(self, now: datetime) -> bool:
        """Whether a password or a mailed code was given in the last ten minutes (OWASP ASVS 5.0, 7.5.1)."""
        times = (self.proven_at, self.opened_at if self.opened_by in _BY_PASSWORD else None)
        return any(now - moment < PROVEN_FOR for moment in times if moment)

    def proof_of(self, login: Account) -> str:
        """Return the proof of its login, for a login method that it adds."""
        is_chosen = login.password is not None and login.password.origin == "chosen"
        return self.proof or (CHOSEN if is_chosen else " ".join(opening_emails(login)))

    def end_reason(self, account: Account | None) -> str:
        """Return the reason why it is no longer valid, for the record."""
        if account is None or account.disabled:
            return "account_closed"
        return "password_replaced" if self.stamp != account.stamp else "expired"

    def just_changed(self, now: datetime) -> bool:
        """Whether the page should still say that the password was changed (guide 2.7)."""
        return self.opened_by == "change" and now - self.opened_at < NEWS

    def just_forgiven(self, now: datetime) -> bool:
        """Whether the page should still name the account's site, as another one was tried."""
        return self.site_forgiven and now - self.opened_at < NEWS
