"""A campaign sent in turns by a job: to each family once, under all faults and concurrent senders."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.audit import AuditEntry
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.mail.mailer import Quota
from chalicelib.office.jobs.jobs import wake
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.campaign.domain import campaigns
from chalicelib.wings.campaign.office import campaign_job as sending
from chalicelib.wings.campaign.office.campaign import CampaignInput, plan_campaign, prepare_season
from chalicelib.wings.campaign.office.campaign_job import (
    CANARY_WAIT,
    POLL,
    CampaignOptions,
    find_campaign_job,
    run_campaign_job,
    start_campaign_job,
    stop_campaign,
    stop_campaign_job,
)
from chalicelib.wings.campaign.office.mail_run import MailRun
from chalicelib.work.long_jobs import HANDLERS
from tests.support.aws import When
from tests.support.campaigns import SEASON, announce, counts, settle, work, written_to
from tests.support.desk_work import MANAGER, deliver, read_job
from tests.support.world import World

CANARY = 5
ANNOUNCE = CampaignOptions(None)


@pytest.fixture(autouse=True)
def quick(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a small canary and a wide quota, without waits."""
    monkeypatch.setattr(campaigns, "CANARY", CANARY)
    monkeypatch.setattr(sending, "CANARY", CANARY)
    monkeypatch.setattr(world.services.mailer, "quota", lambda: Quota(10_000, 50_000, is_sending=True))
    announce(world)


def ask(world: World, options: CampaignOptions = ANNOUNCE) -> DeskJob:
    return start_campaign_job(world.services, options, MANAGER, world.now)


def finish(world: World, job: DeskJob, *, news: bool = True, turns: int = 60) -> DeskJob:
    """Let time pass, the job's worker and the post work, until it is over."""
    for _ in range(turns):
        deliver(world)
        work(world, news=news)
        if read_job(world, job).is_over:
            break
        world.wait(POLL)
    return read_job(world, job)


def test_every_family_is_told_once(world: World) -> None:
    settle(world, 8)

    end = finish(world, ask(world))

    assert (end.state, end.result, end.done) == ("done", {"ending": "done"}, 8)
    assert len(written_to(world)) == 8
    assert set(written_to(world).values()) == {1}
    assert counts(world) == (8, 8, 0, 0)


def test_the_first_mails_leave_alone_until_one_knows_what_became_of_them(world: World) -> None:
    settle(world, 8)
    job = ask(world)

    finish(world, job, news=False, turns=4)
    assert len(written_to(world)) == CANARY
    assert read_job(world, job).cursor["phase"] == "wait"

    assert finish(world, job).state == "done"
    assert len(written_to(world)) == 8


def test_news_that_do_not_come_are_waited_for_ten_minutes(world: World) -> None:
    settle(world, 8)
    job = ask(world)
    began = world.now

    assert finish(world, job, news=False).state == "done"

    assert world.now - began >= CANARY_WAIT
    assert len(written_to(world)) == 8


def test_a_post_that_takes_nothing_is_told_and_nothing_more_is_posted(world: World) -> None:
    settle(world, 8)
    job = ask(world)

    for _ in range(40):
        deliver(world)
        world.wait(POLL)

    assert read_job(world, job).result == {"ending": "silent"}
    assert world.aws.queue_bodies().count('"kind":"notice"') == CANARY


def test_what_comes_back_stops_it_and_it_goes_on_only_if_asked_to(world: World) -> None:
    settle(world, 8)
    settle(world, 8, site="evry-magnard", email="rebond{}@example.org")
    assert finish(world, ask(world)).result == {"ending": "stopped"}
    assert len(written_to(world)) < 16

    with pytest.raises(OfficeRefusal) as refusal:
        ask(world)
    assert refusal.value.code == "campaign_is_stopped"

    while finish(world, ask(world, replace(ANNOUNCE, go_on=True))).result == {"ending": "stopped"}:
        pass
    assert set(written_to(world).values()) == {1}
    assert len(written_to(world)) == 16


def test_a_used_quota_ends_it_and_the_next_job_does_the_rest(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(world, 8)
    monkeypatch.setattr(world.services.mailer, "quota", lambda: Quota(10_000, 10, is_sending=True))
    assert finish(world, ask(world)).result == {"ending": "quota"}
    assert len(written_to(world)) == 7

    monkeypatch.setattr(world.services.mailer, "quota", lambda: Quota(10_000, None, is_sending=True))
    assert finish(world, ask(world)).result == {"ending": "done"}
    assert set(written_to(world).values()) == {1}
    assert len(written_to(world)) == 8


def test_a_paused_account_sends_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(world, 2)
    monkeypatch.setattr(world.services.mailer, "quota", lambda: Quota(1, 10, is_sending=False))

    end = finish(world, ask(world))

    assert (end.state, end.result["refused"]) == ("failed", "ses_paused")
    assert world.services.campaigns.find(SEASON) is None


def test_a_turn_whose_time_is_up_leaves_the_rest_to_the_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each turn has time for one batch of ten at most."""
    settle(world, 21)
    turns = 0

    def short(turn: Any) -> Any:
        nonlocal turns
        turns += 1
        answers: Iterator[bool] = iter([True, False])
        turn.has_time = lambda: next(answers, False)
        return run_campaign_job(turn)

    monkeypatch.setitem(HANDLERS, "campaign", short)

    assert finish(world, ask(world)).done == 21
    assert turns > 3
    assert set(written_to(world).values()) == {1}


def test_of_two_who_ask_at_once_there_is_one_job(world: World) -> None:
    settle(world, 3)

    job = ask(world)
    with pytest.raises(OfficeRefusal, match="campaign_at_work") as refusal:
        ask(world)

    assert refusal.value.facts["who"] == "Odile Fauvette"
    assert finish(world, job).state == "done"
    assert set(written_to(world).values()) == {1}


def test_a_reminder_of_the_next_day_waits_for_the_one_that_is_still_leaving(world: World) -> None:
    settle(world, 3)
    finish(world, ask(world))
    reminder = CampaignOptions("remise")
    first = ask(world, reminder)

    world.wait(timedelta(days=1))
    with pytest.raises(OfficeRefusal, match="campaign_at_work"):
        ask(world, reminder)

    assert finish(world, first).state == "done"
    assert set(written_to(world).values()) == {2}  # the announcement, and one reminder


def test_one_from_clef_beside_it_writes_to_nobody_twice(world: World) -> None:
    settle(world, 8)
    job = ask(world)
    deliver(world)
    campaign = prepare_season(world.services, None, "Mme Lyre", world.now)
    plan = plan_campaign(world.services, CampaignInput(campaign, world.services.settings.network.sites), world.now)
    run = MailRun(
        world.services,
        plan,
        Quota(10_000, None, is_sending=True),
        timedelta(0),
        lambda: 0.0,
        hold=lambda _: work(world),
    )

    run.post(plan.mails)
    finish(world, job)

    assert len(written_to(world)) == 8
    assert set(written_to(world).values()) == {1}


def test_nobody_to_write_to_is_refused_and_starts_nothing(world: World) -> None:
    with pytest.raises(OfficeRefusal, match="campaign_nobody"):
        ask(world)

    assert deliver(world) == 0


def test_it_is_stopped_at_any_moment_and_no_more_leaves(world: World) -> None:
    settle(world, 8)
    job = ask(world)
    finish(world, job, news=False, turns=2)

    stop_campaign_job(world.services, read_job(world, job), MANAGER, world.now)
    end = finish(world, job)

    assert end.state == "cancelled"
    assert len(written_to(world)) == CANARY
    assert [act.kind for act in world.services.audit_trail.on("*", "season")] == ["campaign_asked", "campaign_stopped"]


def test_one_whose_job_the_desk_stops_meanwhile_is_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(world, 8)
    job = ask(world)
    finish(world, job, news=False, turns=2)
    add = world.services.audit_trail.add

    def stop_at_the_desk_first(entry: AuditEntry) -> None:
        monkeypatch.setattr(world.services.audit_trail, "add", add)
        stop_campaign_job(world.services, job, MANAGER, world.now)
        add(entry)

    monkeypatch.setattr(world.services.audit_trail, "add", stop_at_the_desk_first)
    stop_campaign(world.services, SEASON, "Mme Pie", world.now + timedelta(seconds=1))

    stops = [act.author.who for act in world.services.audit_trail.on("*", "season") if act.kind == "campaign_stopped"]
    assert sorted(stops) == sorted([MANAGER, "Mme Pie"])
    assert finish(world, job).state == "cancelled"


@pytest.mark.parametrize(
    ("call", "when"),
    [
        ("BatchWriteItem", "before"),
        ("PutItem", "before"),
        ("PutItem", "after"),
        ("SendMessageBatch", "before"),
        ("SendMessageBatch", "after"),
    ],
)
def test_whatever_call_fails_asking_again_sends_it_once(world: World, call: str, when: When) -> None:
    settle(world, 3)
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        ask(world)

    job = find_campaign_job(world.services, f"{SEASON}-1")  # a job that waits to be woken, or none yet
    if job:
        wake(world.services, job)
    finish(world, job or ask(world))

    assert set(written_to(world).values()) == {1}
    assert len(written_to(world)) == 3


@pytest.mark.parametrize(
    ("call", "calls"), [("Query", 0), ("UpdateItem", 1), ("PutItem", 0), ("SendMessageBatch", 0), ("UpdateItem", 3)]
)
def test_whatever_call_of_a_turn_fails_the_next_one_goes_on(world: World, call: str, calls: int) -> None:
    settle(world, 8)
    job = ask(world)
    with world.aws.failing(call, "after", times=1, skips=calls):
        deliver(world)
    world.wait(timedelta(minutes=3))

    assert finish(world, job).state == "done"
    assert len(written_to(world)) == 8
    assert set(written_to(world).values()) == {1}
