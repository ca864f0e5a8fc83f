"""A campaign's notice is written: the accounts of one mailbox claimed, one mail sent, what became of it noted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.notices import Notice, NoticeState, new_writer
from chalicelib.domain.campaign.audience import IN_DOUBT_AFTER, Audience, Fate
from chalicelib.domain.campaign.campaigns import Campaign
from chalicelib.domain.campaign.funnel import TO_ENROL
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.domain.enrolment.seasons import EnrolmentRef, season_of
from chalicelib.domain.refusals import Unanswered, Unavailable, Undeliverable
from chalicelib.mail.jobs import CampaignNotice
from chalicelib.office.campaign.notice_letter import NoticeLetter
from chalicelib.record import Event
from chalicelib.services import Services
from chalicelib.stores.dynamo import Lookup


def write(services: Services, job: CampaignNotice, now: datetime) -> None:
    """Write to those families of a job that still are to be written to, each once, all in one mail.

    Raises `Unavailable`: delivered again, the job finds out whether its mail left.
    """
    reason = "stale" if job.is_stale(now) else _Writing(services, job, now).write()
    if reason:
        services.record.write("campaign_dropped", now, job.request, campaign=job.campaign, reason=reason)


@dataclass(frozen=True)
class _Known:
    """What a job is decided on, read at once."""

    campaign: Campaign
    periods: Periods
    accounts: tuple[Account, ...]
    enrolments: Mapping[AccountRef, Enrolment]  # of a reminder only


@dataclass(frozen=True)
class _Writing:
    """One job at work; what it claims bears its own mark."""

    services: Services
    job: CampaignNotice
    now: datetime
    writer: str = field(default_factory=new_writer)

    def write(self) -> str | None:
        """Claim, send, note; or tell why not."""
        known = self._read()
        if known is None or known.campaign.state == "stopped":
            return "stopped" if known else "unknown"
        if any(map(self._is_in_doubt, known.accounts)):
            return "in_doubt"  # another consumer is at it; or it died, and the next run writes to the others
        try:
            claimed = self._claim(known)
            if claimed:
                self._send(known, claimed)
        except Unanswered as lost:
            self._doubt(claimed[0].ref, str(lost))
        except Unavailable:
            self._release(known)
            raise
        except Undeliverable:
            self._note(claimed, "bounced")
        else:
            self._note(claimed, "sent")
        return None if claimed else "not_due"

    def _read(self) -> _Known | None:
        services, job = self.services, self.job
        lookups: list[Lookup[Any]] = [
            services.campaigns.one(job.campaign),
            services.periods.lookup(),
            *(services.accounts.one(AccountRef(*each)) for each in job.accounts),
        ]
        campaign, periods, *found = services.database.read_together(*lookups)
        accounts = tuple(account for account in found if account)
        return _Known(campaign, periods, accounts, self._enrolments(campaign, periods)) if campaign else None

    def _enrolments(self, campaign: Campaign | None, periods: Periods) -> dict[AccountRef, Enrolment]:
        """Read the re-enrolments, which a reminder is decided on: who sent its own meanwhile is not reminded."""
        if campaign is None or campaign.step is None:
            return {}
        refs = (AccountRef(*each) for each in self.job.accounts)
        asked = (EnrolmentRef(ref, season_of(periods.of(ref.site), self.now)) for ref in refs)
        found = self.services.database.read_together(*map(self.services.enrolments.one, asked))
        return {each.ref.account: each for each in found}

    @property
    def _doubts_before(self) -> datetime | None:
        return self.job.asked_at - IN_DOUBT_AFTER if self.job.again else None

    def _is_in_doubt(self, account: Account) -> bool:
        notice = account.notice_at(self.job.campaign, self.job.mailbox)
        if notice is None or notice.state != "sending":
            return False
        return self._doubts_before is None or notice.at >= self._doubts_before

    def _is_due(self, known: _Known, account: Account) -> bool:
        """Tell whether an account still is to be written to at this mailbox, and there is something to tell it."""
        network = self.services.settings.network
        period = known.periods.of(account.ref.site)
        if network.site(account.ref.site) is None or period is None or period.state(self.now) == "after":
            return False
        if known.campaign.step in TO_ENROL and period.state(self.now) == "before":
            return False
        pseudonyms = self.services.record.pseudonyms
        audience = Audience(known.campaign, network.campaign.guardians, pseudonyms, self._doubts_before)
        return self.job.mailbox in audience.turn(account, known.enrolments.get(account.ref))[1]

    def _claim(self, known: _Known) -> list[Account]:
        """Claim each account that is due; none where another consumer claimed the first."""
        due = [account for account in known.accounts if self._is_due(known, account)]
        claimed: list[Account] = []
        for account in due:
            notice = self._notice(each for each in due if each is not account)
            written = self.services.notices.claim(account, notice, partial(self._is_due, known))
            if written and written[0] is not written[1]:
                claimed.append(written[1])
            elif written and not claimed and self._is_in_doubt(written[0]):
                break
        return claimed

    def _notice(self, companions: Iterable[Account] = ()) -> Notice:
        listed = tuple((each.ref.site, each.ref.identifier) for each in companions)
        return Notice(self.job.campaign, self.job.mailbox, "sending", self.now, listed, self.writer)

    def _release(self, known: _Known) -> None:
        for account in known.accounts:
            self.services.notices.release(account, self._notice())

    def _send(self, known: _Known, claimed: list[Account]) -> None:
        services, job, lead = self.services, self.job, claimed[0]
        network, step = services.settings.network, known.campaign.step
        said = NoticeLetter(network, known.periods, step, tuple(claimed), known.enrolments)
        email = lead.mailbox(job.mailbox, services.record.pseudonyms) or ""
        services.mailer.send(said.to(email, self.now), lead.ref, {"campaign": job.campaign, "mailbox": job.mailbox})

    def _note(self, claimed: list[Account], state: NoticeState) -> None:
        if not claimed:
            return
        lead, *others = claimed
        fate = Fate(self.job.campaign, self.job.mailbox, state, self.now)
        told = self.services.notices.tell(lead.ref, (each.ref for each in others), fate, lead)
        self._record("campaign_mailed" if state == "sent" else "mailbox_failing", lead.ref)
        if told.is_stopped:
            self._record("campaign_stopped")

    def _doubt(self, lead: AccountRef, what: str) -> None:
        """Nobody can say whether the mail left: it is not sent again by itself."""
        self._record("campaign_uncertain", lead, what)
        self.services.campaigns.count(self.job.campaign, "uncertain")
        if self.services.campaigns.stop_if_it_must(self.job.campaign):
            self._record("campaign_stopped")

    def _record(self, event: Event, account: AccountRef | None = None, what: str = "") -> None:
        details = {"campaign": self.job.campaign} | ({"what": what} if what else {})
        self.services.record.write(event, self.now, self.job.request, account=account, address=None, **details)
