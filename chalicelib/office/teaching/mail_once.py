"""A mail sent once, however often its job is delivered: claimed, sent, confirmed (`stores/notices.py`)."""

from datetime import datetime
from typing import Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import Unanswered, Unavailable, Undeliverable
from chalicelib.mail.jobs import NotConfirmedYet
from chalicelib.mail.letters import Letter
from chalicelib.mail.mailer import Mailer
from chalicelib.stores.notices import AlreadyMailed, BeingMailed, Deliveries

DeliveryResult = Literal["mailed", "already", "undeliverable"]


def mail_once(  # noqa: PLR0913, PLR0917 - the means, the letter, its recipient and its moment
    mailer: Mailer, deliveries: Deliveries, letter: Letter, account: AccountRef, about: tuple[str, ...], now: datetime
) -> DeliveryResult:
    """Send a letter, unless already sent. Raises `NotConfirmedYet` or `Unavailable`, to be called again.

    `about`: the unique name of this mail at the account's site, including its mailbox's pseudonym. If SES's answer was
    lost, it is sent again five minutes later: two mails are better than none.
    """
    try:
        deliveries.claim(account.site, *about, now=now)
    except AlreadyMailed:
        return "already"
    except BeingMailed:
        raise NotConfirmedYet(about[0]) from None
    ending: DeliveryResult = "mailed"
    try:
        mailer.send(letter, account)
    except Undeliverable:
        ending = "undeliverable"
    except Unanswered:
        raise
    except Unavailable:
        deliveries.release(account.site, *about)
        raise
    deliveries.confirm(account.site, *about)
    return ending
