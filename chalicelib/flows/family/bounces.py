"""Delivery events of mails: mark an undeliverable address as failing, and update a campaign's notice."""

from datetime import datetime

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.notices import DeliveryOutcome
from chalicelib.mail.bounces import MailEvent
from chalicelib.services.family import Services


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
    written = services.accounts.revise(ref, lambda found: outcome.apply_to(found, pseudonyms))
    if written and written[1].mailbox(outcome.mailbox, pseudonyms):
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
