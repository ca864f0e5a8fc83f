"""A campaign before it is sent: its name, its recipients and its refusals."""

import re
from collections import Counter
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import get_args

import pytest

from agency.campaign.progress import TO_DO
from chalicelib.domain.account.accounts import Account, FailingMailbox
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, PupilFile
from chalicelib.domain.enrolment.funnel import STEPS
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, EnrolmentRef, Periods
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office.steps import LABELS
from chalicelib.wings.campaign.domain.campaigns import Campaign
from chalicelib.wings.campaign.office import campaign as office
from chalicelib.wings.campaign.office.campaign import TOKENS, CampaignInput, CampaignPlan, ReminderInput, Token
from tests.support.answers import SAVED, STAYS
from tests.support.campaigns import PERIOD, SEASON, announce, begin, job, mailbox, settle, states, work, written_to
from tests.support.french import slips
from tests.support.refusals import sentence_of
from tests.support.world import World


def test_each_step_has_its_word_its_name_and_what_to_do() -> None:
    assert list(TOKENS) == list(get_args(Token))
    assert set(TOKENS.values()) == set(LABELS) == set(TO_DO) == set(STEPS)
    assert [slips(said) for both in TO_DO.values() for said in both] == [[]] * 22


def test_a_reminder_that_is_advised_is_to_the_very_step() -> None:
    sentences = [(step, said) for step, both in TO_DO.items() for said in both]
    steps = {(step, token) for step, said in sentences for token in re.findall(r"--step (\S+)", said)}

    assert {token for _, token in steps} == {
        *("notifiee", "revenue", "remise", "mot-de-passe", "connectee", "commencee", "a-completer")
    }
    assert all(TOKENS[token] == step for step, token in steps)


HERE, THERE = "evry-xenakis", "evry-magnard"
WHO = "Mme Lyre"


def season(world: World, name: str | None = None) -> Campaign:
    return office.prepare_season(world.services, name, WHO, world.now)


def make_plan(
    world: World, campaign: Campaign | None = None, *, again: bool = False, site: str | None = None
) -> CampaignPlan:
    sites = tuple(known for known in world.services.settings.network.sites if site in {None, known.code})
    return office.plan_campaign(world.services, CampaignInput(campaign or season(world), sites, again), world.now)


def send_campaign(world: World, campaign: Campaign | None = None) -> None:
    """Plan, begin and post, and let the post work."""
    plan = make_plan(world, campaign)
    office.begin(world.services, plan, resume=False)
    office.post(world.services, plan, plan.mails, world.now)
    work(world)


# Its name.


def test_its_name_comes_from_the_period(world: World) -> None:
    announce(world, Periods(None, ((HERE, EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 30))),)))

    assert season(world).name == "reinscription-2027"


def test_the_first_period_names_it_where_sites_differ(world: World) -> None:
    announce(world, Periods(PERIOD, ((HERE, EnrolmentPeriod(date(2027, 1, 4), date(2027, 1, 9))),)))

    assert season(world).name == "reinscription-2026"


@pytest.mark.parametrize("name", ["Réinscription", "été", "a b", "-a", "a" * 61, "a/b", "a#b", "a\n"])
def test_a_name_that_ses_cannot_bring_back_is_refused(world: World, name: str) -> None:
    with pytest.raises(OfficeRefusal, match="campaign_name"):
        season(world, name)


def test_a_campaign_that_was_begun_is_found_again(world: World) -> None:
    announce(world)
    campaign = begin(world)
    world.wait(timedelta(days=1))

    assert season(world) == campaign


def test_a_reminder_is_a_campaign_of_its_own(world: World) -> None:
    begin(world)
    world.wait(timedelta(days=20))

    reminder = office.prepare_reminder(world.services, ReminderInput("remise"), WHO, world.now)

    assert reminder.name == "rappel-remise-2026-09-21"
    assert (reminder.step, reminder.about) == ("delivered", SEASON)
    assert reminder.since == world.now - timedelta(days=20)


def test_a_name_means_one_campaign(world: World) -> None:
    begin(world)

    with pytest.raises(OfficeRefusal, match="campaign_other"):
        office.prepare_reminder(world.services, ReminderInput("remise", name=SEASON), WHO, world.now)


@pytest.mark.parametrize("token", ["envoyee", "validee"])
def test_who_has_nothing_to_do_is_not_reminded(world: World, token: Token) -> None:
    begin(world)

    with pytest.raises(OfficeRefusal, match="remind_nothing_to_do"):
        office.prepare_reminder(world.services, ReminderInput(token), WHO, world.now)


@pytest.mark.parametrize("token", ["connectee", "commencee", "a-completer"])
def test_who_has_to_enrol_is_not_reminded_before_it_is_open(world: World, token: Token) -> None:
    announce(world)
    begin(world)
    (family,) = settle(world, 1)
    stand(world, family, token)
    reminder = office.prepare_reminder(world.services, ReminderInput(token), WHO, world.now)

    with pytest.raises(OfficeRefusal, match="remind_too_early"):
        make_plan(world, reminder)

    world.now = datetime.combine(PERIOD.opens_on, time(12), UTC)
    assert make_plan(world, reminder).total.turns == {"due": 1}


# Its recipients.


def test_every_family_has_its_turn_and_they_add_up(world: World) -> None:
    announce(world)
    due, no_address, failing, closure, leaver = settle(world, 5)
    world.settle(no_address.ref, emails=())
    mark = FailingMailbox(mailbox(world, failing.emails[0]), "bounced", world.now)
    world.settle(failing.ref, emails=failing.emails, failing_mailboxes=(mark,))
    world.settle(closure.ref, emails=closure.emails, disabled=True)
    world.settle(leaver.ref, emails=leaver.emails, gone_at=world.now)
    settle(world, 2, site=THERE, email="nid{}@example.org")

    plan = make_plan(world)

    assert plan.sites[HERE].turns == {"due": 1, "unreachable": 2, "apart": 2}
    assert plan.sites[THERE].turns == {"due": 2}
    assert plan.total.turns.total() == 7
    assert {mail.mailbox for mail in plan.mails} == {
        mailbox(world, email) for email in (due.emails[0], "nid0@example.org", "nid1@example.org")
    }


def test_families_of_one_address_share_a_mail_across_sites(world: World) -> None:
    announce(world)
    settle(world, 2, email="nid@example.org")
    settle(world, 1, site=THERE, email="NID@example.org")

    plan = make_plan(world)

    assert [mail.accounts for mail in plan.mails] == [((THERE, "fam0"), (HERE, "fam0"), (HERE, "fam1"))]
    assert (plan.sites[THERE].mails, plan.sites[THERE].joint) == (1, 1)
    assert (plan.sites[HERE].mails, plan.total.mails) == (0, 1)


def test_mails_stand_in_an_order_that_mixes_families(world: World) -> None:
    announce(world)
    settle(world, 8)

    mailboxes = [mail.mailbox for mail in make_plan(world).mails]

    assert mailboxes == sorted(mailboxes)


def test_only_those_in_doubt_are_written_to_again_and_only_when_asked(world: World) -> None:
    announce(world)
    begin(world)
    family, second = settle(world, 2)
    with world.aws.failing("SendEmail", "before"):
        office.post(world.services, make_plan(world, site=HERE), make_plan(world).mails, world.now)
        work(world)
    settle(world, 1, site=THERE)
    world.wait(timedelta(minutes=6))

    as_usual, again = make_plan(world), make_plan(world, again=True)

    assert as_usual.total.turns == again.total.turns == Counter({"uncertain": 2, "due": 1})
    assert [mail.accounts[0][0] for mail in as_usual.mails] == [THERE]
    assert [mail.accounts[0][0] for mail in again.mails] == [HERE, HERE]
    office.post(world.services, again, again.mails, world.now)
    work(world)
    assert states(world, family) == states(world, second) == ["delivered"]


# Refusals.


@pytest.mark.parametrize(
    ("periods", "code"),
    [
        (Periods(None, ((THERE, PERIOD),)), "campaign_no_period"),
        (Periods(PERIOD, ((HERE, EnrolmentPeriod(date(2026, 8, 1), date(2026, 8, 31))),)), "campaign_period_over"),
    ],
)
def test_it_waits_for_the_period_of_every_site_it_writes_to(world: World, periods: Periods, code: str) -> None:
    announce(world, periods)
    settle(world, 1)

    with pytest.raises(OfficeRefusal, match=code) as refusal:
        make_plan(world)

    assert "Evry - Xénakis" in sentence_of(refusal.value)


def test_a_site_with_nobody_to_write_to_needs_no_period(world: World) -> None:
    announce(world, Periods(None, ((THERE, PERIOD),)))
    settle(world, 1, site=THERE)

    assert len(make_plan(world).mails) == 1


# Begun, stopped, resumed.


def test_it_is_begun_once_and_taken_up_where_it_stands(world: World) -> None:
    announce(world)
    first = office.begin(world.services, make_plan(world), resume=False)
    world.services.campaigns.count(SEASON, "sent")

    again = office.begin(world.services, make_plan(world), resume=True)

    assert again == replace(first, sent=1)


def test_what_is_posted_is_what_the_consumer_takes(world: World) -> None:
    announce(world)
    (family,) = settle(world, 1)
    plan = make_plan(world)

    office.post(world.services, plan, plan.mails, world.now)

    names = {about.name for about in fields(job(world, family))}
    assert all(f'"{name}":' in world.aws.queue_bodies() for name in names)
    assert mailbox(world, "famille0@example.org") in world.aws.queue_bodies()


def stand(world: World, family: Account, token: Token) -> None:
    """Let a family reach a step of the re-enrolment of 2026."""
    world.services.accounts.change(family, family.with_login(world.now))
    drafts = Enrolment(EnrolmentRef(family.ref, "2026")).with_pupil(PupilFile("a1", "Zoé", STAYS, SAVED), world.now)
    whole = submit(drafts, drafts.pupils, "R26-AAAA-BBBB", SAVED)
    answer = whole.with_decision("a1", EnrolmentDecision("to_complete", WHO, world.now, "Quel jour ?"))
    file = {"connectee": Enrolment(drafts.ref), "commencee": drafts, "envoyee": whole, "a-completer": answer}[token]
    world.services.enrolments.change(Enrolment(drafts.ref), file)


@pytest.mark.parametrize(("token", "others"), [
    ("connectee", ["commencee", "envoyee", "a-completer"]), ("commencee", ["connectee", "envoyee", "a-completer"]),
    ("a-completer", ["connectee", "commencee", "envoyee"]),
])  # fmt: skip
def test_a_reminder_to_enrol_is_for_those_at_its_step_once(world: World, token: Token, others: list[Token]) -> None:
    announce(world)
    begin(world)
    families = settle(world, 4)
    for family, at in zip(families, [token, *others], strict=True):
        stand(world, family, at)
    world.now = datetime.combine(PERIOD.opens_on, time(12), UTC)
    reminder = office.prepare_reminder(world.services, ReminderInput(token), WHO, world.now)

    plan = make_plan(world, reminder)
    send_campaign(world, reminder)
    send_campaign(world, reminder)

    assert plan.total.turns == {"due": 1, "elsewhere": 3}
    assert written_to(world) == {("Evry - Xénakis", "FAM 0"): 1}


def test_a_reminder_of_an_earlier_step_leaves_those_who_have_begun_alone(world: World) -> None:
    announce(world)
    begin(world)
    (family,) = settle(world, 1)
    send_campaign(world)
    stand(world, world.account(family.ref), "commencee")
    reminder = office.prepare_reminder(world.services, ReminderInput("remise"), WHO, world.now)

    assert make_plan(world, reminder).total.turns == {"elsewhere": 1}
