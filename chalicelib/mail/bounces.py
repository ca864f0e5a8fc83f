"""Mails that come back: what SES publishes of them, read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any

from chalicelib.domain.accounts import AccountRef, Failure


@dataclass(frozen=True)
class Bounce:
    """A mail that an address did not want: about which account, where it went; no failure if it may heal by itself."""

    account: AccountRef
    emails: tuple[str, ...] = field(repr=False)
    failure: Failure | None


def bounce_from_json(message: str) -> Bounce | None:
    """Read what SES published; None for what is no bounce of a mail of ours, as the greeting of a new topic.

    Read by hand: models would be built at each cold start, that of a login too.
    """
    try:
        event = json.loads(message)
        tags = event["mail"]["tags"]
        account = AccountRef(tags["site"][0], bytes.fromhex(tags["identifier"][0]).decode())
        recipients, failure = _told(event)
        return Bounce(account, tuple(parseaddr(each["emailAddress"])[1] for each in recipients), failure)
    except (ValueError, LookupError, TypeError):
        return None


def _told(event: Mapping[str, Any]) -> tuple[list[Any], Failure | None]:
    """Give to whom it went, and what will not heal: a full mailbox or a holiday notice will."""
    if event["eventType"] == "Complaint":
        return event["complaint"]["complainedRecipients"], "complained"
    bounce = event["bounce"]
    return bounce["bouncedRecipients"], "bounced" if bounce["bounceType"] == "Permanent" else None
