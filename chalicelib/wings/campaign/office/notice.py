"""The consumer of a campaign's notices: claims a mailbox's accounts, sends one mail, notes its outcome."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.logins import login_refs
from chalicelib.domain.account.notices import DeliveryOutcome, Notice, NoticeState, new_writer
from chalicelib.domain.account.separation import as_addressed
from chalicelib.domain.dossiers.documents import DueDocument
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile, see_enrolment
from chalicelib.domain.enrolment.funnel import TO_ENROL
from chalicelib.domain.enrolment.paperwork import due_documents
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod, EnrolmentRef, Periods, season_of
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.infra.record import Event
from chalicelib.mail import letters
from chalicelib.mail.mailer import Unanswered, Undeliverable
from chalicelib.services.office import OfficeServices as Services
from chalicelib.settings.environment import Network, Site
from chalicelib.values import frozen
from chalicelib.wings.campaign.domain.audience import IN_DOUBT_AFTER, Audience
from chalicelib.wings.campaign.domain.campaigns import Campaign
from chalicelib.wings.campaign.mail import CampaignNotice

# The steps of the funnel after a first mail: a reminder mentions it.
_TOLD_BEFORE: Final = frozenset({"notified", "delivered", "password"})


@frozen
class NoticeEntry:
    """One account in the letter."""

    site: Site
    account: Account
    period: EnrolmentPeriod
    enrolment: Enrolment | None = None
    due: tuple[DueDocument, ...] = ()

    @property
    def season(self) -> str:
        """The announced season."""
        return str(self.period.opens_on.year)

    @property
    def has_password(self) -> bool:
        """Whether its usual login works. An unused mailed password may have expired."""
        return self.account.password is not None

    @property
    def to_send(self) -> tuple[str, ...]:
        """The names of the pupils with nothing sent yet."""
        return tuple(name for name, file in self._files if file is None or file.sent is None)

    @property
    def to_complete(self) -> tuple[tuple[str, str], ...]:
        """The pupils whose answers are to be completed, with the office's words."""
        decisions = ((name, file.sent.decision) for name, file in self._files if file and file.sent)
        return tuple(
            (name, decision.words) for name, decision in decisions if decision and decision.verdict == "to_complete"
        )

    @property
    def _files(self) -> tuple[tuple[str, PupilFile | None], ...]:
        on_file = self.account.household.pupils_by_key
        return tuple(
            (pupil.name, self.enrolment.pupil(key) if self.enrolment else None) for key, pupil in on_file.items()
        )


@frozen
class NoticeLetter:
    """A notice, or a reminder to families at a step, about some accounts of sites that announced a period."""

    network: Network
    periods: Periods
    step: str | None
    accounts: tuple[Account, ...] = field(repr=False)
    enrolments: Mapping[AccountRef, Enrolment] = field(default_factory=dict, repr=False)
    logins: Mapping[AccountRef, Account] = field(default_factory=dict, repr=False)  # own logins of guardians

    def to(self, email: str, now: datetime) -> letters.Letter:
        """Write the letter for a mailbox."""
        entries = tuple(self._entry(account, self._addressed(account, email), now) for account in self.accounts)
        name = "awaited" if self.step in TO_ENROL else "notice"
        return letters.fill(name, email, now, facts_of(self.network, self.step, entries) | {"now": now})

    def _addressed(self, account: Account, email: str) -> Account:
        """Take the login opened by the address, and distinguish its login methods from the others'."""
        reader = as_addressed(account, email)
        login = self.logins.get(AccountRef(account.ref.site, reader.view.login)) if reader.view else None
        return replace(reader, password=login.password, passkeys=login.passkeys, links=login.links) if login else reader

    def _entry(self, account: Account, reader: Account, now: datetime) -> NoticeEntry:
        site, period = self.network.site(account.ref.site), self.periods.of(account.ref.site)
        if site is None or period is None:
            raise ValueError("a notice tells the period of a site of the network")
        enrolment = self.enrolments.get(account.ref)
        view = see_enrolment(enrolment, reader) if enrolment else None
        return NoticeEntry(site, reader, period, view, self._due(account, enrolment, now))

    def _due(self, account: Account, enrolment: Enrolment | None, now: datetime) -> tuple[DueDocument, ...]:
        if enrolment is None or enrolment.started_at is None:
            return ()
        rules, today = self.network.enrolment.document_rules, now.astimezone(PARIS).date()
        return due_documents(rules, account.household.pupils_by_key, enrolment, today)


def facts_of(network: Network, step: str | None, entries: tuple[NoticeEntry, ...]) -> dict[str, object]:
    """List the letter's facts. The name, period and season are set only if all entries share them."""
    names = {entry.account.name for entry in entries}
    periods = {entry.period for entry in entries}
    seasons = {entry.season for entry in entries}
    return {
        "network": network,
        "entries": entries,
        "sites": tuple(dict.fromkeys(entry.site for entry in entries)),
        "name": names.pop() if len(names) == 1 else None,
        "period": periods.pop() if len(periods) == 1 else None,
        "season": seasons.pop() if len(seasons) == 1 else None,
        "step": step,
        "is_reminder": step is not None,
        "was_told": step in _TOLD_BEFORE,
        "needs_password": not all(entry.has_password or entry.account.has_login_methods for entry in entries),
    }


def write(services: Services, job: CampaignNotice, now: datetime) -> None:
    """Write to a job's families still due, once each, all in one mail.

    Raises `Unavailable`: when delivered again, the job checks whether its mail was sent.
    """
    reason = "stale" if job.is_stale(now) else _NoticeTask(services, job, now).write()
    if reason:
        services.record.write("campaign_dropped", now, job.request, campaign=job.campaign, reason=reason)


@frozen
class _NoticeContext:
    """The data that a job depends on, read at once."""

    campaign: Campaign
    periods: Periods
    accounts: tuple[Account, ...]
    enrolments: Mapping[AccountRef, Enrolment]  # for reminders only


@frozen
class _NoticeTask:
    """One job's work. Its claims bear its own mark."""

    services: Services
    job: CampaignNotice
    now: datetime
    writer: str = field(default_factory=new_writer)

    def write(self) -> str | None:
        """Claim the accounts, send the mail and note its outcome. Returns the reason if nothing was due."""
        context = self._load()
        if context is None or context.campaign.state != "running":
            return "stopped" if context else "unknown"
        if any(map(self._is_in_doubt, context.accounts)):
            return "in_doubt"  # claimed by another consumer: if that one died, the next run writes to the others
        try:
            accounts = self._claim(context)
            if accounts:
                self._send(context, accounts)
        except Unanswered as fault:
            self._mark_uncertain(accounts[0].ref, str(fault))
        except Unavailable:
            self._release(context)
            raise
        except Undeliverable:
            self._save_state(accounts, "bounced")
        else:
            self._save_state(accounts, "sent")
        return None if accounts else "not_due"

    def _load(self) -> _NoticeContext | None:
        services, job = self.services, self.job
        account_lookups = (services.accounts.lookup(AccountRef(*ref)) for ref in job.accounts)
        lookups: list[Lookup[Any]] = [services.campaigns.lookup(job.campaign), *account_lookups]
        campaign, *rows = services.database.read_together(*lookups)
        periods = services.periods.current(self.now, job.asked_at)
        accounts = tuple(account for account in rows if account)
        return _NoticeContext(campaign, periods, accounts, self._enrolments(campaign, periods)) if campaign else None

    def _enrolments(self, campaign: Campaign | None, periods: Periods) -> dict[AccountRef, Enrolment]:
        """Read the re-enrolments for a reminder: a family that has sent its own since is not reminded."""
        if campaign is None or campaign.step is None:
            return {}
        accounts = (AccountRef(*listed) for listed in self.job.accounts)
        refs = (EnrolmentRef(ref, season_of(periods.of(ref.site), self.now)) for ref in accounts)
        enrolments = self.services.database.read_together(*map(self.services.enrolments.lookup, refs))
        return {enrolment.ref.account: enrolment for enrolment in enrolments}

    @property
    def _doubts_before(self) -> datetime | None:
        return self.job.asked_at - IN_DOUBT_AFTER if self.job.again else None

    def _is_in_doubt(self, account: Account) -> bool:
        notice = account.notice_at(self.job.campaign, self.job.mailbox)
        if notice is None or notice.state != "sending":
            return False
        return self._doubts_before is None or notice.at >= self._doubts_before

    def _is_due(self, context: _NoticeContext, account: Account) -> bool:
        """Whether an account is still due a mail with content at this mailbox."""
        network = self.services.settings.network
        period = context.periods.of(account.ref.site)
        if network.site(account.ref.site) is None or period is None or period.state(self.now) == "after":
            return False
        if context.campaign.step in TO_ENROL and period.state(self.now) == "before":
            return False
        pseudonyms = self.services.record.pseudonyms
        audience = Audience(context.campaign, network.campaign.guardians, pseudonyms, self._doubts_before)
        return self.job.mailbox in audience.status(account, context.enrolments.get(account.ref))[1]

    def _claim(self, context: _NoticeContext) -> list[Account]:
        """Claim each account that is due. None if another consumer claimed the first."""
        due = [account for account in context.accounts if self._is_due(context, account)]
        accounts: list[Account] = []
        for account in due:
            notice = self._notice(other for other in due if other is not account)
            change = self.services.notices.claim(account, notice, partial(self._is_due, context))
            if change and change[0] is not change[1]:
                accounts.append(change[1])
            elif change and not accounts and self._is_in_doubt(change[0]):
                break
        return accounts

    def _notice(self, companions: Iterable[Account] = ()) -> Notice:
        refs = tuple((account.ref.site, account.ref.identifier) for account in companions)
        return Notice(self.job.campaign, self.job.mailbox, "sending", self.now, refs, self.writer)

    def _release(self, context: _NoticeContext) -> None:
        for account in context.accounts:
            self.services.notices.release(account, self._notice())

    def _send(self, context: _NoticeContext, accounts: list[Account]) -> None:
        services, job, lead = self.services, self.job, accounts[0]
        network, step = services.settings.network, context.campaign.step
        refs = [ref for account in accounts for ref in login_refs(account)]
        logins = {login.ref: login for login in (services.accounts.find_all(*refs) if refs else ()) if login}
        letter = NoticeLetter(network, context.periods, step, tuple(accounts), context.enrolments, logins)
        email = lead.mailbox(job.mailbox, services.record.pseudonyms) or ""
        services.mailer.send(letter.to(email, self.now), lead.ref, {"campaign": job.campaign, "mailbox": job.mailbox})

    def _save_state(self, accounts: list[Account], state: NoticeState) -> None:
        if not accounts:
            return
        lead, *rest = accounts
        outcome = DeliveryOutcome(self.job.campaign, self.job.mailbox, state, self.now)
        update = self.services.notices.update(lead.ref, (account.ref for account in rest), outcome, lead)
        self._record("campaign_mailed" if state == "sent" else "mailbox_failing", lead.ref)
        if update.is_stopped:
            self._record("campaign_stopped")

    def _mark_uncertain(self, lead: AccountRef, detail: str) -> None:
        """Mark a mail that may or may not have been sent: it is not sent again automatically."""
        self._record("campaign_uncertain", lead, detail)
        self.services.campaigns.count(self.job.campaign, "uncertain")
        if self.services.campaigns.stop_if_it_must(self.job.campaign):
            self._record("campaign_stopped")

    def _record(self, event: Event, account: AccountRef | None = None, detail: str = "") -> None:
        details = {"campaign": self.job.campaign} | ({"what": detail} if detail else {})
        self.services.record.write(event, self.now, self.job.request, account=account, address=None, **details)
