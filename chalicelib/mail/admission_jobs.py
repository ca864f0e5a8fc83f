"""The jobs of new requests' mails: known to the post and to what posts them, and to no family's function."""

from datetime import timedelta
from typing import ClassVar, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.admission.applications import ApplicationRef
from chalicelib.mail.jobs import QueuedJob
from chalicelib.values import frozen


@frozen(kw_only=True)
class AdmissionCode(QueuedJob):
    """Somebody asks for a place, or where its request stands: mail a code. What was typed is sealed."""

    kind: Literal["admission_code"] = "admission_code"
    question: str


@frozen(kw_only=True)
class AdmissionSubmitted(QueuedJob):
    """An application is about to be sent: mail its receipt, if it then was, under this number and at this moment."""

    lasts: ClassVar[timedelta] = timedelta.max  # a receipt is told however late

    kind: Literal["admission_submitted"] = "admission_submitted"
    mailbox: str
    season: str
    number: str


AdmissionJob = AdmissionCode | AdmissionSubmitted


def tracked_as(ref: ApplicationRef) -> AccountRef:
    """Name an application to SES, which brings the name back with what became of a mail: no account is called so."""
    return AccountRef("demande", f"{ref.season}-{ref.mailbox}")
