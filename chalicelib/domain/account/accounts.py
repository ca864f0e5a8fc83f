"""The account: one value with all that a login decides on, and the changes it may go through."""

import hmac
import secrets
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from typing import Annotated, Final, Literal, TypeVar

from chalicelib.domain.account import passwords
from chalicelib.domain.account.email_proof import PendingEmail
from chalicelib.domain.account.login_methods import IdentityLink, Passkey
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.account.rate_limits import MAIL_OF_ACCOUNT
from chalicelib.domain.family.corrections import Confirmation, Correction
from chalicelib.domain.family.extensions import Extension
from chalicelib.domain.family.households import Household
from chalicelib.values import Stored, frozen

FAMILY: Final = "family"
GUARDIAN: Final = "guardian"  # the role of a guardian's own login
ALIAS: Final = "alias"  # the role of a further identifier of a family: it has no password, and names its `family`
CANARY: Final = "canary"  # the role of the fictitious family by which `make canary` watches a stage: in no list
REHEARSED: Final = "rehearsed"  # the role of the fictitious families of a rehearsed opening: in no list either
MAILED_LIFETIME = timedelta(hours=24)
MAILED_AT_MOST = 3

Origin = Literal["mailed", "chosen"]
Failure = Literal["bounced", "complained"]
Exclusion = Literal["disabled", "gone", "newcomer"]

T = TypeVar("T")
# Each stored field of an account declares if a restore gives it back (`operations/restore`, record 119).
Data = Annotated[T, "data"]  # its former value comes back
Access = Annotated[T, "access"]  # a proof of a login, or a decision on who may log in: it stays as it is now


@frozen
class AccountRef:
    """The key of an account, and of everything else: the site's code and the normalised identifier."""

    site: str
    identifier: str


@frozen
class Password:
    """The current password: its Argon2id hash, when it was set and how."""

    hash: str = field(repr=False)
    changed_at: datetime
    origin: Origin


@frozen
class MailedPassword:
    """An unused mailed password: its digest (`passwords.digest`), its expiry, and the request it answers."""

    digest: str = field(repr=False)
    expires_at: datetime
    request: str


@frozen
class MailedLetter:
    """When a letter with a password was sent, and for which request. A request delivered twice counts once."""

    request: str
    at: datetime


@frozen
class FailingMailbox:
    """An address on file that bounces or complains: its pseudonym (`Pseudonyms.of_mailbox`), the failure, the time."""

    mailbox: str
    kind: Failure
    at: datetime


@frozen
class Suppression:
    """An address that SES no longer sends to: why, and since when."""

    kind: Failure
    at: datetime


def new_stamp() -> str:
    """Make a random stamp. Sessions opened under another stamp are over."""
    return secrets.token_urlsafe(16)


@frozen
class View:
    """The view of one login on the family: its possible speakers, and the coordinates hidden from it.

    `hidden`: the places of the other guardians. `shared_names`: the guardian's name if another guardian has it too.
    `login`: its identifier if it is a guardian's own, as in `Guardian.login`. Empty for the first login.
    `own_address`: the guardian whose postal address replaces the family's. Empty if the family's is shown.
    `secrets`: the other guardians' coordinates, word by word, to hide in free text.
    """

    login: str
    present: tuple[str, ...]
    hidden: tuple[int, ...] = ()
    own_address: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    shared_names: frozenset[str] = frozenset()


@frozen
class Account(Stored):
    """The right of one family to log in at one site. Each change makes a new value, which the store writes if it can.

    A guardian's own login is an account too, of the role `GUARDIAN`, named after the guardian. It has its own password
    and no data of the family, whose identifier is its `family` (`domain/account/logins.py`).
    """

    ref: AccountRef
    name: Data[str]
    emails: Data[tuple[str, ...]]
    stamp: Access[str]
    role: Data[str] = FAMILY
    disabled: Access[bool] = False
    password: Access[Password | None] = None
    passkeys: Access[tuple[Passkey, ...]] = ()
    links: Access[tuple[IdentityLink, ...]] = ()
    mailed_passwords: Access[tuple[MailedPassword, ...]] = ()
    letters: Access[tuple[MailedLetter, ...]] = ()
    last_login: Access[datetime | None] = None
    display_identifier: Data[str] = ""  # the identifier as the administration writes it, for letters
    failing_mailboxes: Data[tuple[FailingMailbox, ...]] = ()
    household: Data[Household] = field(default_factory=Household)
    imported: Data[tuple[tuple[str, str], ...]] = ()  # for each field of the file, the digest of its last value there
    gone_at: Data[datetime | None] = None  # since when the administration's file no longer lists it
    notices: Data[tuple[Notice, ...]] = ()  # one per campaign and mailbox
    corrections: Data[tuple[Correction, ...]] = ()  # the last changes of its coordinates, oldest first
    access_corrections: Access[
        tuple[Correction, ...]
    ] = ()  # changes of e-mail addresses and password, in their own trail
    correction_times: Data[tuple[datetime, ...]] = ()  # the family's recent corrections of its coordinates
    confirmed: Data[Confirmation | None] = None
    pending_email: Access[PendingEmail | None] = None
    code_times: Access[tuple[datetime, ...]] = ()  # the recent requests for codes
    family: Data[str] = ""  # for a guardian's own login, or an alias: the identifier of the family's account
    aliases: Access[tuple[str, ...]] = ()  # its further identifiers, in the order given (`domain/account/aliases.py`)
    former_aliases: Access[tuple[str, ...]] = ()  # those that open it no longer, so that an erasure finds their items
    merging_into: Access[str] = ""  # the account that it is being merged into, or by then an alias of
    merging_from: Access[str] = ""  # the account that is being merged into it (`domain/account/mergers.py`)
    application: Data[str] = ""  # the number of the application that created it
    separated_at: Access[datetime | None] = None  # since when each guardian's coordinates are hidden from the others
    rehearsed_on: Data[date | None] = None  # of the role `REHEARSED`: the first day of its own period
    extension: Data[Extension | None] = None  # more time to re-enrol
    view: View | None = field(default=None, compare=False)  # set on an account as one login sees it, never stored

    @property
    def is_merging(self) -> bool:
        """Whether it is being merged with another account: until that is done, no other act changes its people."""
        return bool(self.merging_into or self.merging_from)

    @property
    def is_newcomer(self) -> bool:
        """Whether it comes from an application and no yearly file lists it yet: it has nothing to re-enrol."""
        return bool(self.application) and not self.imported

    @property
    def exclusion(self) -> Exclusion | None:
        """Why it is outside the season: disabled, gone from the yearly file, or not listed in it yet."""
        if self.disabled:
            return "disabled"
        if self.gone_at:
            return "gone"
        return "newcomer" if self.is_newcomer else None

    @property
    def is_activated(self) -> bool:
        """Whether it ever had a password, chosen or mailed, used or not, or has another login method."""
        return bool(self.password or self.has_login_methods or self.mailed_passwords or self.letters)

    @property
    def has_login_methods(self) -> bool:
        """Whether a passkey or FranceConnect opens it, with a password or without."""
        return bool(self.passkeys or self.links)

    def mailed_digest_of(self, password: str, now: datetime) -> str | None:
        """Find the digest of an unexpired mailed password, in constant time per entry. None if none matches."""
        digest = passwords.digest(self.ref.site, self.ref.identifier, password).encode()
        digests = [
            m.digest
            for m in self.mailed_passwords
            if hmac.compare_digest(m.digest.encode(), digest) and m.expires_at > now
        ]
        return digests[0] if digests and not self.disabled else None

    def mailbox(self, pseudonym: str, pseudonyms: Pseudonyms) -> str | None:
        """Find the address on file that has this pseudonym."""
        return next((e for e in self.emails if pseudonyms.is_mailbox(pseudonym, e)), None)

    def with_login(self, now: datetime) -> "Account":
        """Record the login and restart the count of letters, so that no stranger can use up the family's limit.

        An unproven address that has expired is forgotten: it may be a stranger's.
        """
        pending = self.pending_email if self.pending_email and self.pending_email.is_open(now) else None
        return replace(self, last_login=now, letters=self._letters_just_sent(now), pending_email=pending)

    def with_hash(self, password_hash: str) -> "Account":
        """Keep the same password under newer Argon2 settings."""
        return replace(self, password=replace(self.password, hash=password_hash)) if self.password else self

    def with_password(self, password_hash: str, origin: Origin, now: datetime) -> "Account":
        """Set a new password, drop all mailed ones and end every session."""
        return replace(
            self,
            password=Password(password_hash, now, origin),
            mailed_passwords=(),
            letters=self._letters_just_sent(now),
            stamp=new_stamp(),
            pending_email=None,
        )

    def with_passkey(self, passkey: Passkey) -> "Account":
        """Add a passkey, or replace it after a use."""
        other_passkeys = tuple(other for other in self.passkeys if other.id != passkey.id)
        return replace(self, passkeys=(*other_passkeys, passkey))

    def with_link(self, link: IdentityLink) -> "Account":
        """Add a link to FranceConnect, or replace it after a use."""
        other_links = tuple(other for other in self.links if other.subject != link.subject)
        return replace(self, links=(*other_links, link))

    def without_login_method(self, name: str) -> "Account":
        """Remove the passkey of this id or the link of this subject, and end every session. Idempotent."""
        passkeys = tuple(passkey for passkey in self.passkeys if passkey.id != name)
        links = tuple(link for link in self.links if link.subject != name)
        if (passkeys, links) == (self.passkeys, self.links):
            return self
        return replace(self, passkeys=passkeys, links=links, stamp=new_stamp())

    def without_login_methods(self) -> "Account":
        """Remove every passkey and link, and end every session. Idempotent."""
        return replace(self, passkeys=(), links=(), stamp=new_stamp()) if self.has_login_methods else self

    def may_be_mailed(self, request: str, now: datetime) -> bool:
        """Whether a letter may be sent: one every 2 minutes and 6 a day. A redelivered request may go on."""
        is_known = any(letter.request == request for letter in self.letters)
        return is_known or MAIL_OF_ACCOUNT.waits_until(tuple(letter.at for letter in self.letters), now) is None

    def with_mailed_password(
        self, password: str, request: str, now: datetime, lifetime: timedelta = MAILED_LIFETIME
    ) -> "Account":
        """Add a mailed password beside the current one. The fourth replaces the oldest.

        A redelivered request also keeps one earlier password of its own, whose letter may have been sent. It replaces
        at most one password of another request, however often it is redelivered.
        """
        digest = passwords.digest(self.ref.site, self.ref.identifier, password)
        new_password = MailedPassword(digest, now + lifetime, request)
        passwords_left = sorted((m for m in self.mailed_passwords if m.expires_at > now), key=lambda m: m.expires_at)
        same_request = [m for m in passwords_left if m.request == request][-1:]
        other_requests = [m for m in passwords_left if m.request != request][1 - MAILED_AT_MOST + len(same_request) :]
        recent = tuple(
            letter for letter in self.letters if letter.request != request and letter.at > now - MAIL_OF_ACCOUNT.window
        )
        return replace(
            self,
            mailed_passwords=(*other_requests, *same_request, new_password),
            letters=(*recent, MailedLetter(request, now)),
        )

    def with_failing_mailbox(self, mailbox: str, kind: Failure, pseudonyms: Pseudonyms, now: datetime) -> "Account":
        """Record that mails to an address fail, and drop failures of addresses no longer on file.

        Idempotent: the same failure again keeps its first date.
        """
        on_file = {pseudonyms.of_mailbox(email) for email in self.emails}
        failures = [failure for failure in self.failing_mailboxes if failure.mailbox in on_file]
        if any((failure.mailbox, failure.kind) == (mailbox, kind) for failure in failures):
            return self
        other_failures = [failure for failure in failures if failure.mailbox != mailbox]
        return replace(self, failing_mailboxes=(*other_failures, FailingMailbox(mailbox, kind, now)))

    def without_failing_mailbox(self, mailbox: str, now: datetime) -> "Account":
        """Forget the failures of an address up to now, as it works again. Later ones stay."""
        return replace(
            self,
            failing_mailboxes=tuple(
                failure for failure in self.failing_mailboxes if failure.mailbox != mailbox or failure.at > now
            ),
        )

    def notices_of(self, campaign: str) -> tuple[Notice, ...]:
        """List the notices of a campaign, one per mailbox."""
        return tuple(notice for notice in self.notices if notice.campaign == campaign)

    def notice_at(self, campaign: str, mailbox: str) -> Notice | None:
        """Find the notice of a campaign at one mailbox."""
        return next((notice for notice in self.notices_of(campaign) if notice.mailbox == mailbox), None)

    def with_notice(self, notice: Notice) -> "Account":
        """Add or replace the notice of a campaign at a mailbox."""
        account = self.without_notice(notice.campaign, notice.mailbox)
        return replace(account, notices=(*account.notices, notice))

    def without_notice(self, campaign: str, mailbox: str) -> "Account":
        """Forget a notice that was certainly not sent."""
        return replace(
            self,
            notices=tuple(
                notice for notice in self.notices if (notice.campaign, notice.mailbox) != (campaign, mailbox)
            ),
        )

    def reachable(self, pseudonyms: Pseudonyms) -> tuple[str, ...]:
        """List the addresses on file without a known failure."""
        failing = {failure.mailbox for failure in self.failing_mailboxes}
        return tuple(email for email in self.emails if pseudonyms.of_mailbox(email) not in failing)

    def _letters_just_sent(self, now: datetime) -> tuple[MailedLetter, ...]:
        return tuple(letter for letter in self.letters if letter.at > now - MAIL_OF_ACCOUNT.waits[0])

    def with_disabled(self, *, is_disabled: bool) -> "Account":
        """Disable or enable the account. Either ends every session."""
        return replace(self, disabled=is_disabled, stamp=new_stamp())
