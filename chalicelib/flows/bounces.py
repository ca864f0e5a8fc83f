"""What becomes of mails: an address they do not reach is marked as failing; a campaign learns of each of its own."""

from datetime import datetime

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.campaign.audience import Fate
from chalicelib.mail.bounces import MailNews
from chalicelib.services import Services


def follow(services: Services, news: MailNews | None, request: str, now: datetime) -> None:
    """Note what a mail about an account has become. Raises `Unavailable`.

    Delivered twice, it changes nothing the second time. That a password arrived is nothing to note.
    """
    if news is None:
        services.record.write("bounce_dropped", now, request, reason="not_ours")
    elif news.outcome is None:
        services.record.write("bounce_dropped", now, request, account=news.account, reason="transient")
    elif news.campaign:
        _follow_notice(services, news.account, Fate(news.campaign, news.mailbox, news.outcome, now), request)
    elif news.outcome != "delivered":
        for email in news.emails:
            mailbox = services.record.pseudonyms.of_mailbox(email)
            _mark(services, news.account, Fate("", mailbox, news.outcome, now), request)


def _mark(services: Services, ref: AccountRef, fate: Fate, request: str) -> None:
    """Mark an address on file as failing."""
    pseudonyms = services.record.pseudonyms
    written = services.accounts.revise(ref, lambda found: fate.on(found, pseudonyms))
    if written and written[1].mailbox(fate.mailbox, pseudonyms):
        services.record.write("mailbox_failing", fate.at, request, account=ref, kind=fate.state)
    else:
        services.record.write("bounce_dropped", fate.at, request, account=ref, reason="unknown")


def _follow_notice(services: Services, ref: AccountRef, fate: Fate, request: str) -> None:
    """Tell what became of a campaign's mail to every account that it listed."""
    account = services.accounts.find(ref)
    notice = account.notice_at(fate.campaign, fate.mailbox) if account else None
    if account is None or notice is None:
        services.record.write("bounce_dropped", fate.at, request, account=ref, reason="unknown")
        return
    companions = (AccountRef(*each) for each in notice.companions)
    told = services.notices.tell(ref, companions, fate, account)
    if not told.is_counted:
        services.record.write("bounce_dropped", fate.at, request, account=ref, reason="known")
    elif fate.state == "delivered":
        services.record.write("campaign_delivered", fate.at, request, account=ref, campaign=fate.campaign)
    else:
        services.record.write("mailbox_failing", fate.at, request, account=ref, kind=fate.state)
    if told.is_stopped:
        services.record.write("campaign_stopped", fate.at, request, campaign=fate.campaign)
