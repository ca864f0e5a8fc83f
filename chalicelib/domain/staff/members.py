"""A member of staff: a role, some sites, and the proofs by which one enters."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal, get_args

from chalicelib.domain.staff.browser_links import BrowserLinks
from chalicelib.domain.staff.recent_logins import HALF_OPEN, RecentLogin
from chalicelib.domain.staff.roles import Role
from chalicelib.values import frozen

INVITATION_LASTS: Final = timedelta(hours=24)

# What a member, or who stole a session, may change of what opens the desk: each is told by mail
# (`flows/staff/notices.py`).
# By the member, or in the member's name; the last three by a manager.
AccessChange = Literal[
    "accepted", "agent", "password", "application", "recovery", "recovery_used", "passkey_added", "passkey_removed",
    "closed", "reopened", "role",
]  # fmt: skip
ACCESS_CHANGES: Final[tuple[AccessChange, ...]] = get_args(AccessChange)
_CHANGES_KEPT: Final = 10


@frozen
class Invitation:
    """A link not used yet: the digest of its secret (empty until it is mailed), when it ends, and who asked for it."""

    digest: str = field(repr=False)
    expires_at: datetime
    by: str = field(repr=False)

    def is_opened_by(self, secret: str, now: datetime) -> bool:
        """Whether this secret is its own, and it has not ended."""
        return now < self.expires_at and hmac.compare_digest(self.digest, link_digest(secret))


@frozen
class Totp:
    """The key that an application shares with us, sealed; and the last time step of which a code was taken.

    A step's code works once (RFC 6238, 5.2): none of that step, or before it, is taken again. `former`: the key as
    versions before 0099 sealed it, which this one does not open.
    """

    key: str = field(repr=False)  # base64url
    last_step: int = 0
    former: str = field(default="", repr=False)


@frozen
class Passkey:
    """A WebAuthn credential of a member: its public key (a point of ES256, else a COSE key; base64url), its counter."""

    id: str
    public_key: str = field(repr=False)
    sign_count: int
    name: str
    added_at: datetime


@frozen
class Changed:
    """One change of what opens a member's access, by a random name: that it is there proves that it came true."""

    what: AccessChange
    at: datetime
    name: str

    @classmethod
    def new(cls, what: AccessChange, now: datetime) -> "Changed":
        """Name a change that is about to be made."""
        return cls(what, now, new_stamp())


@frozen
class Member:
    """One person of the staff, by e-mail address. `sites`: codes; a manager is of all, and has none here.

    A manager has the role only as long as the network's list of managers says so too (`Managers`): `role` alone opens
    nothing then.
    """

    email: str = field(repr=False)
    name: str = field(repr=False)
    role: Role
    sites: tuple[str, ...]
    stamp: str = field(repr=False)
    created_at: datetime
    disabled: bool = False
    invitation: Invitation | None = None
    password: str | None = field(default=None, repr=False)  # Argon2id, encoded
    password_changed_at: datetime | None = None
    totp: Totp | None = None
    passkeys: tuple[Passkey, ...] = ()
    recovery: tuple[str, ...] = field(default=(), repr=False)  # digests of the codes on paper that are left
    last_login: datetime | None = None
    agent: str = field(default="", repr=False)  # ProConnect's own name for this person, since a first login by it
    # Renewed with each second factor, and with each act of a manager: two uses of one code differ, as do two acts at
    # once, and none is written over somebody who has just entered (`Managers.note_entry`).
    entry: str = field(default="", repr=False)
    logins: tuple[RecentLogin, ...] = ()  # of the last ten minutes, newest last
    browser_links: BrowserLinks = BrowserLinks()
    changes: tuple[Changed, ...] = ()  # the last ones, newest last
    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # as it was read, if it was

    @property
    def is_active(self) -> bool:
        """Whether the invitation was accepted, and nothing closed the access since."""
        has_both = self.password is not None and bool(self.totp or self.passkeys)
        return not self.disabled and (has_both or bool(self.agent))

    @property
    def has_proofs(self) -> bool:
        """Whether there is anything that a reset would forget."""
        return self.password is not None or bool(self.agent)

    @property
    def known_as(self) -> str:
        """Who acts, as the audit trail names a person that was proven: name and address."""
        return f"{self.name} <{self.email}>"

    @property
    def version(self) -> str:
        """Name what a page of managers shows of it: whoever acts on another one has not seen what it is now."""
        invited = self.invitation.expires_at.isoformat() if self.invitation else ""
        shown = (self.role, *self.sites, str(self.disabled), str(self.has_proofs), invited)
        return hashlib.sha256("\0".join(shown).encode()).hexdigest()[:16]

    def with_invitation(self, digest: str, by: str, now: datetime) -> "Member":
        """Invite, or invite again: a link before this one opens nothing any more."""
        return replace(self, invitation=Invitation(digest, now + INVITATION_LASTS, by), entry=new_stamp())

    def with_proofs(self, password: str, totp: Totp | None, passkeys: tuple[Passkey, ...], now: datetime) -> "Member":
        """Accept the invitation: a password (encoded) and a second factor; every session before ends."""
        return replace(
            self,
            invitation=None,
            password=password,
            password_changed_at=now,
            totp=totp,
            passkeys=passkeys,
            stamp=new_stamp(),
        )

    def with_login(self, login: RecentLogin) -> "Member":
        """Note that both factors were proven. A used code or half-open session opens nothing."""
        recent = tuple(before for before in self.logins if login.at - before.at < HALF_OPEN)
        return replace(self, last_login=login.at, entry=login.opened, logins=(*recent, login))

    def login_by(self, used: str) -> RecentLogin | None:
        """Find the login that used something up."""
        return next((login for login in self.logins if login.used == used), None)

    def with_change(self, changed: Changed) -> "Member":
        """Note that what opens the access changes: its notice is mailed once that is written."""
        return replace(self, changes=(*self.changes, changed)[-_CHANGES_KEPT:])

    def with_passkey(self, passkey: Passkey) -> "Member":
        """Keep a passkey, in the place of the same one as it was."""
        others = tuple(other for other in self.passkeys if other.id != passkey.id)
        return replace(self, passkeys=(*others, passkey))

    def without_passkey(self, passkey_id: str) -> "Member":
        """Forget a passkey, if there is such a one."""
        return replace(self, passkeys=tuple(passkey for passkey in self.passkeys if passkey.id != passkey_id))

    def without_proofs(self) -> "Member":
        """Forget every proof (a reset): sessions end, and only a new invitation opens the desk."""
        return replace(
            self,
            password=None,
            password_changed_at=None,
            totp=None,
            passkeys=(),
            recovery=(),
            agent="",
            stamp=new_stamp(),
            entry=new_stamp(),
        )

    def with_disabled(self, *, disabled: bool) -> "Member":
        """Close the access, which ends its sessions, or open it again."""
        return replace(self, disabled=disabled, stamp=new_stamp(), entry=new_stamp(), invitation=None)

    def with_role(self, role: Role, sites: tuple[str, ...]) -> "Member":
        """Give another role, at these sites. It counts from the next page on."""
        return replace(self, role=role, sites=() if role == "manager" else sites, entry=new_stamp())


def new_stamp() -> str:
    """Make a stamp: all sessions end when it changes."""
    return secrets.token_urlsafe(16)


def new_link_secret() -> str:
    """Make the secret of an invitation's link: 256 bits."""
    return secrets.token_urlsafe(32)


def link_digest(secret: str) -> str:
    """Hash it, all that is kept of it."""
    return hashlib.sha256(secret.encode()).hexdigest()
