"""The mail of a payment received, to the address that it was begun with."""

from datetime import datetime
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.aliases import data_ref
from chalicelib.domain.account.separation import as_addressed
from chalicelib.services.family import Services
from chalicelib.services.mails import ConfirmedMail, DescribedMail, account_facts
from chalicelib.wings.payment.mail import PaymentReceived
from chalicelib.wings.payment.stores import PaymentStore


def _prove(services: Services, job: PaymentReceived, now: datetime) -> ConfirmedMail | None:
    """Check that the payment was noted: the job is posted before the write, and may come twice."""
    ref = AccountRef(job.site, job.identifier)
    lookups = services.accounts.lookup(ref), services.store(PaymentStore).lookup(ref)
    account, payments = services.database.read_together(*lookups)
    attempt = payments.by_code(job.attempt)
    if account and attempt is None and (now_at := data_ref(account)) != ref:
        return _prove(services, PaymentReceived(**{**vars(job), "identifier": now_at.identifier}), now)
    if account is None or attempt is None or not attempt.is_received:
        return None
    email = account.mailbox(job.mailbox, services.record.pseudonyms)
    facts = {
        "site": services.settings.network.site(ref.site),
        "account": as_addressed(account, email) if email else account,
        "attempt": attempt,
    }
    return ConfirmedMail(ref, email, "payment_received", facts, ("payment", job.attempt))


def _about(services: Services, job: PaymentReceived, reason: str) -> dict[str, Any]:
    return account_facts(services, job, reason) | {"wing": "payment"}


MAIL: Final = DescribedMail[PaymentReceived]((PaymentReceived,), _prove, "wing_mailed", "wing_mail_dropped", _about)
