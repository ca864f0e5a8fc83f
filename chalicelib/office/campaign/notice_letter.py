"""The notice as a letter: what it says to the families of one mailbox, all in one list."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.separation import as_addressed
from chalicelib.domain.campaign.funnel import TO_ENROL
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from chalicelib.domain.enrolment.paperwork import DueDocument, due_documents
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod, Periods
from chalicelib.domain.enrolment.separation import see_enrolment
from chalicelib.mail import letters
from chalicelib.settings.environment import Network, Site
from chalicelib.values import frozen

# The steps of the funnel at which a family was told before: a reminder says so.
_TOLD_BEFORE: Final = frozenset({"notified", "delivered", "password"})


@frozen
class NoticeEntry:
    """What the letter says of one account."""

    site: Site
    account: Account
    period: EnrolmentPeriod
    enrolment: Enrolment | None = None
    due: tuple[DueDocument, ...] = ()

    @property
    def season(self) -> str:
        """The season that is told of."""
        return str(self.period.opens_on.year)

    @property
    def has_password(self) -> bool:
        """Whether it logs in as it did before; a mailed password that was never used may have expired."""
        return self.account.password is not None

    @property
    def to_send(self) -> tuple[str, ...]:
        """The names of the pupils of which nothing was sent yet."""
        return tuple(name for name, file in self._files if file is None or file.sent is None)

    @property
    def to_complete(self) -> tuple[tuple[str, str], ...]:
        """The pupils of whom the office asked something, with its words."""
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
    """A notice, or a reminder to those who stand at a step, about some accounts of sites that announced a period."""

    network: Network
    periods: Periods
    step: str | None
    accounts: tuple[Account, ...] = field(repr=False)
    enrolments: Mapping[AccountRef, Enrolment] = field(default_factory=dict, repr=False)
    logins: Mapping[AccountRef, Account] = field(default_factory=dict, repr=False)  # the guardians' own

    def to(self, email: str, now: datetime) -> letters.Letter:
        """Fill it in for a mailbox."""
        entries = tuple(self._entry(account, self._addressed(account, email), now) for account in self.accounts)
        name = "awaited" if self.step in TO_ENROL else "notice"
        return letters.fill(name, email, now, facts_of(self.network, self.step, entries) | {"now": now})

    def _addressed(self, account: Account, email: str) -> Account:
        """Name the login that the address opens, and tell its password there from the others'."""
        addressed = as_addressed(account, email)
        own = self.logins.get(AccountRef(account.ref.site, addressed.view.login)) if addressed.view else None
        return replace(addressed, password=own.password) if own else addressed

    def _entry(self, account: Account, addressed: Account, now: datetime) -> NoticeEntry:
        site, period = self.network.site(account.ref.site), self.periods.of(account.ref.site)
        if site is None or period is None:
            raise ValueError("a notice tells the period of a site of the network")
        enrolment = self.enrolments.get(account.ref)
        seen = see_enrolment(enrolment, addressed) if enrolment else None
        return NoticeEntry(site, addressed, period, seen, self._due(account, enrolment, now))

    def _due(self, account: Account, enrolment: Enrolment | None, now: datetime) -> tuple[DueDocument, ...]:
        if enrolment is None or enrolment.started_at is None:
            return ()
        rules, today = self.network.enrolment.document_rules, now.astimezone(PARIS).date()
        return due_documents(rules, account.household.pupils_by_key, enrolment, today)


def facts_of(network: Network, step: str | None, entries: tuple[NoticeEntry, ...]) -> dict[str, object]:
    """List what the letter is filled with; the name, the period and the season where they are the same for all."""
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
        "needs_password": not all(entry.has_password for entry in entries),
    }
