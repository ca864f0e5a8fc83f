"""Delivery events of mails: parse the notifications that SES publishes."""

import json
from collections.abc import Mapping
from dataclasses import field
from email.utils import parseaddr
from typing import Any, Literal

from chalicelib.domain.account.accounts import AccountRef, Failure
from chalicelib.values import frozen


@frozen
class MailEvent:
    """The outcome of a mail: its account, its addresses, and no `outcome` for a transient failure.

    A campaign's mail has the campaign, and its mailbox as a pseudonym.
    """

    account: AccountRef
    emails: tuple[str, ...] = field(repr=False)
    outcome: Failure | Literal["delivered"] | None
    campaign: str = ""
    mailbox: str = ""


def event_from_json(message: str) -> MailEvent | None:
    """Parse a notification of SES. None if it is not about a mail of ours, as the greeting of a new topic.

    Parsed by hand: models would be built at each cold start, even of a login.
    """
    try:
        event = json.loads(message)
        tags = event["mail"]["tags"]
        account = AccountRef(tags["site"][0], bytes.fromhex(tags["identifier"][0]).decode())
        recipients, outcome = _outcome(event)
        emails = tuple(parseaddr(recipient)[1] for recipient in recipients)
        return MailEvent(account, emails, outcome, *(tags.get(name, [""])[0] for name in ("campaign", "mailbox")))
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _outcome(event: Mapping[str, Any]) -> tuple[list[str], Failure | Literal["delivered"] | None]:
    """Read the recipients, and the outcome if it is final: a full mailbox or a holiday notice is not."""
    match event["eventType"]:
        case "Delivery":
            return event["delivery"]["recipients"], "delivered"
        case "Complaint":
            return [recipient["emailAddress"] for recipient in event["complaint"]["complainedRecipients"]], "complained"
        case _:
            bounce = event["bounce"]
            emails = [recipient["emailAddress"] for recipient in bounce["bouncedRecipients"]]
            return emails, "bounced" if bounce["bounceType"] == "Permanent" else None
