"""The account: one value that holds all a login decides on, and the changes it may go through."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from chalicelib.domain.account import passwords
from chalicelib.domain.account.email_proof import PendingEmail
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.account.rate_limits import MAIL_OF_ACCOUNT
from chalicelib.domain.family.corrections import Confirmation, Correction
from chalicelib.domain.family.households import Household
from chalicelib.values import frozen

FAMILY: Final = "family"
GUARDIAN: Final = "guardian"  # the role of a guardian's own login
MAILED_LIFETIME = timedelta(hours=24)
MAILED_AT_MOST = 3

Origin = Literal["mailed", "chosen"]
Failure = Literal["bounced", "complained"]


@frozen
class AccountRef:
    """Which account: the site's code and the normalised identifier, the key of everything."""

    site: str
    identifier: str


@frozen
class Password:
    """The current password: its Argon2id hash, when and how it came."""

    hash: str = field(repr=False)
    changed_at: datetime
    origin: Origin


@frozen
class MailedPassword:
    """A mailed password not used yet: its digest (`passwords.digest`), its expiry, and the request it answers."""

    digest: str = field(repr=False)
    expires_at: datetime
    request: str


@frozen
class MailedLetter:
    """When a letter with a password left, and for which request: a request delivered twice counts once."""

    request: str
    at: datetime


@frozen
class FailingMailbox:
    """An address on file that mails do not reach: its pseudonym (`Pseudonyms.of_mailbox`), how, and since when."""

    mailbox: str
    kind: Failure
    at: datetime


@frozen
class Suppression:
    """That SES, whatever it takes, writes no more to an address: why, and since when."""

    kind: Failure
    at: datetime


def new_stamp() -> str:
    """Make a random value: sessions opened under another one are over."""
    return secrets.token_urlsafe(16)


@frozen
class View:
    """What one login may see of its family: who may be at the keyboard, and whose coordinates it is not told.

    `hidden`: the places of the other guardians; `shared_names`: its own guardian's name where another has it too.
    `login`: its identifier where it is a guardian's own, as `Guardian.login` has it; empty for the first.
    `own_address`: the guardian whose postal address stands in the family's place; nobody's where it is the family's.
    `secrets`: the other guardians' coordinates, word by word, for what was typed freely.
    """

    login: str
    present: tuple[str, ...]
    hidden: tuple[int, ...] = ()
    own_address: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    shared_names: frozenset[str] = frozenset()


@frozen
class Account:
    """The right of one family to log in at one site. Each change gives a new value; the store writes it, or not.

    A guardian's own login is an account too, of the role `GUARDIAN`, named after the guardian: it has what opens it,
    and nothing of the family, whose identifier is its `family` (`domain/account/logins.py`).
    """

    ref: AccountRef
    name: str
    emails: tuple[str, ...]
    stamp: str
    role: str = FAMILY
    disabled: bool = False
    password: Password | None = None
    mailed_passwords: tuple[MailedPassword, ...] = ()
    letters: tuple[MailedLetter, ...] = ()
    last_login: datetime | None = None
    display_identifier: str = ""  # the identifier as the administration writes it, for letters
    failing_mailboxes: tuple[FailingMailbox, ...] = ()
    household: Household = field(default_factory=Household)
    imported: tuple[tuple[str, str], ...] = ()  # of each field of the file, the digest of what it last said
    gone_at: datetime | None = None  # since when the administration's file lists it no more
    notices: tuple[Notice, ...] = ()  # one per campaign and mailbox
    corrections: tuple[Correction, ...] = ()  # the last changes of its coordinates, oldest first
    access_corrections: tuple[Correction, ...] = ()  # those of its e-mail addresses and password, a trail of their own
    correction_times: tuple[datetime, ...] = ()  # when its family corrected coordinates lately
    confirmed: Confirmation | None = None
    pending_email: PendingEmail | None = None
    code_times: tuple[datetime, ...] = ()  # when codes were asked for lately
    family: str = ""  # of a guardian's own login: the identifier of its family's account
    application: str = ""  # the number of the new request that it was made for
    separated_at: datetime | None = None  # since when no guardian is told the others' coordinates
    view: View | None = field(default=None, compare=False)  # set on an account as one login sees it, and never stored
    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # as it was read, if it was

    @property
    def is_newcomer(self) -> bool:
        """Whether a new request made it and no yearly file lists it yet: the re-enrolment is not about it."""
        return bool(self.application) and not self.imported

    def mailed_digest_of(self, typed: str, now: datetime) -> str | None:
        """Find the unexpired mailed password that was typed, in constant time per entry; None when there is none."""
        asked = passwords.digest(self.ref.site, self.ref.identifier, typed).encode()
        found = [
            m.digest
            for m in self.mailed_passwords
            if hmac.compare_digest(m.digest.encode(), asked) and m.expires_at > now
        ]
        return found[0] if found and not self.disabled else None

    def mailbox(self, pseudonym: str, pseudonyms: Pseudonyms) -> str | None:
        """Find the address on file that has this pseudonym."""
        return next((e for e in self.emails if pseudonyms.is_mailbox(pseudonym, e)), None)

    def with_login(self, now: datetime) -> "Account":
        """Remember the login; letters are counted anew, so that nobody can use up the way out of another.

        An address that nobody proved in time may be a stranger's: it is forgotten.
        """
        pending = self.pending_email if self.pending_email and self.pending_email.is_open(now) else None
        return replace(self, last_login=now, letters=self._letters_just_sent(now), pending_email=pending)

    def with_hash(self, hashed: str) -> "Account":
        """Keep the same password under newer Argon2 settings."""
        return replace(self, password=replace(self.password, hash=hashed)) if self.password else self

    def with_password(self, hashed: str, origin: Origin, now: datetime) -> "Account":
        """Take a new password: every mailed one is dropped and every session ends."""
        return replace(
            self,
            password=Password(hashed, now, origin),
            mailed_passwords=(),
            letters=self._letters_just_sent(now),
            stamp=new_stamp(),
            pending_email=None,
        )

    def may_be_mailed(self, request: str, now: datetime) -> bool:
        """Whether a letter may leave: one every 2 minutes and 6 a day; a request delivered again may go on."""
        known = any(letter.request == request for letter in self.letters)
        return known or MAIL_OF_ACCOUNT.waits_until(tuple(letter.at for letter in self.letters), now) is None

    def with_mailed_password(
        self, password: str, request: str, now: datetime, lifetime: timedelta = MAILED_LIFETIME
    ) -> "Account":
        """Add a mailed password beside the current one; the oldest gives way to the fourth.

        A request delivered again keeps one password of its own besides, whose letter may have left; it pushes out one
        of another request at most, however often it comes.
        """
        digest = passwords.digest(self.ref.site, self.ref.identifier, password)
        added = MailedPassword(digest, now + lifetime, request)
        unexpired = sorted((m for m in self.mailed_passwords if m.expires_at > now), key=lambda m: m.expires_at)
        own = [m for m in unexpired if m.request == request][-1:]
        others = [m for m in unexpired if m.request != request][1 - MAILED_AT_MOST + len(own) :]
        recent = tuple(
            letter for letter in self.letters if letter.request != request and letter.at > now - MAIL_OF_ACCOUNT.window
        )
        return replace(
            self,
            mailed_passwords=(*others, *own, added),
            letters=(*recent, MailedLetter(request, now)),
        )

    def with_failing_mailbox(self, mailbox: str, kind: Failure, pseudonyms: Pseudonyms, now: datetime) -> "Account":
        """Remember that mails do not reach an address; what was said of addresses no longer on file is dropped.

        The same news again changes nothing: « since when » stays.
        """
        on_file = {pseudonyms.of_mailbox(email) for email in self.emails}
        known = [failure for failure in self.failing_mailboxes if failure.mailbox in on_file]
        if any((failure.mailbox, failure.kind) == (mailbox, kind) for failure in known):
            return self
        others = [failure for failure in known if failure.mailbox != mailbox]
        return replace(self, failing_mailboxes=(*others, FailingMailbox(mailbox, kind, now)))

    def without_failing_mailbox(self, mailbox: str, now: datetime) -> "Account":
        """Forget what was said of an address until now: it works again. What comes later stays."""
        return replace(
            self,
            failing_mailboxes=tuple(
                failure for failure in self.failing_mailboxes if failure.mailbox != mailbox or failure.at > now
            ),
        )

    def notices_of(self, campaign: str) -> tuple[Notice, ...]:
        """List what a campaign has told it, mailbox by mailbox."""
        return tuple(notice for notice in self.notices if notice.campaign == campaign)

    def notice_at(self, campaign: str, mailbox: str) -> Notice | None:
        """Find what a campaign has told it at one mailbox."""
        return next((notice for notice in self.notices_of(campaign) if notice.mailbox == mailbox), None)

    def with_notice(self, notice: Notice) -> "Account":
        """Remember what a campaign has told it now at a mailbox."""
        cleared = self.without_notice(notice.campaign, notice.mailbox)
        return replace(cleared, notices=(*cleared.notices, notice))

    def without_notice(self, campaign: str, mailbox: str) -> "Account":
        """Forget a notice that certainly did not leave."""
        return replace(
            self,
            notices=tuple(
                notice for notice in self.notices if (notice.campaign, notice.mailbox) != (campaign, mailbox)
            ),
        )

    def reachable(self, pseudonyms: Pseudonyms) -> tuple[str, ...]:
        """List the addresses on file that mails reach, as far as is known."""
        failing = {failure.mailbox for failure in self.failing_mailboxes}
        return tuple(email for email in self.emails if pseudonyms.of_mailbox(email) not in failing)

    def _letters_just_sent(self, now: datetime) -> tuple[MailedLetter, ...]:
        return tuple(letter for letter in self.letters if letter.at > now - MAIL_OF_ACCOUNT.waits[0])

    def with_disabled(self, *, disabled: bool) -> "Account":
        """Disable or enable; either way every session ends."""
        return replace(self, disabled=disabled, stamp=new_stamp())
