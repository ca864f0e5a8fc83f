"""The jobs of mails about a re-enrolment."""

from datetime import timedelta
from typing import ClassVar, Literal

from chalicelib.mail.jobs import AccountJob
from chalicelib.values import frozen


@frozen(kw_only=True)
class _EnrolmentJob(AccountJob):
    """A mail about a re-enrolment, to one mailbox. It is still useful days later, so it outlasts any failure."""

    lasts: ClassVar[timedelta] = timedelta(days=4)  # as long as the queue keeps it
    can_wait: ClassVar[bool] = True

    season: str
    mailbox: str


@frozen(kw_only=True)
class EnrolmentSubmitted(_EnrolmentJob):
    """A re-enrolment is about to be sent: mail its receipt, if it then has one of this number."""

    kind: Literal["enrolment_submitted"] = "enrolment_submitted"
    receipt: str


@frozen(kw_only=True)
class EnrolmentExtended(_EnrolmentJob):
    """The office is about to give a family more time: mail it, if the account then has this last day."""

    kind: Literal["enrolment_extended"] = "enrolment_extended"
    until: str  # ISO


@frozen(kw_only=True)
class EnrolmentDecided(_EnrolmentJob):
    """The office is about to decide on a pupil, by key: mail it, if that very decision is then stored.

    `decision`: as a pseudonym, since the office's words are confidential.
    """

    kind: Literal["enrolment_decided"] = "enrolment_decided"
    pupil: str
    decision: str
