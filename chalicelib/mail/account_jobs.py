"""The jobs of mails about an account and its logins."""

from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar, Literal

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.logins import opening_emails
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.mail.jobs import AccountJob, QueuedJob
from chalicelib.values import frozen


@frozen(kw_only=True)
class LostPassword(QueuedJob):
    """A password was asked for, by a normalised identifier and the pseudonym of the typed address."""

    kind: Literal["lost_password"] = "lost_password"
    identifier: str
    mailbox: str


@frozen(kw_only=True)
class LostIdentifier(QueuedJob):
    """The identifiers of an address were asked for, by its pseudonym."""

    kind: Literal["lost_identifier"] = "lost_identifier"
    mailbox: str


@frozen(kw_only=True)
class LoginCode(QueuedJob):
    """A code that proves a login was asked for: mail it. `question`: the signed request."""

    kind: Literal["sign_in_code"] = "sign_in_code"
    question: str


@frozen(kw_only=True)
class EmailCode(AccountJob):
    """The pending address of this name awaits its code: mail one, if it still does."""

    kind: Literal["email_code"] = "email_code"
    name: str


@frozen(kw_only=True)
class GuardianInvited(AccountJob):
    """A guardian is about to get this login: mail its password, if the family's account then has the login."""

    lasts: ClassVar[timedelta] = timedelta(days=4)  # as long as the queue keeps it
    can_wait: ClassVar[bool] = True

    kind: Literal["guardian_invited"] = "guardian_invited"


@frozen(kw_only=True)
class _AccessChange(AccountJob):
    """Access to an account is about to change."""

    lasts: ClassVar[timedelta] = timedelta.max  # mailed however late


@frozen(kw_only=True)
class PasswordChanged(_AccessChange):
    """A password is about to be written: notify this mailbox, if the account's trail then has it by this stamp."""

    kind: Literal["password_changed"] = "password_changed"
    mailbox: str
    stamp: str


@frozen(kw_only=True)
class EmailChanged(_AccessChange):
    """Addresses are about to change: notify this mailbox, if the account's trail then has this decision."""

    kind: Literal["email_changed"] = "email_changed"
    mailbox: str
    decision: str


@frozen(kw_only=True)
class MethodsChanged(_AccessChange):
    """Passkeys or links are about to change: notify this mailbox, if the account's trail then has this decision.

    `browser`: the kind of browser that asked, if known.
    """

    kind: Literal["ways_changed"] = "ways_changed"
    mailbox: str
    decision: str
    browser: str = ""


@frozen(kw_only=True)
class AccessFrozen(_AccessChange):
    """Mail a password to an account frozen by « Ce n'est pas moi », once this decision is stored."""

    kind: Literal["access_frozen"] = "access_frozen"
    decision: str


@frozen(kw_only=True)
class LoginAdded(_AccessChange):
    """A guardian is about to get a login: notify this mailbox of the family, if its trail then has this decision."""

    kind: Literal["login_added"] = "login_added"
    mailbox: str
    decision: str


@frozen(kw_only=True)
class DatumCorrected(_AccessChange):
    """The office is about to correct a datum: notify this mailbox, if the trail then has this decision.

    `action`, `owner`: of the datum (`office/helpdesk/corrections.py`).
    """

    kind: Literal["datum_corrected"] = "datum_corrected"
    mailbox: str
    action: str
    owner: str
    decision: str


@frozen(kw_only=True)
class IdentifierGiven(_AccessChange):
    """An identifier is about to become another family's: mail the former or the new family, once it has.

    `family`: the recipient, as a pseudonym. `former`: the sealed contact of a family whose account will be gone. Else
    `mailbox` is the new family's.
    """

    can_wait: ClassVar[bool] = True

    kind: Literal["identifier_given"] = "identifier_given"
    family: str
    former: str = ""
    mailbox: str = ""


@frozen
class LoginJobs:
    """The request for a login, of a page or a command, and its time. `decision`: its name in the trail."""

    request: str
    asked_at: datetime
    decision: str

    def invitation(self, login: AccountRef) -> GuardianInvited:
        """Make the job of the invitation."""
        return GuardianInvited(
            request=self.request, asked_at=self.asked_at, site=login.site, identifier=login.identifier
        )

    def all(self, family: Account, login: AccountRef, pseudonyms: Pseudonyms) -> tuple[QueuedJob, ...]:
        """Make the jobs of a login that the family is about to get."""
        ref = family.ref
        notice = partial(LoginAdded, request=self.request, asked_at=self.asked_at, site=ref.site)
        notices = (
            notice(identifier=ref.identifier, decision=self.decision, mailbox=pseudonyms.of_mailbox(email))
            for email in opening_emails(family)
        )
        return (self.invitation(login), *notices)
