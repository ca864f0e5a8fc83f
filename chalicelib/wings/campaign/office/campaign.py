"""A campaign: its name, its recipients, and its jobs, begun, resumed and posted a few mails at a time."""

import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.funnel import NOTHING_TO_DO, TO_ENROL, Step
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.office.enrolment.reenrolments import families, seasons_of
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices as Services
from chalicelib.settings.environment import Site
from chalicelib.values import frozen
from chalicelib.wings.campaign.domain.audience import IN_DOUBT_AFTER, Audience, MailingStatus
from chalicelib.wings.campaign.domain.campaigns import Campaign
from chalicelib.wings.campaign.mail import CampaignNotice


def find_season(services: Services, name: str | None = None) -> Campaign | None:
    """Find a campaign by its name, else the latest that is not a reminder. None if there is none.

    Raises `OfficeRefusal` for an unknown name.
    """
    if name is None:
        return next((campaign for campaign in services.campaigns.all() if campaign.step is None), None)
    by_name = services.campaigns.find(name)
    if by_name is None:
        names = tuple(sorted(campaign.name for campaign in services.campaigns.all()))
        raise OfficeRefusal("campaign_unknown", campaign=name, campaigns=names)
    return by_name


# The values of --step and --list.
Token = Literal[
    "importee", "incertaine", "notifiee", "revenue", "remise", "mot-de-passe", "connectee",
    "commencee", "envoyee", "a-completer", "validee",
]  # fmt: skip
TOKENS: Final[dict[str, Step]] = {
    "importee": "imported",
    "incertaine": "uncertain",
    "notifiee": "notified",
    "revenue": "bounced",
    "remise": "delivered",
    "mot-de-passe": "password",
    "connectee": "logged_in",
    "commencee": "started",
    "envoyee": "submitted",
    "a-completer": "to_complete",
    "validee": "validated",
}


_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")  # part of keys and of SES's tags


@frozen
class ReminderInput:
    """A reminder to make: the step, the campaign whose step it is (default: the latest), and its own name."""

    token: Token
    about: str | None = None
    name: str | None = None


def prepare_season(services: Services, name: str | None, by: str, now: datetime) -> Campaign:
    """Find the season's campaign, or make one named after the period. Raises `OfficeRefusal`."""
    return _find_or_new(services, Campaign(_check_name(name or _name_from_period(services)), now, by))


def prepare_reminder(services: Services, reminder: ReminderInput, by: str, now: datetime) -> Campaign:
    """Find or make the reminder to the families at a step. Raises `OfficeRefusal`."""
    season, step = find_season(services, reminder.about), TOKENS[reminder.token]
    if season is None:
        raise OfficeRefusal("remind_nobody_told")
    if step in NOTHING_TO_DO:
        raise OfficeRefusal("remind_nothing_to_do")
    name = _check_name(reminder.name or f"rappel-{reminder.token}-{now.astimezone(PARIS).date().isoformat()}")
    return _find_or_new(services, Campaign(name, now, by, step=step, about=season.name, since=season.started_at))


def _name_from_period(services: Services) -> str:
    periods = services.periods.read()
    by_site = (periods.of(site.code) for site in services.settings.network.sites)
    opens_on = min((period.opens_on for period in by_site if period), default=None)
    if opens_on is None:
        raise OfficeRefusal("campaign_no_period", site=None)
    return f"reinscription-{opens_on.year}"


def _check_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise OfficeRefusal("campaign_name", name=name)
    return name


def _find_or_new(services: Services, new: Campaign) -> Campaign:
    campaign = services.campaigns.find(new.name) or new
    if (campaign.step, campaign.about) != (new.step, new.about):
        raise OfficeRefusal("campaign_other", name=new.name)
    return campaign


@frozen
class CampaignMail:
    """One mail to post: a mailbox, and its accounts."""

    mailbox: str
    accounts: tuple[tuple[str, str], ...]


@dataclass
class SitePlan:
    """A campaign at one site: its families by mailing status, and the mails whose first family is there."""

    turns: Counter[MailingStatus] = field(default_factory=Counter)
    mails: int = 0
    joint: int = 0  # those for several families


@frozen
class CampaignInput:
    """A campaign to send, and its sites. `again`: only the families whose mail may or may not have been sent."""

    campaign: Campaign
    sites: tuple[Site, ...]
    again: bool = False


@frozen
class CampaignPlan:
    """A campaign's recipients. Mails are in the order of their pseudonyms: the first ones are a fair sample."""

    campaign_input: CampaignInput
    sites: dict[str, SitePlan]
    mails: tuple[CampaignMail, ...]

    @property
    def total(self) -> SitePlan:
        """All sites together."""
        plans = self.sites.values()
        turns = sum((plan.turns for plan in plans), Counter[MailingStatus]())
        return SitePlan(turns, sum(plan.mails for plan in plans), sum(plan.joint for plan in plans))


def plan_campaign(
    services: Services, campaign_input: CampaignInput, now: datetime, advance: Callable[[], object] = lambda: None
) -> CampaignPlan:
    """Read the accounts, and list a campaign's recipients. Raises `OfficeRefusal`."""
    plans = {site.code: SitePlan() for site in campaign_input.sites}
    boxes: dict[str, list[tuple[str, str]]] = {}
    for account, enrolment in _families(services, campaign_input, now):
        advance()
        turn, mailboxes = _turn(services, campaign_input, account, enrolment, now)
        plans[account.ref.site].turns[turn] += 1
        for mailbox in mailboxes:
            boxes.setdefault(mailbox, []).append((account.ref.site, account.ref.identifier))
    mails = tuple(CampaignMail(mailbox, tuple(sorted(boxes[mailbox]))) for mailbox in sorted(boxes))
    for mail in mails:
        plans[mail.accounts[0][0]].mails += 1
        plans[mail.accounts[0][0]].joint += len(mail.accounts) > 1
    _check_periods(services, campaign_input.campaign, {site for mail in mails for site, _ in mail.accounts}, now)
    return CampaignPlan(campaign_input, plans, mails)


def _families(
    services: Services, campaign_input: CampaignInput, now: datetime
) -> Iterator[tuple[Account, Enrolment | None]]:
    """Read the accounts, with their re-enrolments for a reminder."""
    if campaign_input.campaign.step is None:
        yield from ((account, None) for site in campaign_input.sites for account in services.accounts.all(site.code))
        return
    for site, season in seasons_of(services, campaign_input.sites, now).items():
        yield from ((family.account, family.enrolment) for family in families(services, site.code, season))


def _turn(
    services: Services, campaign_input: CampaignInput, account: Account, enrolment: Enrolment | None, now: datetime
) -> tuple[MailingStatus, tuple[str, ...]]:
    """Find an account's mailing status, and its mailboxes to write to. With `again`, only the uncertain ones."""
    guardians, pseudonyms = services.settings.network.campaign.guardians, services.record.pseudonyms
    turn, mailboxes = Audience(campaign_input.campaign, guardians, pseudonyms).status(account, enrolment)
    if not campaign_input.again:
        return turn, mailboxes
    doubtful = Audience(campaign_input.campaign, guardians, pseudonyms, now - IN_DOUBT_AFTER)
    _, with_doubts = doubtful.status(account, enrolment)
    return turn, tuple(mailbox for mailbox in with_doubts if mailbox not in mailboxes)


def _check_periods(services: Services, campaign: Campaign, sites: set[str], now: datetime) -> None:
    periods = services.periods.read()
    for code in sorted(sites):
        period = periods.of(code)
        if period is None:
            raise OfficeRefusal("campaign_no_period", site=code)
        if period.state(now) == "after":
            raise OfficeRefusal("campaign_period_over", site=code)
        if campaign.step in TO_ENROL and period.state(now) == "before":
            raise OfficeRefusal("remind_too_early", site=code)


def begin(services: Services, plan: CampaignPlan, *, resume: bool) -> Campaign:
    """Begin a campaign, or continue it. A stopped one is only resumed with `resume`."""
    campaign = services.campaigns.begin(plan.campaign_input.campaign)
    if campaign.state == "stopped" and resume:
        services.campaigns.go_on(campaign.name)
        return services.campaigns.find(campaign.name) or campaign
    return campaign


def post(services: Services, plan: CampaignPlan, mails: Iterable[CampaignMail], now: datetime) -> None:
    """Post mails' jobs. The consumer writes only to families still due. Raises `Unavailable`."""
    services.post_box.post(*_jobs(plan, mails, now))


def _jobs(plan: CampaignPlan, mails: Iterable[CampaignMail], now: datetime) -> Iterator[CampaignNotice]:
    request_id = f"campaign-{secrets.token_hex(8)}"
    for mail in mails:
        yield CampaignNotice(
            request=request_id,
            asked_at=now,
            campaign=plan.campaign_input.campaign.name,
            mailbox=mail.mailbox,
            accounts=mail.accounts,
            again=plan.campaign_input.again,
        )
