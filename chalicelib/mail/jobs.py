"""What is dropped in the post box: enough to write a letter later, and nothing worth stealing."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar, Literal

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.logins import opening_emails
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.values import frozen


class NotConfirmedYet(Exception):
    """What a job tells of is not written, or not yet: look again later."""


@frozen(kw_only=True)
class QueuedJob:
    """Any job: the other kinds of jobs are of applications (`admission_jobs.py`)."""

    lasts: ClassVar[timedelta] = timedelta(hours=1)
    can_wait: ClassVar[bool] = False  # nobody sits before a page until this mail comes: it is queued apart

    request: str  # the id of the HTTP request, or of the command, for the record
    asked_at: datetime

    def is_stale(self, now: datetime) -> bool:
        """Whether nobody waits for it any more."""
        return now - self.asked_at > self.lasts

    def to_json(self) -> str:
        """Write it as it waits in the queue, where `work/post.py` reads it."""
        told = {name: _written(value) for name, value in asdict(self).items()}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _written(value: object) -> object:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


@frozen(kw_only=True)
class LostPassword(QueuedJob):
    """Somebody asked for a password: the identifier as normalised, and the pseudonym of the address typed."""

    kind: Literal["lost_password"] = "lost_password"
    identifier: str
    mailbox: str


@frozen(kw_only=True)
class LostIdentifier(QueuedJob):
    """Somebody asked which identifiers an address has: by the pseudonym of the one typed."""

    kind: Literal["lost_identifier"] = "lost_identifier"
    mailbox: str


@frozen(kw_only=True)
class PasswordChanged(QueuedJob):
    """Another password is about to be written: tell this mailbox, if the account's trail then has it by this stamp."""

    lasts: ClassVar[timedelta] = timedelta.max  # told however late

    kind: Literal["password_changed"] = "password_changed"
    site: str
    identifier: str
    mailbox: str
    stamp: str


@frozen(kw_only=True)
class EmailCode(QueuedJob):
    """An address waits for its code under this name, on the account: mail one to it, if it still does."""

    kind: Literal["email_code"] = "email_code"
    site: str
    identifier: str
    name: str


@frozen(kw_only=True)
class EmailChanged(QueuedJob):
    """A change of addresses is about to be written: tell this mailbox, if the account then keeps this decision."""

    lasts: ClassVar[timedelta] = timedelta.max  # told however late

    kind: Literal["email_changed"] = "email_changed"
    site: str
    identifier: str
    mailbox: str
    decision: str


@frozen(kw_only=True)
class AccessFrozen(QueuedJob):
    """An account is about to be frozen by « Ce n'est pas moi »: mail a password, if it is then, by this decision."""

    lasts: ClassVar[timedelta] = timedelta.max  # told however late

    kind: Literal["access_frozen"] = "access_frozen"
    site: str
    identifier: str
    decision: str


@frozen(kw_only=True)
class GuardianInvited(QueuedJob):
    """A guardian is about to have a login of its own: mail it a password, if its family's account then says so."""

    lasts: ClassVar[timedelta] = timedelta(days=4)  # as long as the queue keeps it
    can_wait: ClassVar[bool] = True

    kind: Literal["guardian_invited"] = "guardian_invited"
    site: str
    identifier: str  # of the login


@frozen(kw_only=True)
class LoginAdded(QueuedJob):
    """A guardian is about to have a login of its own: tell this mailbox of the family, if this decision then stands."""

    lasts: ClassVar[timedelta] = timedelta.max  # told however late

    kind: Literal["login_added"] = "login_added"
    site: str
    identifier: str  # of the family
    mailbox: str
    decision: str


@frozen(kw_only=True)
class IdentifierGiven(QueuedJob):
    """An identifier is about to become another family's. Mails the former or the new family once it has.

    `family`: the one that is told, by a pseudonym. `former`: sealed, how to reach a family whose account will be gone;
    else `mailbox` is the new one's.
    """

    lasts: ClassVar[timedelta] = timedelta.max  # told however late
    can_wait: ClassVar[bool] = True

    kind: Literal["identifier_given"] = "identifier_given"
    site: str
    identifier: str
    family: str
    former: str = ""
    mailbox: str = ""


@frozen(kw_only=True)
class CampaignNotice(QueuedJob):
    """A campaign tells the families of one mailbox, each by its site and identifier, in their order.

    `again`: the office decided to write once more where, before it asked, nobody could say whether the mail left.
    """

    can_wait: ClassVar[bool] = True

    kind: Literal["notice"] = "notice"
    campaign: str
    mailbox: str
    accounts: tuple[tuple[str, str], ...]
    again: bool = False


@frozen(kw_only=True)
class _EnrolmentJob(QueuedJob):
    """A mail about a re-enrolment, to one mailbox: as good days late as at once, so it waits out any failure."""

    lasts: ClassVar[timedelta] = timedelta(days=4)  # as long as the queue keeps it
    can_wait: ClassVar[bool] = True

    site: str
    identifier: str
    season: str
    mailbox: str


@frozen(kw_only=True)
class EnrolmentSubmitted(_EnrolmentJob):
    """A re-enrolment is about to be sent: mail its receipt, if the re-enrolment then holds one of this number."""

    kind: Literal["enrolment_submitted"] = "enrolment_submitted"
    receipt: str


@frozen(kw_only=True)
class EnrolmentDecided(_EnrolmentJob):
    """The office is about to decide of a pupil, by its key: tell, if that very decision then stands.

    `decision`: its pseudonym, for the office's words are nobody else's.
    """

    kind: Literal["enrolment_decided"] = "enrolment_decided"
    pupil: str
    decision: str


Job = (
    LostPassword
    | LostIdentifier
    | PasswordChanged
    | EmailCode
    | EmailChanged
    | AccessFrozen
    | GuardianInvited
    | LoginAdded
    | IdentifierGiven
    | CampaignNotice
    | EnrolmentSubmitted
    | EnrolmentDecided
)


@frozen
class LoginJobs:
    """Who asks for a login, and when: a request of a page or of a command; `decision`: its name in the trail."""

    request: str
    asked_at: datetime
    decision: str

    def invitation(self, login: AccountRef) -> GuardianInvited:
        """Make the job of the mail that invites."""
        return GuardianInvited(
            request=self.request, asked_at=self.asked_at, site=login.site, identifier=login.identifier
        )

    def all(self, family: Account, login: AccountRef, pseudonyms: Pseudonyms) -> tuple[Job, ...]:
        """Make the jobs of a login that is about to be the family's."""
        ref = family.ref
        notice = partial(LoginAdded, request=self.request, asked_at=self.asked_at, site=ref.site)
        notices = (
            notice(identifier=ref.identifier, decision=self.decision, mailbox=pseudonyms.of_mailbox(email))
            for email in opening_emails(family)
        )
        return (self.invitation(login), *notices)
