"""The office's tasks of the day at one site: decisions, failing mails, families that cannot log in.

Seven calls of DynamoDB a site, and the periods: the summaries of its families and re-enrolments, the tries at its
passwords, its pupils' absences, and the few whole families to name.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.disown import frozen_at
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.domain.account.spellings import plain_spelling
from chalicelib.domain.enrolment.enrolments import State
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, season_of
from chalicelib.domain.search.pupil_filter import PupilFilter
from chalicelib.domain.search.summaries import AccountSummary, EnrolmentSummary
from chalicelib.office.enrolment.reenrolments import PupilQuery
from chalicelib.office.teaching.unexcused import count_often_absent
from chalicelib.services.staff import StaffServices as Services
from chalicelib.settings.environment import Site
from chalicelib.stores.summary_index import account_summaries, enrolment_summaries
from chalicelib.values import frozen

LISTED: Final = 10  # families under one heading
UNUSED_AFTER: Final = timedelta(days=7)  # of the period, before families that never asked for a password are counted
_READ: Final = 60  # families with failed mails that are read: some failures are of addresses no longer on file
_TO_CHECK: Final[frozenset[State]] = frozenset({"submitted", "changed"})

StuckReason = Literal["waiting", "frozen"]


@frozen
class FailingFamily:
    """A family with failed mails, and its addresses that fail."""

    account: Account
    emails: tuple[str, ...]


@frozen
class StuckFamily:
    """A family that cannot log in: until when it waits after failed tries, or since when it is frozen."""

    account: Account
    reason: StuckReason
    at: datetime


@frozen
class SiteToday:
    """The tasks of one site. Of families, the first are named (`LISTED`), and all are counted.

    `to_check`: sent pupils with a file, not decided yet. `unused`: families that never asked for a password, from a
    week after the period opens until it ends, None otherwise.
    """

    site: Site
    season: str
    period: EnrolmentPeriod | None
    counts: Mapping[State, int]
    to_check: int
    failing: tuple[FailingFamily, ...]
    failing_count: int
    stuck: tuple[StuckFamily, ...]
    stuck_count: int
    unused: int | None
    often_absent: int  # pupils with several unexcused absences


def today_at(services: Services, sites: Iterable[Site], now: datetime) -> tuple[SiteToday, ...]:
    """Read the tasks of some sites."""
    periods = services.periods.read()
    return tuple(_site_today(services, site, periods.of(site.code), now) for site in sites)


def _site_today(services: Services, site: Site, period: EnrolmentPeriod | None, now: datetime) -> SiteToday:
    season = season_of(period, now)
    begun = {one.identifier: one for one in enrolment_summaries(services.enrolments, season, site.code)}
    families = sorted(account_summaries(services.accounts, site.code), key=lambda one: (one.name, one.identifier))
    failing = [family for family in families if family.is_failing and family.exclusion != "disabled"]
    stuck = _stuck(services, site.code, families, now)
    accounts = _read(services, [*failing[:_READ], *(family for family, _, _ in stuck[:LISTED])])
    failing_families = tuple(_failing(services, accounts[family.identifier]) for family in failing[:_READ])
    to_name = tuple(family for family in failing_families if family and family.emails)
    return SiteToday(
        site,
        season,
        period,
        *_pupils(services, families, begun, now),
        to_name[:LISTED],
        len(to_name) + max(0, len(failing) - _READ),
        tuple(_stuck_families(stuck[:LISTED], accounts)),
        len(stuck),
        _unused(families, period, now),
        count_often_absent(services, site.code, now),
    )


def _pupils(
    services: Services, families: Iterable[AccountSummary], enrolments: Mapping[str, EnrolmentSummary], now: datetime
) -> tuple[Counter[State], int]:
    """Count the pupils by state, and those with a file to check."""
    everybody, with_file = PupilFilter(), PupilQuery(documents="provided").filter(services, now)
    counts: Counter[State] = Counter()
    to_check = 0
    for family in families:
        begun = enrolments.get(family.identifier)
        counts.update(pupil.state for pupil in everybody.of_family(family, begun))
        if begun and any(begun.provided.values()):
            to_check += sum(pupil.state in _TO_CHECK for pupil in with_file.of_family(family, begun))
    return counts, to_check


def _stuck(
    services: Services, site: str, families: Sequence[AccountSummary], now: datetime
) -> list[tuple[AccountSummary, StuckReason, datetime | None]]:
    """Find the families that must wait or are frozen. Tries at unknown identifiers are ignored."""
    waits: dict[str, datetime] = {}
    for identifier, tries in services.attempts.at_site(site):
        until = LOGIN_OF_ACCOUNT.waits_until(tries, now)
        if until:
            waits[identifier] = max(until, waits.get(identifier, until))
    stuck: list[tuple[AccountSummary, StuckReason, datetime | None]] = []
    for family in families:
        own = (waits.get(plain_spelling(name)) for name in (family.identifier, *family.logins)) if waits else ()
        until = max(filter(None, own), default=None)
        if family.is_frozen:
            stuck.append((family, "frozen", None))
        elif until:
            stuck.append((family, "waiting", until))
    return stuck


def _read(services: Services, families: Iterable[AccountSummary]) -> dict[str, Account | None]:
    identifiers = list(dict.fromkeys((family.site, family.identifier) for family in families))
    refs = [AccountRef(*one) for one in identifiers]
    accounts = services.accounts.find_all(*refs) if refs else ()
    return {ref.identifier: account for ref, account in zip(refs, accounts, strict=True)}


def _failing(services: Services, account: Account | None) -> FailingFamily | None:
    """Find a family's addresses that are still on file and fail."""
    if account is None:
        return None
    pseudonyms = services.record.pseudonyms
    emails = (account.mailbox(failure.mailbox, pseudonyms) for failure in account.failing_mailboxes)
    return FailingFamily(account, tuple(filter(None, emails)))


def _stuck_families(
    stuck: Iterable[tuple[AccountSummary, StuckReason, datetime | None]], accounts: Mapping[str, Account | None]
) -> Iterator[StuckFamily]:
    for family, reason, until in stuck:
        account = accounts[family.identifier]
        at = until or (frozen_at(account) if account else None)
        if account and at:
            yield StuckFamily(account, reason, at)


def _unused(families: Iterable[AccountSummary], period: EnrolmentPeriod | None, now: datetime) -> int | None:
    if period is None or period.state(now) != "during" or period.state(now - UNUSED_AFTER) == "before":
        return None
    return sum(not family.is_activated and family.exclusion is None for family in families)
