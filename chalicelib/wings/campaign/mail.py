"""The job of a campaign's mails, which no family's function loads."""

from typing import ClassVar, Literal

from chalicelib.mail.jobs import QueuedJob
from chalicelib.values import frozen


@frozen(kw_only=True)
class CampaignNotice(QueuedJob):
    """A campaign's mail to the families of one mailbox, each by its site and identifier, in their order.

    `again`: the office decided to resend a mail of unknown outcome.
    """

    can_wait: ClassVar[bool] = True

    kind: Literal["notice"] = "notice"
    campaign: str
    mailbox: str
    accounts: tuple[tuple[str, str], ...]
    again: bool = False
