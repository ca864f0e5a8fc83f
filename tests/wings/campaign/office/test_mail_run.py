"""A campaign sent: canary first, at SES's pace, stopped by failures, once to each family after any interruption."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.refusals import Unavailable
from chalicelib.mail.mailer import Quota
from chalicelib.wings.campaign.domain import campaigns
from chalicelib.wings.campaign.office import mail_run as sending
from chalicelib.wings.campaign.office.campaign import CampaignInput, begin, plan_campaign, prepare_season
from chalicelib.wings.campaign.office.mail_run import MailRun, MailRunOutcome
from tests.support.aws import When, faults_of
from tests.support.campaigns import SEASON, announce, counts, settle, work, written_to
from tests.support.keys import key_variables
from tests.support.passing_time import Meanwhile
from tests.support.world import World
from tools.local.aws import CREDENTIALS

PLENTY = Quota(100, 50_000, is_sending=True)
ROOT = Path(__file__).parents[4]

CANARY = 5  # fewer than there are: the same rules, sooner

pytestmark = pytest.mark.usefixtures("period", "small_canary")


@pytest.fixture
def small_canary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaigns, "CANARY", CANARY)
    monkeypatch.setattr(sending, "CANARY", CANARY)


@pytest.fixture
def period(world: World) -> None:
    announce(world)


def prepare(world: World, time: Meanwhile, quota: Quota = PLENTY, *, go_on: bool = False) -> MailRun:
    """Plan and begin as the command does."""
    campaign = prepare_season(world.services, None, "Mme Lyre", world.now)
    plan = plan_campaign(world.services, CampaignInput(campaign, world.services.settings.network.sites), world.now)
    begin(world.services, plan, resume=go_on)
    return MailRun(world.services, plan, quota, timedelta(seconds=20), hold=time.hold, clock=time.clock)


def send(world: World, time: Meanwhile | None = None, quota: Quota = PLENTY) -> MailRunOutcome:
    return prepare(world, time or Meanwhile(world), quota).run()


def test_nobody_to_write_to_is_done_at_once(world: World) -> None:
    assert send(world) == "done"


# The canary.


def test_the_canary_leaves_first_and_no_more_until_one_knows_what_became_of_them(world: World) -> None:
    settle(world, CANARY + 10)
    progress: list[tuple[int, int]] = []

    def news_come_later(there: World) -> None:
        progress.append((counts(there)[1], len(there.mails()) + there.services.post_box.waiting()))
        work(there, news=len(progress) % 4 == 0)

    send(world, Meanwhile(world, news_come_later))

    assert max(posted for arrived, posted in progress if arrived < CANARY) == CANARY
    assert len(world.mails()) == CANARY + 10


def test_set_going_again_it_is_judged_anew_and_reaches_the_rest(world: World) -> None:
    settle(world, 8)
    settle(world, 8, site="evry-magnard", email="rebond{}@example.org")
    endings = [send(world)]

    while endings[-1] == "stopped":
        endings.append(prepare(world, Meanwhile(world), go_on=True).run())

    assert endings[0] == "stopped"
    assert endings[-1] == "done"
    assert set(written_to(world).values()) == {1}
    assert len(written_to(world)) == 16


def test_news_that_do_not_come_within_the_wait_are_no_reason_to_stop(world: World) -> None:
    settle(world, CANARY + 5)
    time = Meanwhile(world, partial(work, news=False))

    assert send(world, time) == "done"

    assert len(world.mails()) == CANARY + 5
    assert time.seconds - 1000 >= 20


def test_a_post_that_takes_nothing_is_told_and_nothing_more_is_posted(world: World) -> None:
    settle(world, CANARY + 5)

    assert send(world, Meanwhile(world, lambda _: None)) == "silent"

    assert world.aws.queue_bodies().count('"kind":"notice"') == CANARY


def test_one_that_somebody_stops_stops(world: World) -> None:
    settle(world, CANARY + 30)

    def work_then_stop(there: World) -> None:
        work(there)
        if counts(there)[0] >= CANARY:
            there.services.campaigns.stop(SEASON)

    assert send(world, Meanwhile(world, work_then_stop)) == "stopped"


# The pace.


@pytest.mark.parametrize(("seconds", "least"), [(14, 2.7), (100, 0.5), (5, 6.8)])
def test_it_takes_seven_tenths_of_the_pace_that_ses_allows(world: World, seconds: float, least: float) -> None:
    settle(world, 21)
    time = Meanwhile(world)

    send(world, time, Quota(seconds, None, is_sending=True))

    assert time.seconds - 1000 >= least


def test_no_more_leave_in_a_day_than_ses_allows_and_passwords_need(world: World) -> None:
    settle(world, 20)

    assert send(world, quota=Quota(100, 10, is_sending=True)) == "quota"
    assert len(world.mails()) == 7
    assert send(world) == "done"
    assert set(written_to(world).values()) == {1}
    assert len(written_to(world)) == 20


def test_passwords_do_not_wait_behind_a_long_queue(world: World) -> None:
    settle(world, 80)
    send(world, quota=Quota(100, 10, is_sending=True))  # the canary has left
    waiting: list[int] = []

    def a_slow_post(there: World) -> None:
        waiting.append(there.services.post_box.waiting())
        if len(waiting) % 30 == 0:
            work(there)

    send(world, Meanwhile(world, a_slow_post), Quota(3, None, is_sending=True))

    assert 15 < max(waiting) < 3 * (10 + 2)  # ten seconds of mails, and those posted between two checks
    assert len(written_to(world)) == 80


# Interrupted.


@faults_of("GetItem", "GetQueueAttributes", "SendMessageBatch")
@pytest.mark.parametrize("spared", [0, 2, 4])
def test_a_failed_call_ends_it_and_the_next_run_does_the_rest(world: World, call: str, spared: int, when: When) -> None:
    settle(world, 14)
    ready = prepare(world, Meanwhile(world))

    with world.aws.failing(call, when, skips=spared, times=1), suppress(Unavailable):
        ready.run()
    send(world)

    assert set(written_to(world).values()) == {1}
    assert len(written_to(world)) == 14


@pytest.mark.parametrize("holds", range(1, 12, 2))
def test_interrupted_while_it_waits_the_next_run_reaches_the_rest(world: World, holds: int) -> None:
    settle(world, 14)
    rest = [holds]

    def interrupt(there: World) -> None:
        rest[0] -= 1
        if not rest[0]:
            raise KeyboardInterrupt
        work(there)

    with suppress(KeyboardInterrupt):
        send(world, Meanwhile(world, interrupt))
    send(world)

    assert set(written_to(world).values()) == {1}
    assert len(written_to(world)) == 14


_COMMAND = """
import os
from chalicelib.wings.campaign.office import mail_run
from agency.console import connection
from agency.cli import main
from agency.console.connection import Connection
from chalicelib import wiring
from chalicelib.wings.campaign.domain import campaigns
from chalicelib.services.office import OfficeServices
from chalicelib.settings.environment import load_settings
from operations.deploy.aws import Aws
settings = load_settings(os.environ)
services = OfficeServices.over(wiring.build(settings))
connection._local = lambda: Connection(services, Aws("eu-west-3", settings.endpoint_url), None, None)
campaigns.CANARY = mail_run.CANARY = 5
mail_run._QUIET = 2
main(["campaign", "send", "--apply", "--campaign", "reinscription-2026"])
"""


def command(world: World) -> "subprocess.Popen[str]":
    settings = world.services.settings
    environment = {
        **os.environ,
        **CREDENTIALS,
        **world.resources.environment(),
        "CLEF_ENDPOINT_URL": settings.endpoint_url or "",
        "CLEF_RECORD_KEY": settings.record_key,
        **key_variables(settings.keys),
        "CLEF_CDN_SECRET_DIGESTS": settings.cdn_secret_digests[0],
        "CLEF_PUBLIC_URL": settings.network.public_url,
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen(
        [sys.executable, "-c", _COMMAND], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def wait_for_jobs(world: World, number: int, sending: "subprocess.Popen[str]") -> None:
    while world.services.post_box.waiting() < number:
        assert sending.poll() is None, "the command ended before it posted them"
        time.sleep(0.05)


@pytest.mark.parametrize("stage", ["the canary posted", "the canary sent", "the rest posted"])
def test_killed_at_any_stage_the_same_command_reaches_the_rest(world: World, stage: str) -> None:
    announce(world, Periods(EnrolmentPeriod(date(2026, 9, 10), date(2099, 9, 10))))  # the command has the real clock
    settle(world, 14)

    with command(world) as first:
        wait_for_jobs(world, CANARY, first)
        if stage != "the canary posted":
            work(world, news=stage == "the rest posted")
        if stage == "the rest posted":
            wait_for_jobs(world, 14 - CANARY, first)
        first.kill()
    with command(world) as second:
        while second.poll() is None:
            work(world)
            time.sleep(0.05)
        output = second.stdout.read() if second.stdout else ""
    work(world)

    assert (first.returncode, second.returncode) == (-signal.SIGKILL, 0), output
    assert "14 mails partis" in output
    assert counts(world) == (14, 14, 0, 0)
    assert set(written_to(world).values()) == {1}
    assert len(written_to(world)) == 14
