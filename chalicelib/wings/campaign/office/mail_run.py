"""A run that sends a campaign at SES's pace, a canary first, until stopped or out of time."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.enrolment.answers import PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, PupilFile, SentAnswers
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.households import Household, Pupil, pupil_key
from chalicelib.infra.batches import batches
from chalicelib.mail.letters import Letter
from chalicelib.mail.mailer import Quota, Undeliverable
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices as Services
from chalicelib.wings.campaign.domain.campaigns import CANARY, Campaign
from chalicelib.wings.campaign.office.campaign import CampaignMail, CampaignPlan, post
from chalicelib.wings.campaign.office.notice import NoticeLetter

_NAME = "Famille Exemple"
_IDENTIFIER = "EXEMPLE1"
_PUPIL = Pupil("Alix Exemple")
_WORDS = "Quel jour préférez-vous ?"


def sample(services: Services, plan: CampaignPlan, now: datetime, to: str = "") -> Letter:
    """Write the mail to a fictitious family of the first site with a period. Raises `OfficeRefusal`."""
    periods = services.periods.read()
    code = next((code for code in plan.sites if periods.of(code)), None)
    if code is None:
        raise OfficeRefusal("campaign_no_period", site=next(iter(plan.sites)))
    ref, step = AccountRef(code, _IDENTIFIER.lower()), plan.campaign_input.campaign.step
    family = Account(ref, _NAME, (), "", display_identifier=_IDENTIFIER, household=Household(pupils=(_PUPIL,)))
    enrolments = {ref: _enrolment(ref, now)} if step == "to_complete" else {}
    return NoticeLetter(services.settings.network, periods, step, (family,), enrolments).to(to, now)


def _enrolment(ref: AccountRef, now: datetime) -> Enrolment:
    """Make a fictitious re-enrolment with a request of the office."""
    answers = SentAnswers(PupilAnswers(stays=True), "", now, EnrolmentDecision("to_complete", "", now, _WORDS))
    file = PupilFile(pupil_key(_PUPIL), _PUPIL.name, sent=answers)
    return Enrolment(EnrolmentRef(ref, str(now.year)), now, pupils=(file,))


def mail_trial(services: Services, plan: CampaignPlan, text: str, now: datetime) -> Letter:
    """Send the sample to one address, marked as a trial and not counted. Raises `OfficeRefusal`, `Unavailable`."""
    address = email_from(text)
    if not address:
        raise OfficeRefusal("email_unreadable", email=text)
    letter = sample(services, plan, now, address)
    letter = replace(letter, subject=f"[Essai] {letter.subject}")
    try:
        services.mailer.send(letter, AccountRef(next(iter(plan.sites)), _IDENTIFIER.lower()))
    except Undeliverable:
        raise OfficeRefusal("trial_undeliverable", email=text) from None
    return letter


SHARE: Final = 0.7  # of SES's rate and daily quota: requested passwords need the rest

MailRunOutcome = Literal["done", "stopped", "quota", "silent"]

_AT_ONCE: Final = 10  # jobs in one call
_SLOWEST: Final = 0.5  # mails a second
_CHECK_EVERY: Final = 2.0  # seconds between two checks of the campaign and the queue
_AHEAD: Final = 10.0  # seconds of mails that may wait in the queue, since passwords wait behind them
_QUIET: Final = 15.0  # seconds without a job after which the queue is empty: SQS counts late
_DRAIN: Final = timedelta(minutes=5)


class CampaignStopped(Exception):
    """The campaign was stopped, automatically for its failures or by a person."""


@dataclass
class MailRun:
    """One run. `hold` waits some seconds, `clock` counts them, `advance` gets each mail posted.

    `has_time`: whether to go on. A job posts the rest in its next turn.
    """

    services: Services
    plan: CampaignPlan
    quota: Quota
    canary_wait: timedelta
    clock: Callable[[], float]
    advance: Callable[[int], object] = lambda _: None
    hold: Callable[[float], None] = time.sleep
    has_time: Callable[[], bool] = lambda: True
    _ready_at: float = field(default=0, init=False)
    _check_at: float = field(default=0, init=False)
    _sent_before: int = field(default=0, init=False)

    def run(self) -> MailRunOutcome:
        """Post the mails allowed today. Returns the end: complete, stopped, cut short, or never sent."""
        before = self.campaign()
        self._sent_before = before.sent + before.uncertain
        mails = self.plan.mails[: self.room]
        canary = mails[: max(0, CANARY - before.sent)]
        try:
            self.post(canary)
            if canary and not self._wait_until_sent(len(canary), self.canary_wait, is_canary=True):
                return "silent"
            self.post(mails[len(canary) :])
            self._wait_until_sent(len(mails), _DRAIN)
        except CampaignStopped:
            return "stopped"
        return "done" if len(mails) == len(self.plan.mails) else "quota"

    def campaign(self) -> Campaign:
        """Read the current campaign."""
        campaign = self.plan.campaign_input.campaign
        return self.services.campaigns.find(campaign.name) or campaign

    @property
    def pace(self) -> float:
        """Mails a second."""
        return max(_SLOWEST, self.quota.a_second * SHARE)

    @property
    def room(self) -> int | None:
        """Mails still allowed today. None: all."""
        return None if self.quota.left_today is None else int(self.quota.left_today * SHARE)

    def post(self, mails: Sequence[CampaignMail]) -> None:
        """Post mails at the current pace, while there is time. Raises `CampaignStopped`, `Unavailable`."""
        at_once = max(1, min(_AT_ONCE, int(self.pace)))
        for group in batches(mails, at_once):
            if not self.has_time():
                return
            self._check_regularly()
            self.hold(max(0.0, self._ready_at - self.clock()))
            self._ready_at = max(self._ready_at, self.clock()) + len(group) / self.pace
            post(self.services, self.plan, group, self.services.clock())
            self.advance(len(group))

    def _check_regularly(self) -> None:
        """Every few seconds, check the campaign, and wait while the queue is long. Raises `CampaignStopped`."""
        if self.clock() < self._check_at:
            return
        self.check()
        while self.services.post_box.waiting() > _AHEAD * self.pace and self.has_time():
            self.hold(1)
            self.check()
        self._check_at = self.clock() + _CHECK_EVERY

    def check(self) -> Campaign:
        """Check whether the campaign goes on, and stop it after too many failures. Raises `CampaignStopped`."""
        campaign = self.campaign()
        if campaign.state == "running" and campaign.must_stop:
            self.services.campaigns.stop(campaign.name)
        if campaign.state == "stopped" or campaign.must_stop:
            raise CampaignStopped
        return campaign

    def _wait_until_sent(self, count: int, patience: timedelta, *, is_canary: bool = False) -> bool:
        """Wait until the mails are sent, those of the canary until their outcome is known, or until patience ends.

        False if nothing was sent and no consumer takes the jobs. Raises `CampaignStopped`.
        """
        until, quiet_until = self.clock() + patience.total_seconds(), self.clock() + _QUIET
        while self.clock() < until:
            campaign, waiting = self.check(), self.services.post_box.waiting()
            quiet_until = self.clock() + _QUIET if waiting else quiet_until
            is_known = campaign.delivered + campaign.bounced >= campaign.sent or not is_canary
            if is_known and (self._sent_since_start(campaign) >= count or self.clock() >= quiet_until):
                return True
            self.hold(1)
        return self._sent_since_start(self.check()) > 0 or not self.services.post_box.waiting()

    def _sent_since_start(self, campaign: Campaign) -> int:
        """Count the mails sent, surely or possibly, since this run began."""
        return campaign.sent + campaign.uncertain - self._sent_before
