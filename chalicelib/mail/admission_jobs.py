"""The jobs of applications' mails, which no family's function loads."""

from datetime import timedelta
from typing import ClassVar, Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.admission.applications import ApplicationRef
from chalicelib.mail.jobs import QueuedJob
from chalicelib.values import frozen

TRACKED_AT: Final = "demande"  # in the place of a site: no site has this code
Answer = Literal["taken", "declined"]
OfferEvent = Literal["offered", "expired"]


@frozen(kw_only=True)
class AdmissionCode(QueuedJob):
    """An applicant asks for a place, or for the status of an application: mail a code. `question`: signed."""

    kind: Literal["admission_code"] = "admission_code"
    question: str


@frozen(kw_only=True)
class AdmissionDecided(QueuedJob):
    """The office decided on a candidate: mail it. `mailbox`: a pseudonym. `candidate`: its key.

    `decision`: of this mail. A decision that was never written, or is not the last, is not mailed.
    """

    lasts: ClassVar[timedelta] = timedelta.max  # mailed however late
    can_wait: ClassVar[bool] = True

    kind: Literal["admission_decided"] = "admission_decided"
    mailbox: str
    season: str
    candidate: str
    decision: str


@frozen(kw_only=True)
class AdmissionSubmitted(QueuedJob):
    """An application is about to be sent: mail its receipt, if it was, under this number and at this time."""

    lasts: ClassVar[timedelta] = timedelta.max  # a receipt is mailed however late
    can_wait: ClassVar[bool] = True  # the sender already reads its page, unlike codes and passwords

    kind: Literal["admission_submitted"] = "admission_submitted"
    mailbox: str
    season: str
    number: str


@frozen(kw_only=True)
class AdmissionAnswered(QueuedJob):
    """An offer is about to be taken or declined: mail it, if it was. `offer`: the name of the offer in its pool."""

    lasts: ClassVar[timedelta] = timedelta.max  # mailed however late

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
    """Candidates are about to be withdrawn: mail it, if they were, at this very time."""

    lasts: ClassVar[timedelta] = timedelta.max  # mailed however late

    kind: Literal["admission_withdrawn"] = "admission_withdrawn"
    mailbox: str
    season: str


@frozen(kw_only=True)
class AdmissionOffer(QueuedJob):
    """An offer is about to be made, or to expire: mail it, if it did. `offer`: the name of the offer in its pool."""

    lasts: ClassVar[timedelta] = timedelta.max  # mailed however late, an offer only while it may be answered
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
    """Name an application in the tags of SES, which returns them with delivery events. No account has this name."""
    return AccountRef(TRACKED_AT, f"{ref.season}-{ref.mailbox}")
