"""The jobs of applications' mails: known to the post and to what posts them, and to no family's function."""

from datetime import timedelta
from typing import ClassVar, Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.admission.applications import ApplicationRef
from chalicelib.mail.jobs import QueuedJob
from chalicelib.values import frozen

TRACKED_AT: Final = "demande"  # in the place of a site: none has this code
Answer = Literal["taken", "declined"]
OfferEvent = Literal["offered", "expired"]


@frozen(kw_only=True)
class AdmissionCode(QueuedJob):
    """Somebody asks for a place, or where its application stands: mail a code. What was typed is signed."""

    kind: Literal["admission_code"] = "admission_code"
    question: str


@frozen(kw_only=True)
class AdmissionDecided(QueuedJob):
    """The office decided of a candidate: `mailbox`, `season` and `candidate` name it, by pseudonym and key.

    `decision` tells which decision it was: one that was never written, or is not the last, is not mailed.
    """

    lasts: ClassVar[timedelta] = timedelta.max  # told however late
    can_wait: ClassVar[bool] = True

    kind: Literal["admission_decided"] = "admission_decided"
    mailbox: str
    season: str
    candidate: str
    decision: str


@frozen(kw_only=True)
class AdmissionSubmitted(QueuedJob):
    """An application is about to be sent: mail its receipt, if it then was, under this number and at this moment."""

    lasts: ClassVar[timedelta] = timedelta.max  # a receipt is told however late
    can_wait: ClassVar[bool] = True  # its page is before who sent it; codes and passwords never wait for it

    kind: Literal["admission_submitted"] = "admission_submitted"
    mailbox: str
    season: str
    number: str


@frozen(kw_only=True)
class AdmissionAnswered(QueuedJob):
    """An offer is about to be taken or declined: mail it, if it then was. `offer` names that very offer of a pool."""

    lasts: ClassVar[timedelta] = timedelta.max  # told however late

    kind: Literal["admission_answered"] = "admission_answered"
    mailbox: str
    season: str
    candidate: str
    site: str
    pool: str
    offer: str
    answer: Answer


@frozen(kw_only=True)
class AdmissionWithdrawn(QueuedJob):
    """Candidates are about to be withdrawn: mail it, if they then were, at this very moment."""

    lasts: ClassVar[timedelta] = timedelta.max  # told however late

    kind: Literal["admission_withdrawn"] = "admission_withdrawn"
    mailbox: str
    season: str


@frozen(kw_only=True)
class AdmissionOffer(QueuedJob):
    """An offer is about to be made, or to be taken back at its term: tell it, if it then was.

    `offer` names that very offer of a pool.
    """

    lasts: ClassVar[timedelta] = timedelta.max  # told however late; an offer only while it may be answered
    can_wait: ClassVar[bool] = True

    kind: Literal["admission_offer"] = "admission_offer"
    mailbox: str
    season: str
    candidate: str
    site: str
    pool: str
    offer: str
    event: OfferEvent


AdmissionJob = (
    AdmissionCode | AdmissionDecided | AdmissionSubmitted | AdmissionAnswered | AdmissionWithdrawn | AdmissionOffer
)


def tracked_as(ref: ApplicationRef) -> AccountRef:
    """Name an application to SES, which brings the name back with what became of a mail: no account is called so."""
    return AccountRef(TRACKED_AT, f"{ref.season}-{ref.mailbox}")
