"""A campaign in a test's world: families to write to, the post function, and the mails sent."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.wings.campaign.domain.campaigns import Campaign
from chalicelib.wings.campaign.mail import CampaignNotice
from tests.support.world import World
from tools.local.post import Consumer, DeliveryEvents

SEASON = "reinscription-2026"
PERIOD = EnrolmentPeriod(date(2026, 9, 10), date(2026, 9, 30))
FOR_ALL = Periods(PERIOD)
LISTED = re.compile(r"Site : (.+)\nRéinscription .+ : .+\nIdentifiant : (.+)\n")


def announce(world: World, periods: Periods = FOR_ALL) -> None:
    """Set the periods, by default one for every site."""
    world.services.periods.write(world.services.periods.read(), periods)


def begin(world: World, name: str = SEASON, **more: str) -> Campaign:
    """Begin a campaign."""
    return world.services.campaigns.begin(Campaign(name, world.now, "Mme Lyre", **more))  # type: ignore[arg-type]  # texts


def choose_guardians(world: World, name: str) -> None:
    """Configure notices to the first address of a family, or to all."""
    network = world.services.settings.network
    campaign = replace(network.campaign, guardians=name)  # type: ignore[arg-type]  # one of the two
    settings = replace(world.services.settings, network=replace(network, campaign=campaign))
    world.services = replace(world.services, settings=settings)


def settle(
    world: World, number: int, site: str = "evry-xenakis", email: str = "famille{}@example.org"
) -> list[Account]:
    """Store families, never activated, each with its own address."""
    return [
        world.settle(
            AccountRef(site, f"fam{number}"),
            emails=(email.format(number),),
            password=None,
            display_identifier=f"FAM {number}",
        )
        for number in range(number)
    ]


def job(world: World, *accounts: Account, again: bool = False, campaign: str = SEASON) -> CampaignNotice:
    """Make the job that notifies accounts of one mailbox."""
    return CampaignNotice(
        request="campaign-1",
        asked_at=world.now,
        campaign=campaign,
        mailbox=mailbox(world, accounts[0].emails[0]),
        accounts=tuple(sorted((account.ref.site, account.ref.identifier) for account in accounts)),
        again=again,
    )


def mailbox(world: World, email: str) -> str:
    """Make the pseudonym of an address."""
    return world.services.record.pseudonyms.of_mailbox(email)


def work(world: World, *, news: bool = True) -> None:
    """Empty the queues, and publish SES's events of the mails unless `news` is off."""
    for queue in world.resources.queues:
        consumer = Consumer(world.aws, queue)
        while consumer.work_once():
            pass
    if news:
        DeliveryEvents(world.aws.ses).work_once()


def written_to(world: World) -> Counter[tuple[str, str]]:
    """Count the mails of each account, by its site's name and its identifier as displayed."""
    return Counter(entry for mail in world.mails() for entry in LISTED.findall(mail.text))


def notices(world: World, account: Account, campaign: str = SEASON) -> list[Notice]:
    """List the notices of a campaign to an account."""
    return list(world.account(account.ref).notices_of(campaign))


def states(world: World, account: Account, campaign: str = SEASON) -> list[str]:
    """List the states of these notices."""
    return [notice.state for notice in notices(world, account, campaign)]


def counts(world: World, campaign: str = SEASON) -> tuple[int, int, int, int]:
    """Count the mails of a campaign: sent, delivered, bounced, uncertain."""
    state = world.services.campaigns.find(campaign)
    assert state
    return state.sent, state.delivered, state.bounced, state.uncertain
