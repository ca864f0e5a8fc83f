"""A campaign started at the desk: once, then posted by a job in turns, as `clef` does in one run.

No family gets two mails, since the consumer claims each notice on its account (office/campaign/notice.py). Jobs that
restart, or run beside each other or `clef`, only cost jobs without effect.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.account import select_sites
from chalicelib.office.enrolment.period import NO_SITE, SEASON_TRAIL
from chalicelib.office.jobs.job_run import JobOutcome, JobRun
from chalicelib.office.jobs.jobs import cancel, find_job, list_jobs, start
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices as Services
from chalicelib.values import frozen
from chalicelib.wings.campaign.domain.campaigns import CANARY, Campaign
from chalicelib.wings.campaign.office.campaign import (
    CampaignInput,
    CampaignPlan,
    ReminderInput,
    Token,
    begin,
    find_season,
    plan_campaign,
    prepare_reminder,
    prepare_season,
)
from chalicelib.wings.campaign.office.mail_run import CampaignStopped, MailRun

KIND: Final = "campaign"
POLL: Final = timedelta(seconds=20)  # SQS counts late: its count then includes the last jobs posted
CANARY_WAIT: Final = timedelta(minutes=10)
DRAIN: Final = timedelta(minutes=5)


@frozen
class CampaignOptions:
    """A campaign's form on the desk: the announcement (no step) or a reminder, at one site or all.

    `again`: only mails that may or may not have been sent. `go_on`: resume a stopped campaign.
    """

    token: Token | None
    site: str | None = None
    again: bool = False
    go_on: bool = False


def prepare(services: Services, options: CampaignOptions, by: str, now: datetime) -> CampaignInput:
    """Find or make the requested campaign. Raises `OfficeRefusal`."""
    sites = select_sites(services.settings.network, options.site)
    if options.token is None:
        campaign = prepare_season(services, None, by, now)
    else:
        campaign = prepare_reminder(services, ReminderInput(options.token), by, now)
    return CampaignInput(campaign, sites, again=options.again)


def start_campaign_job(services: Services, options: CampaignOptions, by: str, now: datetime) -> DeskJob:
    """Start a job that sends a campaign. Raises `OfficeRefusal`: no recipients, or another job sends it."""
    choice = prepare(services, options, by, now)
    plan = plan_campaign(services, choice, now)
    if not plan.mails:
        raise OfficeRefusal("campaign_nobody")
    if choice.campaign.state == "stopped" and not options.go_on:
        raise OfficeRefusal("campaign_is_stopped")
    name = choice.campaign.name
    job = DeskJob.ask(
        KIND, by, now, _subject(choice.campaign, options), id=_new_id(services, name, options.token or "")
    )
    services.audit_trail.add(AuditEntry("campaign_asked", options.site or NO_SITE, SEASON_TRAIL, Author(by, name), now))
    start(services, job)
    return job


def find_campaign_job(services: Services, id: str) -> DeskJob | None:  # noqa: A002 - its name everywhere
    """Find the job of a campaign."""
    job = find_job(services, id)
    return job if job and job.kind == KIND else None


def stop_campaign_job(services: Services, job: DeskJob, by: str, now: datetime) -> None:
    """Stop a campaign by its job, even if another sends it. Raises `OfficeRefusal` if its job is over."""
    _stop(services, job.subject["campaign"], job.subject["site"], by, now)
    cancel(services, job, now)


def stop_campaign(services: Services, name: str, by: str, now: datetime) -> None:
    """Stop a campaign by its name, with its jobs. Idempotent. Raises `OfficeRefusal` for an unknown campaign."""
    at_work = [job for job in _sendings(services) if job.is_at_work and job.subject["campaign"] == name]
    for job in at_work:
        with suppress(OfficeRefusal):  # its job has just ended, and the campaign is stopped
            stop_campaign_job(services, job, by, now)
    campaign = None if at_work else find_season(services, name)
    if campaign and campaign.state != "stopped":
        _stop(services, name, "", by, now)


def _stop(services: Services, name: str, site: str, by: str, now: datetime) -> None:
    author = Author(by, name)
    services.audit_trail.add(AuditEntry("campaign_stopped", site or NO_SITE, SEASON_TRAIL, author, now))
    if services.campaigns.find(name):
        services.campaigns.stop(name)


def _sendings(services: Services) -> list[DeskJob]:
    return [job for job in list_jobs(services) if job.kind == KIND]


def _new_id(services: Services, name: str, step: str) -> str:
    """Make the next number of a campaign's jobs, the same for two concurrent requests. Raises `OfficeRefusal`.

    No other of its step begins while one is running: a reminder's name has its day, and another day's would also mail
    the families that the first has not reached yet.
    """
    sendings = _sendings(services)
    before = [job for job in sendings if job.subject["campaign"] == name]
    if at_work := next((job for job in sendings if job.is_at_work and job.subject["step"] == step), None):
        by = at_work.asked_by.partition(" <")[0]
        raise OfficeRefusal("campaign_at_work", who=by, when=at_work.asked_at)
    return f"{name}-{1 + max((int(job.id.rpartition('-')[2]) for job in before), default=0)}"


def _subject(campaign: Campaign, options: CampaignOptions) -> dict[str, Any]:
    return {
        "campaign": campaign.name,
        "step": options.token or "",
        "about": campaign.about or "",
        "site": options.site or "",
        "again": options.again,
        "go_on": options.go_on,
    }


def run_campaign_job(run: JobRun) -> JobOutcome | None:
    """Continue a campaign: its first mails, their outcome, the others, until all are sent."""
    return CampaignJob(run).go_on()


@dataclass
class CampaignJob:
    """One turn. `hold` waits some seconds, which the turn's clock counts."""

    run: JobRun
    hold: Callable[[float], None] = time.sleep
    cursor: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        """Continue from the last turn."""
        self.cursor = dict(self.run.job.cursor)

    def go_on(self) -> JobOutcome | None:
        """Take the next step. If the campaign was stopped concurrently, end as stopped."""
        phases = {"canary": self._post, "wait": self._wait, "rest": self._post, "drain": self._drain}
        try:
            if not self.cursor:
                self._begin()
            return phases[self.cursor["phase"]]()
        except CampaignStopped:
            return JobOutcome("failed", {"ending": "stopped"})

    def _begin(self) -> None:
        """Begin the campaign, and count its mails. Raises `OfficeRefusal`, `CampaignStopped`."""
        if not self.run.services.mailer.quota().is_sending:
            raise OfficeRefusal("ses_paused")
        run = self._run()
        campaign = begin(self.run.services, run.plan, resume=self._subject["go_on"])
        if campaign.state == "stopped":
            raise CampaignStopped
        total, room = len(run.plan.mails), run.room
        of = total if room is None else min(total, room)
        canary = min(of, max(0, CANARY - campaign.sent))
        before, phase = campaign.sent + campaign.uncertain, "canary" if canary else "rest"
        self.cursor = {"phase": phase, "after": "", "canary": canary, "before": before, "all": of == total}
        self.run.save(self.cursor, 0, of)

    def _post(self) -> JobOutcome | None:
        """Post mails in the order of their mailboxes: the canary's, or all others."""
        job, is_canary = self.run.job, self.cursor["phase"] == "canary"
        run = self._run()
        rest = [mail for mail in run.plan.mails if mail.mailbox > self.cursor["after"]]
        batch = rest[: max(0, (self.cursor["canary"] if is_canary else job.of) - job.done)]
        number = 0

        def advance(count: int) -> None:
            nonlocal number
            number += count
            self.cursor["after"] = batch[number - 1].mailbox
            self.run.save(self.cursor, job.done + number, job.of)

        run.advance = advance
        run.post(batch)
        if number == len(batch):
            self._enter("wait" if is_canary and self.cursor["canary"] < job.of else "drain")
        return None

    def _wait(self) -> JobOutcome | None:
        """Wait for the canary's outcome. End if nothing was sent and no consumer takes the jobs."""
        campaign, is_waiting = self._check(), self.run.services.post_box.waiting() > 0
        has_left = self._has_left(campaign)
        is_known = campaign.delivered + campaign.bounced >= campaign.sent
        if self._is_over and is_waiting and not has_left:
            return JobOutcome("failed", {"ending": "silent"})
        if self._is_over or (is_known and (has_left >= self.run.job.done or not is_waiting)):
            self._enter("rest")
        else:
            self.run.rest = POLL
        return None

    def _drain(self) -> JobOutcome | None:
        """Wait until the posted mails are sent."""
        campaign = self._check()
        is_gone = self._has_left(campaign) >= self.run.job.done or not self.run.services.post_box.waiting()
        if is_gone or self._is_over:
            return JobOutcome("done", {"ending": "done" if self.cursor["all"] else "quota"})
        self.run.rest = POLL
        return None

    def _enter(self, phase: str) -> None:
        patience = {"wait": CANARY_WAIT, "drain": DRAIN}.get(phase)
        if patience:
            self.cursor["until"] = int((self.run.now + patience).timestamp())
            self.run.rest = POLL
        self.cursor["phase"] = phase
        self.run.save(self.cursor, self.run.job.done, self.run.job.of)

    @property
    def _is_over(self) -> bool:
        return self.run.now.timestamp() >= int(self.cursor["until"])

    @property
    def _subject(self) -> Mapping[str, Any]:
        return self.run.job.subject

    def _has_left(self, campaign: Campaign) -> int:
        """Count the mails sent, surely or possibly, since this job began."""
        return campaign.sent + campaign.uncertain - int(self.cursor["before"])

    def _check(self) -> Campaign:
        """Check whether the campaign goes on. One that no longer exists was erased, and counts as stopped."""
        campaigns = self.run.services.campaigns
        campaign = campaigns.find(self._subject["campaign"])
        if campaign is None:
            raise CampaignStopped
        if campaign.state == "running" and campaign.must_stop:
            campaigns.stop(campaign.name)
        if campaign.state == "stopped" or campaign.must_stop:
            raise CampaignStopped
        return campaign

    def _run(self) -> MailRun:
        services = self.run.services
        return MailRun(
            services,
            self._plan(),
            services.mailer.quota(),
            CANARY_WAIT,
            clock=lambda: self.run.clock().timestamp(),
            hold=self.hold,
            has_time=self.run.has_time,
        )

    def _plan(self) -> CampaignPlan:
        """List the recipients again, without those mailed since."""
        services, subject, by = self.run.services, self._subject, self.run.job.asked_by
        if subject["step"]:
            reminder = ReminderInput(subject["step"], subject["about"], subject["campaign"])
            campaign = prepare_reminder(services, reminder, by, self.run.now)
        else:
            campaign = prepare_season(services, subject["campaign"], by, self.run.now)
        sites = select_sites(services.settings.network, subject["site"] or None)
        return plan_campaign(services, CampaignInput(campaign, sites, again=subject["again"]), self.run.now)
