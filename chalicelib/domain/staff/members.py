"""A member of staff: a role, some sites, and the proofs to log in."""

import hashlib
import hmac
import secrets
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Final, Literal, Self, get_args

from chalicelib.domain.account.accounts import new_stamp
from chalicelib.domain.account.login_methods import Passkey
from chalicelib.domain.staff.browser_links import BrowserLinks
from chalicelib.domain.staff.recent_logins import HALF_OPEN, RecentLogin
from chalicelib.values import Stored, frozen


@frozen
class ManagerList(Stored):
    """The managers' addresses. `entered`: those who have logged in with both proofs. Only they count as remaining.

    `version`: changed by each write, so that two equal lists still differ.
    """

    emails: tuple[str, ...] = field(default=(), repr=False)
    entered: tuple[str, ...] = field(default=(), repr=False)
    version: str = ""

    def __contains__(self, email: object) -> bool:
        """Whether an address is a manager's."""
        return email in self.emails

    def is_last(self, email: str) -> bool:
        """Whether it is the only manager known to log in."""
        return self.entered == (email,)

    def has_others(self, email: str) -> bool:
        """Whether another manager is known to log in."""
        return bool(_without(self.entered, email))

    def with_added(self, email: str) -> Self:
        """Add a manager, not yet counted."""
        return self if email in self else self._next(emails=(*self.emails, email))

    def with_entered(self, email: str) -> Self:
        """Count a manager who has just logged in."""
        return self if email in self.entered else self._next(entered=(*self.entered, email))

    def without_entry(self, email: str) -> Self:
        """Stop counting a manager, who keeps the role: all its proofs are deleted."""
        return self._next(entered=_without(self.entered, email)) if email in self.entered else self

    def without(self, email: str) -> Self:
        """Remove a manager."""
        if email not in self:
            return self
        return self._next(emails=_without(self.emails, email), entered=_without(self.entered, email))

    def _next(self, **changes: tuple[str, ...]) -> Self:
        return replace(self, version=secrets.token_hex(8), **changes)  # type: ignore[arg-type] # fields of this type


def _without(emails: tuple[str, ...], email: str) -> tuple[str, ...]:
    return tuple(other for other in emails if other != email)


# reader: reads its sites' files. secretary: acts on them. manager: all sites, staff and season. teacher: own courses.
Role = Literal["reader", "secretary", "manager", "teacher"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
# A right asked by a route. « staff »: all staff, with teachers.
Right = Literal["staff", "reader", "secretary", "manager", "teacher"]
_OPENED_BY: Final[dict[Right, frozenset[Role]]] = {
    "staff": frozenset(ROLES),
    "reader": frozenset({"reader", "secretary", "manager"}),
    "secretary": frozenset({"secretary", "manager"}),
    "manager": frozenset({"manager"}),
    "teacher": frozenset({"teacher"}),
}


def allows(role: Role, right: Right) -> bool:
    """Whether a role has a right."""
    return role in _OPENED_BY[right]


INVITATION_LASTS: Final = timedelta(hours=24)

# The changes of access to the desk by a member, or by a thief of their session. Each is notified by mail
# (`flows/staff/notices.py`). Made by the member or in its name, the last three by a manager.
AccessChange = Literal[
    "accepted", "agent", "password", "application", "recovery", "recovery_used", "passkey_added", "passkey_removed",
    "closed", "reopened", "role",
]  # fmt: skip
ACCESS_CHANGES: Final[tuple[AccessChange, ...]] = get_args(AccessChange)
_CHANGES_KEPT: Final = 10


@frozen
class StaffInvitation:
    """An unused link: the digest of its secret (empty until mailed), its end, and its author."""

    digest: str = field(repr=False)
    expires_at: datetime
    by: str = field(repr=False)

    def is_opened_by(self, secret: str, now: datetime) -> bool:
        """Whether the secret is its own, and it has not expired."""
        return now < self.expires_at and hmac.compare_digest(self.digest, link_digest(secret))


@frozen
class Totp:
    """The sealed secret shared with an authenticator, and the last time step accepted.

    A step's code works once (RFC 6238, 5.2): later codes must have a later step.
    """

    key: str = field(repr=False)  # base64url
    last_step: int = 0


@frozen
class Changed:
    """A change of a member's access, under a random name. If it is stored, the change was written."""

    what: AccessChange
    at: datetime
    name: str

    @classmethod
    def new(cls, kind: AccessChange, now: datetime) -> "Changed":
        """Make the record of a change about to be made."""
        return cls(kind, now, new_stamp())


MOST_VIEWS: Final = 12


@frozen
class SavedView:
    """A list of the desk under a member's own name: the address, with its filters and order."""

    name: str = field(repr=False)
    address: str = field(repr=False)


@frozen
class ShownColumns:
    """The columns that a member chose for a list of the desk, by the list's path."""

    path: str
    names: tuple[str, ...]


@frozen
class Member(Stored):
    """One member of staff, by e-mail address. `sites`: codes, empty for a manager, who has all.

    The manager's role also needs the network's list of managers (`Managers`): `role` alone is not enough.
    """

    email: str = field(repr=False)
    name: str = field(repr=False)
    role: Role
    sites: tuple[str, ...]
    stamp: str = field(repr=False)
    created_at: datetime
    disabled: bool = False
    invitation: StaffInvitation | None = None
    password: str | None = field(default=None, repr=False)  # Argon2id, encoded
    password_changed_at: datetime | None = None
    totp: Totp | None = None
    passkeys: tuple[Passkey, ...] = ()
    recovery: tuple[str, ...] = field(default=(), repr=False)  # digests of the unused recovery codes
    last_login: datetime | None = None
    agent: str = field(default="", repr=False)  # ProConnect's identifier of this person, since its first login there
    # Changed by each second factor and each manager's act, so that two uses of one code conflict, as do two
    # simultaneous acts, and none overwrites a member who has just logged in (`Managers.note_entry`).
    entry: str = field(default="", repr=False)
    logins: tuple[RecentLogin, ...] = ()  # of the last ten minutes, newest last
    browser_links: BrowserLinks = BrowserLinks()
    changes: tuple[Changed, ...] = ()  # the last ones, newest last
    views: tuple[SavedView, ...] = ()
    columns: tuple[ShownColumns, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether the invitation was accepted, and the access is open."""
        has_both = self.password is not None and bool(self.totp or self.passkeys)
        return not self.disabled and (has_both or bool(self.agent))

    @property
    def has_proofs(self) -> bool:
        """Whether the member has any proof to reset."""
        return self.password is not None or bool(self.agent)

    @property
    def known_as(self) -> str:
        """The name and address of a proven person, as in the audit trail."""
        return f"{self.name} <{self.email}>"

    @property
    def version(self) -> str:
        """A hash of the fields on a manager's page, to detect that they have changed since it was shown."""
        invited_until = self.invitation.expires_at.isoformat() if self.invitation else ""
        values = (self.role, *self.sites, str(self.disabled), str(self.has_proofs), invited_until)
        return hashlib.sha256("\0".join(values).encode()).hexdigest()[:16]

    def with_invitation(self, digest: str, by: str, now: datetime) -> "Member":
        """Invite, or invite again: earlier links stop working."""
        return replace(self, invitation=StaffInvitation(digest, now + INVITATION_LASTS, by), entry=new_stamp())

    def with_proofs(self, password: str, totp: Totp | None, passkeys: tuple[Passkey, ...], now: datetime) -> "Member":
        """Accept the invitation, with a password (encoded) and a second factor. Every earlier session ends."""
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
        """Record a login with both factors. The code and the half-open session are used up."""
        recent = tuple(before for before in self.logins if login.at - before.at < HALF_OPEN)
        return replace(self, last_login=login.at, entry=login.opened, logins=(*recent, login))

    def login_by(self, used: str) -> RecentLogin | None:
        """Find the login that used this up."""
        return next((login for login in self.logins if login.used == used), None)

    def with_change(self, change: Changed) -> "Member":
        """Record a change of access. Its notice is mailed after the write."""
        return replace(self, changes=(*self.changes, change)[-_CHANGES_KEPT:])

    def with_passkey(self, passkey: Passkey) -> "Member":
        """Add a passkey, or replace the same one."""
        other_passkeys = tuple(other for other in self.passkeys if other.id != passkey.id)
        return replace(self, passkeys=(*other_passkeys, passkey))

    def without_passkey(self, passkey_id: str) -> "Member":
        """Remove a passkey, if it exists."""
        return replace(self, passkeys=tuple(passkey for passkey in self.passkeys if passkey.id != passkey_id))

    def with_view(self, name: str, address: str = "") -> "Member":
        """Save a list under a name, in place of the one of that name. Without an address, drop it."""
        other_views = tuple(view for view in self.views if view.name != name)
        return replace(self, views=(*other_views, SavedView(name, address)) if address else other_views)

    def with_columns(self, path: str, names: tuple[str, ...]) -> "Member":
        """Show these columns in the list at a path."""
        columns = tuple(choice for choice in self.columns if choice.path != path)
        return replace(self, columns=(*columns, ShownColumns(path, names)))

    def without_proofs(self) -> "Member":
        """Remove every proof (a reset): sessions end, and only a new invitation gives access."""
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

    def with_disabled(self, *, is_disabled: bool) -> "Member":
        """Close the access, which ends its sessions, or open it again."""
        return replace(self, disabled=is_disabled, stamp=new_stamp(), entry=new_stamp(), invitation=None)

    def with_role(self, role: Role, sites: tuple[str, ...]) -> "Member":
        """Change the role and sites. It takes effect on the next page."""
        return replace(self, role=role, sites=() if role == "manager" else sites, entry=new_stamp())


def new_link_secret() -> str:
    """Make the secret of an invitation's link: 256 bits."""
    return secrets.token_urlsafe(32)


def link_digest(secret: str) -> str:
    """Hash an invitation's secret for storage."""
    return hashlib.sha256(secret.encode()).hexdigest()
