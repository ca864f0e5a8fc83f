"""A campaign: its name, whom it will write to, begun and set going again, posted a few mails at a time."""

import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.campaign.audience import IN_DOUBT_AFTER, Audience, Turn
from chalicelib.domain.campaign.campaigns import Campaign
from chalicelib.domain.campaign.funnel import NOTHING_TO_DO, TO_ENROL
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.mail.jobs import CampaignNotice
from chalicelib.office.campaign.season import season_of
from chalicelib.office.campaign.steps import TOKENS, Token
from chalicelib.office.enrolment.reenrolments import families, seasons_of
from chalicelib.office.refused import Refused
from chalicelib.services import Services
from chalicelib.settings import Site

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")  # it stands in keys and in SES's tags


@dataclass(frozen=True)
class Reminder:
    """What is asked of a reminder: the step, whose campaign's step (the latest one's), and a name of its own."""

    token: Token
    about: str | None = None
    name: str | None = None


def season(services: Services, name: str | None, who: str, now: datetime) -> Campaign:
    """Find the season's campaign, or make the one to begin; its name comes from the period. Raises `Refused`."""
    return _found_or_new(services, Campaign(_checked(name or _name_from_period(services)), now, who))


def reminder(services: Services, asked: Reminder, who: str, now: datetime) -> Campaign:
    """Find, or make, the reminder to those who stand at a step. Raises `Refused`."""
    told, step = season_of(services, asked.about), TOKENS[asked.token]
    if told is None:
        raise Refused("remind_nobody_told")
    if step in NOTHING_TO_DO:
        raise Refused("remind_nothing_to_do")
    name = _checked(asked.name or f"rappel-{asked.token}-{now.astimezone(PARIS).date().isoformat()}")
    return _found_or_new(services, Campaign(name, now, who, step=step, about=told.name, since=told.started_at))


def _name_from_period(services: Services) -> str:
    periods = services.periods.read()
    announced = (periods.of(site.code) for site in services.settings.network.sites)
    opens_on = min((period.opens_on for period in announced if period), default=None)
    if opens_on is None:
        raise Refused("campaign_no_period", site="tous les sites")
    return f"reinscription-{opens_on.year}"


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Refused("campaign_name", name=name)
    return name


def _found_or_new(services: Services, asked: Campaign) -> Campaign:
    found = services.campaigns.find(asked.name) or asked
    if (found.step, found.about) != (asked.step, asked.about):
        raise Refused("campaign_other", name=asked.name)
    return found


@dataclass(frozen=True)
class Mail:
    """One mail to post: a mailbox, and the accounts that it lists."""

    mailbox: str
    accounts: tuple[tuple[str, str], ...]


@dataclass
class SitePlan:
    """What a campaign will do at one site: its families by their turn, and the mails whose first family is there."""

    turns: Counter[Turn] = field(default_factory=Counter)
    mails: int = 0
    shared: int = 0  # those that list several families


@dataclass(frozen=True)
class Request:
    """What is asked: which campaign, at which sites; with `again`, only where nobody can say whether a mail left."""

    campaign: Campaign
    sites: tuple[Site, ...]
    again: bool = False


@dataclass(frozen=True)
class Plan:
    """Whom a campaign will write to. Mails stand in the order of their pseudonyms: the first are a fair sample."""

    asked: Request
    sites: dict[str, SitePlan]
    mails: tuple[Mail, ...]

    @property
    def total(self) -> SitePlan:
        """All sites together."""
        every = self.sites.values()
        turns = sum((each.turns for each in every), Counter[Turn]())
        return SitePlan(turns, sum(each.mails for each in every), sum(each.shared for each in every))


def plan(services: Services, asked: Request, now: datetime, advance: Callable[[], object] = lambda: None) -> Plan:
    """Read the accounts and tell whom a campaign will write to. Raises `Refused`."""
    plans = {site.code: SitePlan() for site in asked.sites}
    boxes: dict[str, list[tuple[str, str]]] = {}
    for account, enrolment in _families(services, asked, now):
        advance()
        turn, mailboxes = _turn(services, asked, account, enrolment, now)
        plans[account.ref.site].turns[turn] += 1
        for mailbox in mailboxes:
            boxes.setdefault(mailbox, []).append((account.ref.site, account.ref.identifier))
    mails = tuple(Mail(mailbox, tuple(sorted(boxes[mailbox]))) for mailbox in sorted(boxes))
    for mail in mails:
        plans[mail.accounts[0][0]].mails += 1
        plans[mail.accounts[0][0]].shared += len(mail.accounts) > 1
    _check_periods(services, asked.campaign, {site for mail in mails for site, _ in mail.accounts}, now)
    return Plan(asked, plans, mails)


def _families(services: Services, asked: Request, now: datetime) -> Iterator[tuple[Account, Enrolment | None]]:
    """Read the accounts; for a reminder, with their re-enrolments."""
    if asked.campaign.step is None:
        yield from ((account, None) for site in asked.sites for account in services.accounts.all(site.code))
        return
    for site, season in seasons_of(services, asked.sites, now).items():
        yield from ((each.account, each.enrolment) for each in families(services, site.code, season))


def _turn(
    services: Services, asked: Request, account: Account, enrolment: Enrolment | None, now: datetime
) -> tuple[Turn, tuple[str, ...]]:
    """Give the turn of an account, and the mailboxes to write to: when asked for doubts, only those in doubt."""
    guardians, pseudonyms = services.settings.network.campaign.guardians, services.record.pseudonyms
    turn, mailboxes = Audience(asked.campaign, guardians, pseudonyms).turn(account, enrolment)
    if not asked.again:
        return turn, mailboxes
    doubtful = Audience(asked.campaign, guardians, pseudonyms, now - IN_DOUBT_AFTER)
    _, with_doubts = doubtful.turn(account, enrolment)
    return turn, tuple(mailbox for mailbox in with_doubts if mailbox not in mailboxes)


def _check_periods(services: Services, campaign: Campaign, sites: set[str], now: datetime) -> None:
    periods = services.periods.read()
    for code in sorted(sites):
        period = periods.of(code)
        if period is None:
            raise Refused("campaign_no_period", site=code)
        if period.state(now) == "after":
            raise Refused("campaign_period_over", site=code)
        if campaign.step in TO_ENROL and period.state(now) == "before":
            raise Refused("remind_too_early", site=code)


def begin(services: Services, planned: Plan, *, go_on: bool) -> Campaign:
    """Begin a campaign, or take it up where it stands; a stopped one is set going again only if asked to."""
    campaign = services.campaigns.begin(planned.asked.campaign)
    if campaign.state == "stopped" and go_on:
        services.campaigns.go_on(campaign.name)
        return services.campaigns.find(campaign.name) or campaign
    return campaign


def post(services: Services, planned: Plan, mails: Iterable[Mail], now: datetime) -> None:
    """Drop mails in the post box; the consumer writes to those who still are to be written to. Raises `Unavailable`."""
    services.post_box.post(*_jobs(planned, mails, now))


def _jobs(planned: Plan, mails: Iterable[Mail], now: datetime) -> Iterator[CampaignNotice]:
    request = f"campaign-{secrets.token_hex(8)}"
    for mail in mails:
        yield CampaignNotice(
            request=request,
            asked_at=now,
            campaign=planned.asked.campaign.name,
            mailbox=mail.mailbox,
            accounts=mail.accounts,
            again=planned.asked.again,
        )
