"""Bounces: a mail came back, or its reader calls it unwanted; the address is marked as failing on its account."""

from datetime import datetime

from chalicelib.domain.refusals import Overtaken, Unavailable
from chalicelib.mail.bounces import Bounce
from chalicelib.services import Services

_RACES = 5


def mark(services: Services, bounce: Bounce | None, request: str, now: datetime) -> None:
    """Mark the addresses on file that a mail about an account did not reach for good. Raises `Unavailable`.

    Delivered twice, it changes nothing the second time.
    """
    if bounce is None:
        services.record.write("bounce_dropped", now, request, reason="not_ours")
        return
    if bounce.failure is None:
        services.record.write("bounce_dropped", now, request, account=bounce.account, reason="transient")
        return
    for email in bounce.emails:
        _mark(services, bounce, email, request, now)


def _mark(services: Services, bounce: Bounce, email: str, request: str, now: datetime) -> None:
    pseudonyms = services.record.pseudonyms
    mailbox = pseudonyms.of_mailbox(email)
    for _ in range(_RACES):
        account = services.accounts.find(bounce.account)
        if account is None or bounce.failure is None or account.mailbox(mailbox, pseudonyms) is None:
            services.record.write("bounce_dropped", now, request, account=bounce.account, reason="unknown")
            return
        try:
            services.accounts.change(account, account.with_failing(mailbox, bounce.failure, pseudonyms, now))
        except Overtaken:
            continue
        services.record.write("mailbox_failing", now, request, account=account.ref, kind=bounce.failure)
        return
    raise Unavailable("the account keeps changing")
