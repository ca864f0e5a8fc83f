"""The bounces: delivery events of SES, through a topic. After three failures an event is a dead letter.

An undeliverable address is marked as failing, and a notice gets the outcome of its mail.
"""

import json
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from email.utils import parseaddr
from typing import Any, Literal

from chalice.app import Blueprint, SNSEvent

from chalicelib import wiring
from chalicelib.domain.account.accounts import AccountRef, Failure
from chalicelib.domain.account.notices import DeliveryOutcome
from chalicelib.domain.refusals import Unavailable
from chalicelib.services.family import Services
from chalicelib.values import frozen

jobs = Blueprint(__name__)


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


def handle_mail_event(services: Services, event: MailEvent | None, request: str, now: datetime) -> None:
    """Record the outcome of a mail about an account. Raises `Unavailable`.

    Idempotent for an event that is delivered twice. The delivery of a password changes nothing.
    """
    if event is None:
        services.record.write("bounce_dropped", now, request, reason="not_ours")
    elif event.outcome is None:
        services.record.write("bounce_dropped", now, request, account=event.account, reason="transient")
    elif event.campaign:
        _follow_notice(
            services, event.account, DeliveryOutcome(event.campaign, event.mailbox, event.outcome, now), request
        )
    elif event.outcome != "delivered":
        for email in event.emails:
            mailbox = services.record.pseudonyms.of_mailbox(email)
            _mark_failing(services, event.account, DeliveryOutcome("", mailbox, event.outcome, now), request)


def _mark_failing(services: Services, ref: AccountRef, outcome: DeliveryOutcome, request: str) -> None:
    """Mark an address on file as failing."""
    pseudonyms = services.record.pseudonyms
    change = services.accounts.revise(ref, lambda found: outcome.apply_to(found, pseudonyms))
    if change and change[1].mailbox(outcome.mailbox, pseudonyms):
        services.record.write("mailbox_failing", outcome.at, request, account=ref, kind=outcome.state)
    else:
        services.record.write("bounce_dropped", outcome.at, request, account=ref, reason="unknown")


def _follow_notice(services: Services, ref: AccountRef, outcome: DeliveryOutcome, request: str) -> None:
    """Record the outcome of a campaign's mail on every account that it listed."""
    account = services.accounts.find(ref)
    notice = account.notice_at(outcome.campaign, outcome.mailbox) if account else None
    if account is None or notice is None:
        services.record.write("bounce_dropped", outcome.at, request, account=ref, reason="unknown")
        return
    companions = (AccountRef(*companion) for companion in notice.companions)
    update = services.notices.update(ref, companions, outcome, account)
    if not update.is_counted:
        services.record.write("bounce_dropped", outcome.at, request, account=ref, reason="known")
    elif outcome.state == "delivered":
        services.record.write("campaign_delivered", outcome.at, request, account=ref, campaign=outcome.campaign)
    else:
        services.record.write("mailbox_failing", outcome.at, request, account=ref, kind=outcome.state)
    if update.is_stopped:
        services.record.write("campaign_stopped", outcome.at, request, campaign=outcome.campaign)


# The topic's ARN is in `.chalice/resources.yaml`.
@jobs.on_sns_message(topic="bounces", name="bounces")
def bounces(event: SNSEvent) -> None:
    """Record one delivery event. Lambda retries twice after an error."""
    services = wiring.services(Services)
    now = services.clock()
    request = event.to_dict()["Records"][0]["Sns"]["MessageId"]
    try:
        handle_mail_event(services, event_from_json(event.message), request, now)
    except Unavailable as error:
        services.record.write("unavailable", now, request, what=str(error))
        raise


wiring.start()
