"""The jobs of payments: questions to the service, each posted by the one before, and the mail of a payment."""

from datetime import datetime, timedelta
from typing import ClassVar, Final, Literal

from chalicelib.mail.jobs import AccountJob
from chalicelib.values import frozen

# SQS allows 15 minutes, but an alarm rings when a queue's oldest job is ten minutes old (resources.yaml).
MAX_DELAY: Final = timedelta(minutes=9)


@frozen(kw_only=True)
class PaymentQuestion(AccountJob):
    """An attempt is about to begin: ask for its result at `due_at`, and again until it has its end.

    `once`: a question beside these, after a notification or of the office.
    """

    lasts: ClassVar[timedelta] = timedelta(days=4)  # as long as the queue keeps it

    kind: Literal["payment_question"] = "payment_question"
    attempt: str  # its code
    due_at: datetime
    once: bool = False


@frozen(kw_only=True)
class PaymentReceived(AccountJob):
    """An attempt is about to be noted as paid: mail one address on file, by its pseudonym."""

    lasts: ClassVar[timedelta] = timedelta(days=4)
    can_wait: ClassVar[bool] = True

    kind: Literal["payment_received"] = "payment_received"
    attempt: str
    mailbox: str
